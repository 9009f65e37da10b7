"""What is remembered about a person, as they meet it: in their settings, in the preview of a prompt, and in a chat."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.chat import Chat, Watch, request
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def switch(context: BrowserContext, *, on: bool) -> None:
    """With nothing remembered."""
    assert (await request(context, "PUT", "/api/memories", {"enabled": on})).ok
    assert (await request(context, "DELETE", "/api/memories", None)).ok


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def memory(context: BrowserContext) -> AsyncIterator[BrowserContext]:
    """Off before and after each test: others are the same person."""
    yield context
    await switch(context, on=False)


def section(page: Page) -> Locator:
    return page.get_by_role("region", name="Memory", exact=True)


def remembered(page: Page) -> Locator:
    return section(page).get_by_role("listitem")


async def test_it_is_switched_on_written_edited_and_deleted(chat: Chat) -> None:
    page = chat.page
    await page.goto("/settings/#memory")
    await expect(section(page).get_by_label("Something to remember")).to_have_count(0)
    await section(page).get_by_label("Remember facts about me").check()
    await section(page).get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Memory is on.")).to_be_visible()
    await section(page).get_by_label("Something to remember").fill("Works as a nurse.")
    await section(page).get_by_role("button", name="Add").press("Enter")
    await expect(remembered(page)).to_contain_text("Works as a nurse.")
    await expect(remembered(page)).to_contain_text("By you")
    assert await findings(page) == []

    await remembered(page).get_by_text("Edit", exact=True).press("Enter")
    await remembered(page).get_by_label("What is remembered").fill("Works as a doctor.")
    await remembered(page).get_by_role("button", name="Save").click()
    await expect(remembered(page)).to_contain_text("Works as a doctor.")

    await page.get_by_role("button", name="Preview").click()
    shown = page.get_by_role("region", name="The prompt")
    await expect(shown.locator(".remembered")).to_contain_text(re.compile(r"\d\. Works as a doctor\."))

    await remembered(page).get_by_role("button", name="Delete").click()
    await expect(section(page)).to_contain_text("Nothing yet.")
    await section(page).get_by_label("Remember facts about me").uncheck()
    await section(page).get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Memory is off.")).to_be_visible()


async def test_a_chat_says_what_it_remembers_the_next_is_told_and_it_is_undone(chat: Chat, watch: Watch) -> None:
    page = chat.page
    await switch(page.context, on=True)
    answer = await chat.ask("Zurich? /emulate tool-call")
    call = answer.locator(".memory-call")
    await expect(call).to_contain_text("Remembered: \u2068Zurich\u2069")
    assert await findings(page) == []
    session = await chat.session()
    await call.get_by_role("link", name="Memory").click()
    await expect(remembered(page)).to_contain_text("By the assistant")
    assert session in str(await remembered(page).get_by_role("link").get_attribute("href"))
    await page.goto("/admin/ai_studio/prompt/inspect/")
    await expect(page.locator(".from-memory", has_text=re.compile(r"\d\. Zurich")).first).to_be_visible()

    await page.goto(f"/c/{session}")
    await call.get_by_role("button", name="Undo").click()
    await expect(call.get_by_role("status")).to_have_text("Undone")
    # Whoever comes later is not told that it is there.
    await page.reload()
    await call.get_by_role("button", name="Undo").click()
    await expect(call.get_by_role("status")).to_have_text("Not remembered any more")
    assert len(watch.take("404")) == 1


async def test_on_a_phone_it_fits_and_fingers_hit_it(phone: Chat) -> None:
    page = phone.page
    await switch(page.context, on=True)
    await phone.message.fill("Zurich? /emulate tool-call")
    await phone.send_button.tap()
    await expect(page.locator(".memory-call")).to_contain_text("Zurich")
    assert await fits(phone)
    assert [one for one in await page.evaluate(TOO_SMALL) if "Undo" in one or "Memory" in one] == []
    await page.goto("/settings/#memory")
    await expect(remembered(page)).to_contain_text("Zurich")
    await remembered(page).get_by_text("Edit", exact=True).tap()
    await expect(remembered(page).get_by_label("What is remembered")).to_be_visible()
    assert await fits(phone)
    small = await section(page).evaluate(f"section => ({TOO_SMALL})().filter(Boolean)")
    assert [one for one in small if one.startswith(("SUMMARY", "BUTTON", "TEXTAREA"))] == []
