"""Scheduled prompts: their pages, and the chat that comes of one while somebody looks on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.chat import Chat, request
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def none_left(context: BrowserContext) -> AsyncIterator[None]:
    yield
    for schedule in (await (await context.request.get("/api/schedules")).json())["schedules"]:
        assert (await request(context, "DELETE", f"/api/schedules/{schedule['id']}", None)).ok


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


async def test_one_is_written_by_keyboard_and_asked_now(chat: Chat) -> None:
    page = chat.page
    await chat.open("/")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("Scheduled")
    await page.get_by_role("option", name="Scheduled prompts").wait_for()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="New scheduled prompt").press("Enter")
    await expect(page.get_by_label("Time zone")).to_have_value(
        await page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    )
    await page.get_by_label("Name").fill("Each morning")
    await page.get_by_label("What is asked").fill("What is new? /emulate tokens 20")
    assert await findings(page) == []
    await page.get_by_label("Saturday").check()
    await page.get_by_label("What is asked").press("Tab")
    await page.keyboard.press("ArrowRight")  # to the next of the three: once a month
    await expect(page.get_by_label("Saturday")).to_be_hidden()
    await page.get_by_label("Day of the month").fill("31")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(row(page, "Each morning")).to_contain_text("On day 31 of each month, 09:00")
    assert await findings(page) == []

    await row(page, "Each morning").get_by_role("button", name="Ask now").click()
    await expect(page.get_by_text("is asked within a few seconds")).to_be_visible()
    await chat.open("/")
    await chat.sessions.filter(has_text="Each morning").first.click(timeout=20_000)
    await expect(chat.questions).to_contain_text("What is new?")
    await expect(chat.answers.last.locator(".answer-foot")).to_be_in_viewport()
    await page.goto("/schedules/")
    await row(page, "Each morning").get_by_role("link", name="Go to the chat").click()
    await expect(chat.questions).to_contain_text("What is new?")


async def test_on_a_phone_in_the_dark_it_fits_and_is_switched_off(phone: Chat) -> None:
    page = phone.page
    each = {"name": "A name that is rather long for a small screen " * 2, "prompt": "What is new?"}
    when = {"at": "09:00", "zone": "America/Argentina/ComodRivadavia", "weekdays": [1, 3]}
    assert (await request(page.context, "POST", "/api/schedules", each | when)).ok
    await page.emulate_media(color_scheme="dark")
    await page.goto("/schedules/")
    assert await findings(page) == []
    assert await fits(phone)
    assert [one for one in await page.evaluate(TOO_SMALL) if one.startswith("BUTTON")] == []
    await page.get_by_role("button", name="Switch off").tap()
    await expect(page.get_by_role("listitem").first).to_contain_text("off")
    await page.get_by_role("link", name=each["name"].strip()).click()
    assert await findings(page) == []
    assert await fits(phone)
