"""Dictation. The recogniser is the browser's, and headless Chromium's has no microphone: one that the test speaks through stands in for it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.chat import ANSWERED, ENDLESS, Chat
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

RECOGNISER = """
window.webkitSpeechRecognition = undefined;
window.SpeechRecognition = class extends EventTarget {
  start() { window.ear = this; }
  stop() { this.dispatchEvent(new Event("end")); }
  hear(said) {
    const results = said.map(([transcript, isFinal]) => ({ 0: { transcript }, isFinal }));
    this.dispatchEvent(Object.assign(new Event("result"), { resultIndex: 0, results }));
  }
};
"""


async def apart(one: Locator, other: Locator) -> None:
    """Neither lies on the other."""
    a, b = await one.bounding_box(), await other.bounding_box()
    assert a is not None
    assert b is not None
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    assert beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


async def test_what_is_said_is_shown_and_goes_to_the_caret_once_it_is_certain(chat: Chat) -> None:
    await chat.page.add_init_script(RECOGNISER)
    await chat.page.reload()
    button = chat.page.get_by_role("button", name="Dictate")
    await chat.message.fill("Dear Ada,")
    await button.click()
    await expect(button).to_have_attribute("aria-pressed", "true")
    heard = chat.page.locator(".heard")
    await expect(heard).to_have_text("Listening…")
    await apart(button, chat.page.get_by_role("button", name="Add files"))
    await apart(heard, chat.message)
    assert await chat.page.evaluate("[ear.lang, ear.continuous, ear.interimResults]") == ["en", True, True]
    await chat.page.evaluate("ear.hear([['the first', false]])")
    await expect(heard).to_have_text("the first")
    await expect(chat.message).to_have_value("Dear Ada,")
    assert await findings(chat.page) == []
    await chat.page.evaluate("ear.hear([['the first words', true], [' and', false]])")
    await expect(chat.message).to_have_value("Dear Ada, the first words")
    await expect(heard).to_have_text("and")
    await chat.page.keyboard.press("Escape")
    await expect(button).to_have_attribute("aria-pressed", "false")
    await expect(heard).to_have_count(0)


async def test_escape_ends_dictation_and_not_the_answer(chat: Chat) -> None:
    await chat.page.add_init_script(RECOGNISER)
    await chat.page.reload()
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"), timeout=ANSWERED)
    await chat.page.get_by_role("button", name="Dictate").click()
    await expect(chat.page.locator(".heard")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.locator(".heard")).to_have_count(0)
    await expect(chat.stop_button).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped")


async def test_a_microphone_that_is_refused_is_said(chat: Chat) -> None:
    await chat.page.add_init_script(RECOGNISER)
    await chat.page.reload()
    await chat.page.get_by_role("button", name="Dictate").click()
    await expect(chat.page.locator(".heard")).to_be_visible()
    await chat.page.evaluate(
        "ear.dispatchEvent(Object.assign(new Event('error'), { error: 'not-allowed' })); ear.dispatchEvent(new Event('end'))"
    )
    await expect(
        chat.page.get_by_role("status").filter(has_text="does not let this page use the microphone")
    ).to_be_visible()
    await expect(chat.page.locator(".heard")).to_have_count(0)


async def test_where_the_browser_recognises_no_speech_there_is_no_button(context: BrowserContext, chat: Chat) -> None:
    await chat.page.add_init_script("window.webkitSpeechRecognition = undefined; window.SpeechRecognition = undefined;")
    await chat.page.reload()
    await expect(chat.page.get_by_role("button", name="Add files")).to_be_visible()
    await expect(chat.page.get_by_role("button", name="Dictate")).to_have_count(0)
