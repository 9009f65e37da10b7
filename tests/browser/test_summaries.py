"""A chat that outgrows its model: the row that says where it is summarised, which comes by itself and stays."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.chat import ANSWERED, Chat, request
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LABEL = "Earlier messages are summarised here for the model"


async def outgrow(chat: Chat) -> Locator:
    """Says more than seven tenths of what the model can read, by REST, while the page looks on: the row that comes of it."""
    await chat.message.fill("Tell me about walruses")
    await chat.send_button.click()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    for word in ("boats", "birds", "clouds"):
        await say(chat, word)
    return chat.page.locator("details.summarised")


async def say(chat: Chat, word: str) -> None:
    """A quarter of what the model can read."""
    message = {"role": "user", "content": f"Think of {word}. /emulate tokens-3 rate-0 {'x' * 95_000}"}
    submission = {"chatSessionId": await chat.session(), "messages": [message]}
    sent = await request(chat.page.context, "POST", "/api/chat/stream", submission)
    assert '"type":"finish"' in await sent.text()


async def test_a_row_comes_by_itself_opens_and_is_there_after_a_reload(chat: Chat) -> None:
    row = await outgrow(chat)
    await expect(row).to_have_count(1)
    await expect(row.locator("summary")).to_have_text(LABEL)
    await expect(row.locator(".prose")).to_be_hidden()
    await row.locator("summary").press("Enter")
    await expect(row.locator(".prose")).to_contain_text("walruses")
    await expect(row).to_contain_text("written by Story")
    await chat.page.reload()
    await expect(row.locator("summary")).to_have_text(LABEL)
    # It ends with an answer: what is read in full begins with the next question.
    stored = await chat.stored()
    covered = next(message for message in stored if message["summary"])
    assert await row.evaluate("row => row.previousElementSibling.dataset.message") == covered["id"]


async def test_the_details_of_an_answer_say_that_its_model_read_a_summary(chat: Chat) -> None:
    row = await outgrow(chat)
    await expect(row).to_have_count(1)
    await say(chat, "rivers")
    answer = chat.answers.last
    await answer.get_by_role("button", name="Details of this answer").click()
    await expect(chat.page.get_by_role("dialog")).to_contain_text("read as a summary")


async def test_it_is_legible_in_light_and_dark(looked_at: Chat) -> None:
    await looked_at.open()
    row = await outgrow(looked_at)
    await row.locator("summary").click()
    assert await findings(looked_at.page) == []


async def test_a_finger_hits_it_and_it_fits_a_phone(phone: Chat) -> None:
    row = await outgrow(phone)
    await row.locator("summary").tap()
    await expect(row.locator(".prose")).to_be_visible()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
