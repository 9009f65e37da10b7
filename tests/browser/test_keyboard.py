"""The composer and the page by keys: what was sent before, agents behind "@", the palette, the list of shortcuts."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_arrows_bring_back_what_was_sent(chat: Chat) -> None:
    await chat.ask("one /emulate rate-0")
    await chat.ask("two /emulate rate-0")
    for key, text in (("ArrowUp", "two"), ("ArrowUp", "one"), ("ArrowUp", "one"), ("ArrowDown", "two")):
        await chat.message.press(key)
        await expect(chat.message).to_have_value(f"{text} /emulate rate-0")
    await chat.message.press("ArrowDown")
    await expect(chat.message).to_have_value("")
    await chat.message.fill("my own")
    await chat.message.press("ArrowUp")
    await expect(chat.message).to_have_value("my own")


async def test_an_agent_is_chosen_by_its_name_after_an_at_sign(chat: Chat) -> None:
    await chat.message.press_sequentially("@cod")
    agents = chat.page.get_by_role("listbox", name="Agents")
    await expect(agents.get_by_role("option").first).to_contain_text(re.compile("code", re.IGNORECASE))
    await chat.message.press("Enter")
    await expect(chat.message).to_have_value("")
    await expect(chat.chip("agent")).to_contain_text(re.compile("code", re.IGNORECASE))
    await chat.message.press_sequentially("@")
    await chat.message.press("Escape")
    await expect(agents).to_have_count(0)
    await expect(chat.message).to_have_value("@")


async def test_the_palette_does_what_it_lists(chat: Chat) -> None:
    await chat.ask("Where do pelicans sleep? /emulate rate-0")
    first = await chat.session()
    await expect(chat.page.locator(f"[data-session='{first}']")).to_contain_text(re.compile("pelicans", re.IGNORECASE))
    palette = chat.page.get_by_role("dialog", name="Commands", exact=True)
    for wanted in ("New chat", "pelicans", "Echo"):
        await chat.page.keyboard.press("Control+k")
        await chat.page.get_by_role("combobox").fill(wanted)
        await chat.page.keyboard.press("Enter")
        await expect(palette).to_have_count(0)
        if wanted == "New chat":
            await expect(chat.page).to_have_url(re.compile(r"/$"))
    await expect(chat.page).to_have_url(re.compile(first))
    await expect(chat.chip("model")).to_contain_text("Echo")
    await chat.page.keyboard.press("Control+k")
    await expect(chat.page.get_by_role("combobox")).to_be_focused()
    await chat.page.keyboard.press("Escape")
    await expect(palette).to_have_count(0)


async def test_what_is_typed_right_after_the_key_of_the_palette_goes_there(chat: Chat) -> None:
    at_the_next_key = """async () => {
        const key = { key: "k", ctrlKey: true, bubbles: true, cancelable: true };
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));
        await new Promise((resolve) => setTimeout(resolve, 0));
        return document.activeElement.getAttribute("role");
    }"""
    assert await chat.page.evaluate(at_the_next_key) == "combobox"


async def test_the_list_of_shortcuts_and_the_key_that_sends(chat: Chat) -> None:
    await chat.message.blur()
    await chat.page.keyboard.press("?")
    sheet = chat.page.get_by_role("dialog", name="Keyboard shortcuts")
    async with chat.page.expect_response("**/api/preferences"):  # or the page may be served before it is stored
        await sheet.get_by_role("checkbox").check()
    await chat.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await chat.page.reload()
    await chat.message.fill("a line /emulate rate-0")
    await chat.message.press("Enter")
    await expect(chat.message).to_have_value("a line /emulate rate-0\n")
    await expect(chat.questions).to_have_count(0)
    await chat.message.press("Control+Enter")
    await expect(chat.questions).to_have_count(1)


async def test_the_gauge_says_how_full_the_context_is(chat: Chat) -> None:
    await chat.ask("Say something. /emulate rate-0")
    gauge = chat.page.locator(".gauge")
    await expect(gauge).to_have_attribute("aria-label", re.compile(r"About [\d,]+ of [\d,]+ tokens"))
    before = await gauge.get_attribute("aria-label")
    await chat.message.fill("many words " * 1000)
    await expect(gauge).not_to_have_attribute("aria-label", before or "")
