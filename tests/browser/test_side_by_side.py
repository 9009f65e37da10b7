"""Several models side by side: asked at once, written in columns, there again after a reload, one of them chosen."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.chat import ANSWERED, Chat
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUICK = "Tell me. /emulate tokens 40 rate-0"
LONG = "Tell me more. /emulate tokens 400 rate 60"


def also(chat: Chat, name: str) -> Locator:
    """What adds a model to those asked; by its whole name, for other models may end in it."""
    return chat.page.get_by_title(f"Ask {name} as well, side by side", exact=True)


async def compare(chat: Chat, *names: str) -> None:
    await chat.chip("model").click()
    for name in names:
        await also(chat, name).click()
    await chat.page.keyboard.press("Escape")
    compared = chat.page.get_by_role("group", name="Models that answer side by side")
    for name in names:
        await expect(compared).to_contain_text(name)


def columns(chat: Chat) -> Locator:
    return chat.page.locator(".column")


def column(chat: Chat, name: str) -> Locator:
    return chat.page.get_by_role("region", name=name, exact=True)


async def all_ended(chat: Chat, count: int, status: str = "completed") -> None:
    for index in range(count):
        answer = columns(chat).nth(index).locator("article.answer")
        await expect(answer).to_have_attribute("data-status", status, timeout=ANSWERED)


async def test_three_models_answer_and_one_is_chosen(chat: Chat) -> None:
    await compare(chat, "Echo", "Thinker")
    await chat.send(QUICK)
    await all_ended(chat, 3)
    names = await columns(chat).locator("h3").all_inner_texts()
    assert names == ["Story", "Echo", "Thinker"]
    await expect(column(chat, "Story")).to_contain_text("The chat goes on with this one")
    await column(chat, "Echo").get_by_role("button", name="Go on with the answer of Echo").click()
    await expect(column(chat, "Echo")).to_contain_text("The chat goes on with this one")
    echoed = (await chat.stored())[-1]["generation"]["model"]["name"]
    assert echoed == "Echo"
    await chat.send("And then? /emulate tokens 10 rate-0")
    await expect(columns(chat)).to_have_count(0)
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.page.get_by_role("group", name="Version 2 of 3")).to_be_visible()
    models = [message["generation"]["model"]["name"] for message in await chat.stored() if message["generation"]]
    assert models == ["Echo", "Story"], "asked of one again: the choice ended the comparison"


async def test_a_reload_in_the_middle_loses_nothing_of_any(chat: Chat) -> None:
    await compare(chat, "Thinker", "Echo")
    await chat.send(LONG)
    for name in ("Story", "Thinker", "Echo"):
        await expect(column(chat, name).locator(".prose").last).to_be_visible()
    before = [len(text) for text in await columns(chat).all_inner_texts()]
    await chat.page.reload()
    await expect(columns(chat)).to_have_count(3)
    compared = chat.page.get_by_role("group", name="Models that answer side by side")
    for name in ("Thinker", "Echo"):
        await expect(compared).to_contain_text(name)
    after = [len(text) for text in await columns(chat).all_inner_texts()]
    assert all(size > 0 for size in before + after)
    await all_ended(chat, 3)
    stored = {message["id"]: message for message in await chat.stored()}
    answer = next(one for one in stored.values() if one["role"] == "assistant")
    page = await (await chat.page.request.get(f"/api/sessions/{await chat.session()}/messages")).json()
    for message in (answer, *page["beside"]):
        text = "".join(part["text"] for part in message["parts"] if part["type"] == "text")
        shown = await chat.page.locator(f"[data-message='{message['id']}'] .prose").all_inner_texts()
        assert re.sub(r"\W", "", "".join(shown)) == re.sub(r"\W", "", text)


async def test_another_tab_sees_them_too_and_stops_all(chat: Chat, context: BrowserContext) -> None:
    await chat.ask("First. /emulate tokens 5 rate-0")
    other = Chat(await context.new_page())
    await other.open(f"/c/{await chat.session()}")
    await expect(other.answers).to_have_count(1)
    await compare(chat, "Echo")
    await chat.send(LONG)
    await expect(columns(other)).to_have_count(2)
    await expect(columns(other).nth(1).locator(".prose")).to_be_visible()
    await other.stop_button.click()
    await all_ended(other, 2, "stopped")
    await all_ended(chat, 2, "stopped")
    for index in range(2):
        there = await columns(other).nth(index).locator(".prose").inner_text()
        assert there == await columns(chat).nth(index).locator(".prose").inner_text()


async def test_one_is_stopped_by_itself_and_asked_again_in_its_place(chat: Chat) -> None:
    await compare(chat, "Echo")
    await chat.send(LONG)
    await expect(column(chat, "Echo").locator(".prose")).to_be_visible()
    await column(chat, "Echo").get_by_role("button", name="Stop Echo").click()
    await expect(column(chat, "Echo").locator("article")).to_have_attribute("data-status", "stopped")
    await expect(column(chat, "Story").locator("article")).to_have_attribute("data-status", "streaming")
    await column(chat, "Echo").get_by_role("button", name="Continue").click()
    await all_ended(chat, 2)
    assert await columns(chat).locator("h3").all_inner_texts() == ["Story", "Echo"]


async def test_what_fails_has_its_card_in_its_column(chat: Chat) -> None:
    await compare(chat, "Echo")
    await chat.send("Hello. /emulate error 400")
    await all_ended(chat, 2, "failed")
    for index in range(2):
        await expect(columns(chat).nth(index).locator(".problem")).to_be_visible()
    assert await fits(chat)
    await (
        columns(chat)
        .first.get_by_role("button", name="Try again")
        .or_(columns(chat).first.get_by_role("button", name="Answer again"))
        .first.click()
    )
    await all_ended(chat, 2, "failed")
    await expect(columns(chat)).to_have_count(2)


async def test_another_model_is_asked_beside_an_answer_and_rated(chat: Chat) -> None:
    await chat.ask(QUICK)
    await chat.page.get_by_role("button", name="More", exact=True).click()
    heading = chat.page.get_by_text("Ask another model beside")
    await expect(heading).to_be_visible()
    beside = chat.page.get_by_role("group", name="Ask another model beside")
    await beside.get_by_role("menuitem", name=re.compile("^Echo")).click()
    await all_ended(chat, 2)
    await column(chat, "Echo").get_by_role("button", name="Good answer").click()
    await expect(column(chat, "Echo").get_by_role("button", name="Good answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    await chat.page.reload()
    await expect(columns(chat)).to_have_count(2)
    await expect(column(chat, "Echo").get_by_role("button", name="Good answer")).to_have_attribute(
        "aria-pressed", "true"
    )


async def test_by_keyboard_alone(chat: Chat) -> None:
    await chat.message.fill("+ech")
    await chat.page.keyboard.press("Enter")
    compared = chat.page.get_by_role("group", name="Models that answer side by side")
    await expect(compared).to_contain_text("Echo")
    await chat.chip("model").focus()
    await chat.page.keyboard.press("Enter")
    await chat.page.get_by_role("combobox").fill("Thinker")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.page.keyboard.press("Escape")
    await expect(compared).to_contain_text("Thinker")
    await chat.send(LONG)
    await expect(columns(chat)).to_have_count(3)
    await expect(columns(chat).nth(2).locator("article")).to_have_attribute("data-status", "streaming")
    await chat.page.keyboard.press("Escape")
    await all_ended(chat, 3, "stopped")
    choose = chat.page.get_by_role("button", name="Go on with the answer of Thinker")
    await choose.focus()
    await chat.page.keyboard.press("Enter")
    await expect(chat.message).to_be_focused()
    await expect(column(chat, "Thinker")).to_contain_text("The chat goes on with this one")
    await expect(compared).to_have_count(0)


async def test_a_message_of_plus_one_is_a_message(chat: Chat) -> None:
    await chat.ask("+1")
    await expect(chat.questions).to_contain_text("+1")


async def test_on_a_phone_one_swipes_from_answer_to_answer(phone: Chat) -> None:
    await compare(phone, "Echo", "Thinker")
    await phone.message.fill(QUICK)
    await phone.send_button.click()
    await all_ended(phone, 3)
    assert await fits(phone)
    inside = await phone.page.locator(".columns").evaluate("node => node.scrollWidth > node.clientWidth")
    assert inside, "the other answers are beyond the edge"
    await column(phone, "Thinker").get_by_role("button", name="Go on with the answer of Thinker").click()
    await expect(column(phone, "Thinker")).to_contain_text("The chat goes on with this one")
    assert await phone.page.evaluate(TOO_SMALL) == []


async def test_it_is_accessible_in_both_schemes(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.chip("model").click()
    await also(looked_at, "Echo").click()
    assert await findings(looked_at.page) == []
    await looked_at.page.keyboard.press("Escape")
    await looked_at.send(QUICK)
    await all_ended(looked_at, 2)
    await asyncio.sleep(0.3)
    assert await findings(looked_at.page) == []


async def test_answers_are_merged_into_one(chat: Chat) -> None:
    page = chat.page
    await compare(chat, "Echo")
    await chat.send(QUICK)
    await all_ended(chat, 2)
    await page.get_by_role("button", name="Merge into one").click()
    await expect(columns(chat)).to_have_count(0)
    answer = chat.answers.last
    await expect(answer).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.answers).to_have_count(1)
    stored = (await chat.stored())[-1]["generation"]
    assert [one["model"] for one in stored["merged_from"]] == ["Story", "Echo"]
    await page.reload()
    await expect(page.get_by_role("group", name="Version 3 of 3")).to_be_visible()
    await page.get_by_role("button", name="Details of this answer").click()
    await expect(page.get_by_role("dialog").locator("div", has_text="Merged from").last).to_contain_text("Story, Echo")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Previous version").click()
    await expect(columns(chat)).to_have_count(2)
    assert await fits(chat)
    await page.get_by_role("button", name="Next version").click()
    await expect(columns(chat)).to_have_count(0)
    await chat.ask("And then? /emulate tokens 10 rate-0")
    assert not (await chat.stored())[-1]["generation"]["merged_from"]
