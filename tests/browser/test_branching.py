"""The tree of a chat, by hand: edit, versions, other models, answers written anew, forks, ratings; and the queue."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.chat import ANSWERED, ENDLESS, Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def edit(chat: Chat, message: Locator, kind: str, text: str) -> None:
    """Opens the field of a message, writes, and saves by the keyboard."""
    field = message.get_by_role("textbox", name=f"Edit the {kind}")
    await field.fill(text)
    await field.press("Control+Enter")


async def versions(message: Locator, expected: str) -> None:
    await expect(message.locator(".branches")).to_contain_text(expected)


async def test_a_message_is_edited_and_both_versions_stay(chat: Chat, context: BrowserContext) -> None:
    await chat.ask("First. /emulate rate-0")
    await chat.ask("Second. /emulate rate-0")
    question = chat.questions.first
    await question.hover()
    await question.get_by_role("button", name="Edit message").click()
    await edit(chat, chat.page.locator("article.user-message").first, "message", "Otherwise. /emulate rate-0")
    await expect(chat.questions).to_have_count(1)
    await expect(chat.questions.first).to_contain_text("Otherwise.")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await versions(chat.questions.first, "2/2")

    other = Chat(await context.new_page())
    await other.open(f"/c/{await chat.session()}")
    await versions(other.questions.first, "2/2")
    await chat.questions.first.get_by_role("button", name="Previous version").click()
    for each in (chat, other):  # the other tab goes along
        await expect(each.questions).to_have_count(2)
        await expect(each.questions.first).to_contain_text("First.")
        await versions(each.questions.first, "1/2")
    await chat.page.reload()
    await versions(chat.questions.first, "1/2")
    await expect(chat.questions.nth(1)).to_contain_text("Second.")


async def test_an_edit_can_be_left_and_stops_nothing(chat: Chat) -> None:
    await chat.ask("First. /emulate rate-0")
    await chat.questions.first.hover()
    await chat.questions.first.get_by_role("button", name="Edit message").click()
    field = chat.page.get_by_role("textbox", name="Edit the message")
    await expect(field).to_be_focused()
    await field.fill("never mind")
    await field.press("Escape")
    await expect(field).to_have_count(0)
    await expect(chat.questions.first).to_contain_text("First.")
    await expect(chat.questions.first.locator(".branches")).to_have_count(0)


async def test_another_model_answers_beside_the_first(chat: Chat) -> None:
    answer = await chat.ask("Who are you? /emulate rate-0")
    await answer.get_by_role("button", name="Say what should be different").click()
    again = chat.page.get_by_role("group", name="Answer again with")
    await again.get_by_role("button", name=re.compile("^Echo")).click()
    await versions(chat.answers.first, "2/2")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.answers.first.get_by_role("button", name="Details of this answer")).to_contain_text("Echo")
    await expect(chat.chip("model")).not_to_contain_text("Echo")
    await chat.answers.first.get_by_role("button", name="Previous version").click()
    await versions(chat.answers.first, "1/2")
    await expect(chat.answers.first.get_by_role("button", name="Details of this answer")).not_to_contain_text("Echo")


async def test_an_answer_is_written_anew_and_marked(chat: Chat) -> None:
    answer = await chat.ask("Say something. /emulate rate-0")
    await answer.get_by_role("button", name="More").click()
    await chat.page.get_by_role("menuitem", name="Edit this answer").click()
    await edit(chat, chat.page.locator("article.answer"), "answer", "Only **this**.")
    await expect(chat.answers.first.locator(".prose strong")).to_have_text("this")
    await expect(chat.answers.first).to_contain_text("Edited by you, after ")
    await versions(chat.answers.first, "2/2")
    await chat.choose("model", "Echo")
    await chat.page.reload()
    await expect(chat.answers.first).to_contain_text("Edited by you, after ")
    assert (await chat.stored())[1]["parts"][1]["text"] == "Only **this**."


async def test_a_fork_goes_on_in_a_chat_of_its_own(chat: Chat) -> None:
    answer = await chat.ask("First. /emulate rate-0")
    await chat.ask("Second. /emulate rate-0")
    before = await chat.session()
    await answer.get_by_role("button", name="More").click()
    await chat.page.get_by_role("menuitem", name="New thread from here").click()
    await expect(chat.page).not_to_have_url(re.compile(before))
    await expect(chat.questions).to_have_count(1)
    await chat.ask("Third. /emulate rate-0")
    assert [message["role"] for message in await chat.stored()] == ["user", "assistant"] * 2
    await chat.page.go_back()
    await expect(chat.questions.nth(1)).to_contain_text("Second.")


async def test_a_bad_answer_gets_a_reason_that_stays(chat: Chat) -> None:
    answer = await chat.ask("Say something. /emulate rate-0")
    await answer.get_by_role("button", name="Bad answer").click()
    await chat.page.get_by_role("menuitem", name="Not complete").click()
    await expect(answer.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    await expect(chat.page.get_by_role("status").filter(has_text="Thank you.")).to_be_visible()
    await chat.page.reload()
    await expect(answer.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
    assert (await chat.stored())[1]["generation"]["feedback"] == {"rating": "down", "reason": "incomplete"}
    await answer.get_by_role("button", name="Good answer").click()
    await expect(answer.get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "false")


async def test_an_answer_is_copied_as_markdown_or_as_text(chat: Chat) -> None:
    answer = await chat.ask("Everything. /emulate showcase rate-0")
    for item, mark in (("Copy as Markdown", True), ("Copy as plain text", False)):
        await answer.get_by_role("button", name="More").click()
        await chat.page.get_by_role("menuitem", name=item).click()
        await expect(chat.page.get_by_role("status").filter(has_text="Copied as")).to_be_visible()
        copied = await chat.page.evaluate("navigator.clipboard.readText()")
        assert ("```" in copied) is mark


# --- The queue --------------------------------------------------------------------------------------------------------


async def test_a_message_waits_for_the_end_of_the_answer_and_outlives_a_reload(chat: Chat) -> None:
    await chat.send("First. /emulate tokens-120 rate-40")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    await chat.send("Second. /emulate rate-0")
    await chat.send("Third. /emulate rate-0")
    queue = chat.page.get_by_role("region", name="Queued messages")
    await expect(queue.get_by_role("listitem")).to_have_count(2)
    await expect(chat.message).to_have_value("")
    await chat.page.reload()
    await expect(queue.get_by_role("listitem").first).to_contain_text("Second.")
    await expect(chat.answers).to_have_count(3, timeout=ANSWERED)
    await expect(chat.answers.nth(2)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(queue).to_have_count(0)
    texts = [message["parts"][0]["text"].split(".")[0] for message in await chat.stored() if message["role"] == "user"]
    assert texts == ["First", "Second", "Third"]


async def test_what_waits_can_be_removed_edited_and_is_held_after_a_stop(chat: Chat) -> None:
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    for text in ("one", "two", "three /emulate rate-0"):
        await chat.send(text)
    queue = chat.page.get_by_role("region", name="Queued messages")
    await queue.get_by_role("button", name="Remove the queued message").first.click()
    await queue.get_by_role("button", name="Edit the queued message").first.click()
    await expect(chat.message).to_have_value("two")
    await chat.message.fill("")
    await chat.stop_button.click()
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped")
    await expect(queue).to_contain_text("The answer broke off")
    await expect(chat.questions).to_have_count(1)
    await queue.get_by_role("button", name="Send now").click()
    await expect(chat.questions.nth(1)).to_contain_text("three")
    await expect(queue).to_have_count(0)


async def test_what_can_not_wait_stops_the_answer_and_goes_first(chat: Chat) -> None:
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    await chat.send("one /emulate rate-0")
    await chat.send("two /emulate rate-0")
    queue = chat.page.get_by_role("region", name="Queued messages")
    await queue.get_by_role("button", name="Stop the answer and send this now").nth(1).click()
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped")
    # What had waited before it follows, as ever, when the answer to it has ended.
    await expect(chat.questions.nth(2)).to_contain_text("one", timeout=ANSWERED)
    await expect(chat.questions.nth(1)).to_contain_text("two")
    await expect(chat.answers.nth(2)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(queue).to_have_count(0)
