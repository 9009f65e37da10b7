"""A phone, and no mouse."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.chat import ANSWERED, Chat
from tests.browser.looking import TOO_SMALL, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_phone_shows_everything_within_its_width(phone: Chat) -> None:
    await phone.message.fill("All of it. /emulate showcase rate-0")
    await phone.send_button.tap()
    await expect(phone.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert await fits(phone)
    widths = await phone.page.locator(".block").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().right)"
    )
    assert max(widths) <= 390
    await phone.chip("model").tap()
    await expect(phone.page.get_by_role("combobox")).to_be_visible()
    assert await fits(phone)


async def test_on_glass_enter_makes_a_line_and_the_button_sends(phone: Chat) -> None:
    await phone.message.fill("one")
    await phone.message.press("Enter")
    await expect(phone.message).to_have_value("one\n")
    await expect(phone.questions).to_have_count(0)


HEIGHTS = """(field) => {
    const shown = field.offsetHeight;
    field.style.fieldSizing = "fixed";
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
    const measured = field.offsetHeight;
    field.style.height = field.style.fieldSizing = "";
    return [shown, measured, Number.parseFloat(getComputedStyle(field).lineHeight)];
}"""
"""As the style makes it, as a script would that measures, and a line."""


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_field_is_as_high_as_its_text_and_no_higher_than_it_may(chat: Chat, width: int) -> None:
    await chat.page.set_viewport_size({"width": width, "height": 820})
    lines = {}
    for name, text in {"empty": "", "one": "One", "long": "word " * 80, "lines": "a\n" * 4, "most": "a\n" * 60}.items():
        await chat.message.fill(text)
        shown, measured, line = await chat.message.evaluate(HEIGHTS)
        assert shown == measured, name
        assert await chat.message.evaluate("(field) => field.style.height") == ""  # nothing has been measured
        lines[name] = round(shown / line, 1)
    assert lines["empty"] == lines["one"]
    assert lines["lines"] - lines["one"] == pytest.approx(4, abs=0.2)
    assert lines["one"] < lines["long"]
    assert lines["lines"] < lines["most"] < 20


async def test_the_list_is_a_drawer(phone: Chat) -> None:
    await expect(phone.page.locator("#sidebar")).to_be_hidden()
    await phone.page.get_by_role("button", name="Open the list of chats").tap()
    await expect(phone.page.locator("#sidebar")).to_be_in_viewport()
    await phone.page.locator(".session a").first.tap()
    await expect(phone.page.locator("#sidebar")).to_be_hidden()
    await phone.page.get_by_role("button", name="Open the list of chats").tap()
    await phone.page.keyboard.press("Escape")
    await expect(phone.page.locator("#sidebar")).to_be_hidden()


async def test_what_is_touched_is_large_enough(phone: Chat) -> None:
    await phone.message.fill("All of it. /emulate showcase reasoning-10 rate-0")
    await phone.send_button.tap()
    await expect(phone.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert await phone.page.evaluate(TOO_SMALL) == []
    await phone.page.get_by_role("button", name="Open the list of chats").tap()
    await expect(phone.page.locator("#sidebar")).to_be_in_viewport()
    assert await phone.page.evaluate(TOO_SMALL) == []


async def test_everything_goes_without_a_mouse(chat: Chat) -> None:
    page = chat.page
    await expect(chat.message).to_be_focused()
    skip = page.get_by_role("link", name="Go to the message field")
    await skip.focus()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(chat.message).to_be_focused()
    await page.keyboard.type("One. /emulate rate-0")
    await page.keyboard.press("Enter")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Add files")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Dictate")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(chat.chip("agent")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("combobox")).to_be_focused()  # one types when one sees where
    await page.keyboard.type("Echo")
    await page.keyboard.press("Enter")
    await expect(chat.transitions).to_have_count(1)

    await page.keyboard.press("/")
    await expect(chat.message).to_be_focused()
    await page.keyboard.press("Control+Shift+O")
    await expect(page).to_have_url(re.compile("/$"))
    await expect(chat.message).to_be_focused()


async def test_the_focus_is_seen(chat: Chat) -> None:
    await chat.message.blur()
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Tab")
    outline = await chat.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


async def test_sentences_are_announced_not_tokens(chat: Chat) -> None:
    news = chat.page.get_by_role("log")
    await chat.send("/emulate tokens-120 rate-60")
    await expect(news).to_contain_text("The answer begins.")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(news).to_contain_text("Answer complete.")
    assert 2 < await news.locator("p").count() <= 8


async def test_the_look_is_switched_and_kept_from_the_first_paint_on(chat: Chat) -> None:
    root = chat.page.locator("html")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = await chat.page.evaluate(paper)
    # The server writes the next page: it must have heard of it.
    async with chat.page.expect_response("**/api/preferences"):
        await chat.page.get_by_role("button", name="Dark look").click()
    await expect(root).to_have_attribute("data-theme", "dark")
    dark = await chat.page.evaluate(paper)
    assert dark != light
    # On a page without the chat's program too: the little script in the head does it.
    await chat.page.goto("/settings/")
    assert await chat.page.evaluate(paper) == dark
    await chat.open()
    await chat.page.get_by_role("button", name="Light look").click()
    await expect(root).to_have_css("background-color", light)
