"""The table of a team's models by hand: dragged into another order, taken out, and put back."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.chat import Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def drag_below(row: Locator, other: Locator) -> None:
    mouse = row.page.mouse
    handle, target = await row.locator("[x-sort\\:handle]").bounding_box(), await other.bounding_box()
    assert handle is not None
    assert target is not None
    x, end = handle["x"] + 10, target["y"] + target["height"]
    await mouse.move(x, handle["y"] + 10)
    await mouse.down()
    for y in (handle["y"] + 20, end - 15, end - 8):  # what sorts looks at each move
        await mouse.move(x, y, steps=6)
    await mouse.up()


async def save(page: Page, rows: Locator) -> None:
    async with page.expect_navigation():  # the page before may say that it was saved too
        await page.get_by_role("button", name="Save and continue editing").click()
    await expect(page.get_by_text("was changed successfully")).to_be_visible()
    await page.locator("#tabs-items").get_by_text("Models").click()
    await expect(rows.last).to_be_visible()


async def test_models_are_dragged_taken_out_and_put_back(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.set_viewport_size({"width": 1280, "height": 1100})
    await page.goto("/admin/ai_studio/team/?q=Research")
    await page.locator("#result_list tbody a").first.click()
    await page.locator("#tabs-items").get_by_text("Models").click()
    rows = page.locator("#team_models-data tbody.form-group.original")
    names = rows.locator(".field-model a")
    await expect(rows.last).to_be_visible()
    before = await names.all_inner_texts()
    dragged = [*before[:-2], before[-1], before[-2]]
    await drag_below(rows.nth(len(before) - 2), rows.last)
    await expect(names).to_have_text(dragged)
    await save(page, rows)
    await expect(names).to_have_text(dragged)
    # Taken out, it says so and can come back.
    undo = rows.last.get_by_text("Click to cancel")
    await expect(undo).to_be_hidden()
    await rows.last.locator("td.delete label").click()
    await expect(rows.last.get_by_text("This item will be deleted.")).to_be_visible()
    await undo.click()
    await expect(undo).to_be_hidden()
    await drag_below(rows.nth(len(before) - 2), rows.last)
    await save(page, rows)
    await expect(names).to_have_text(before)
