"""Where the thread is scrolled to: the reader decides."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.chat import ANSWERED, Chat, settled

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def top_of(thread: Locator) -> float:
    top: float = await thread.evaluate("node => node.scrollTop")
    return top


async def y_of(node: Locator) -> float:
    box = await node.bounding_box()
    assert box is not None
    return box["y"]


async def test_a_sent_message_comes_to_the_top_and_stays_while_its_answer_grows(chat: Chat) -> None:
    await chat.ask("First. /emulate tokens-300 rate-0")
    await chat.send("Second. /emulate tokens-300 rate-120")
    question = chat.questions.nth(1)
    await expect(chat.answers.nth(1).locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){20}"))
    at_top = await settled(question)  # it glides there
    assert at_top < 66
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert abs(await y_of(question) - at_top) < 2


async def test_at_the_end_the_page_goes_along_and_upwards_it_lets_go(chat: Chat) -> None:
    thread = chat.page.get_by_role("region", name="Conversation")
    await chat.send("/emulate tokens-900 rate-150")
    await expect(chat.page.get_by_role("button", name="Go to the latest message")).to_be_visible(timeout=ANSWERED)
    await chat.page.get_by_role("button", name="Go to the latest message").click()
    first = await top_of(thread)
    while await top_of(thread) < first + 60:
        assert await chat.answers.first.get_attribute("data-status") == "streaming", "it did not go along"
    box = await thread.bounding_box()
    assert box is not None
    await chat.page.mouse.move(box["x"] + 200, box["y"] + 200)
    await chat.page.mouse.wheel(0, -300)
    await expect(chat.page.get_by_role("button", name="Go to the latest message")).to_be_visible()
    await thread.evaluate("node => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    left = await top_of(thread)
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert abs(await top_of(thread) - left) < 2


async def test_a_chat_opens_at_its_end(chat: Chat) -> None:
    await chat.ask("/emulate tokens-900 rate-0")
    await chat.page.reload()
    await expect(chat.answers.first.locator(".answer-foot")).to_be_in_viewport()
