"""Answered again, and differently: by words of one's own, by what is wanted most often, by another model; and who merges."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.chat import ANSWERED, Chat
from tests.browser.looking import TOO_SMALL, findings, fits
from tests.browser.test_side_by_side import QUICK, all_ended, columns, compare

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def opener(chat: Chat) -> Locator:
    return chat.answers.last.get_by_role("button", name="Say what should be different")


def card(chat: Chat) -> Locator:
    return chat.page.get_by_role("dialog", name="Answer again")


def field(chat: Chat) -> Locator:
    return card(chat).get_by_role("textbox", name="Say what should be different")


async def answered_again(chat: Chat, version: str) -> None:
    await expect(card(chat)).to_have_count(0)
    await expect(chat.page.get_by_role("group", name=f"Version {version}")).to_be_visible()
    await expect(chat.answers.last).to_have_attribute("data-status", "completed", timeout=ANSWERED)


async def wanted(chat: Chat) -> str | None:
    said: str | None = (await chat.stored())[-1]["generation"]["guidance"]
    return said


async def details(chat: Chat, label: str) -> Locator:
    await chat.answers.last.get_by_role("button", name="Details of this answer").click()
    return chat.page.get_by_role("dialog", name="Details of this answer").locator("div", has_text=label).last


async def test_in_words_of_one_s_own_by_keyboard_alone(chat: Chat) -> None:
    await chat.ask(QUICK)
    keyboard = chat.page.keyboard
    await opener(chat).focus()
    await keyboard.press("Enter")
    await expect(field(chat)).to_be_focused()
    await keyboard.press("Enter")
    await expect(card(chat)).to_be_visible()  # nothing is said yet
    await keyboard.type("As a poem")
    await keyboard.press("Escape")
    await expect(card(chat)).to_have_count(0)
    await expect(opener(chat)).to_be_focused()
    await keyboard.press("Enter")
    await expect(field(chat)).to_have_value("As a poem")
    await keyboard.press("End")
    await keyboard.press("Shift+Enter")
    await keyboard.type("please.")
    await keyboard.press("ArrowUp")  # within the words
    await keyboard.press("End")
    await keyboard.type(",")
    await expect(field(chat)).to_have_value("As a poem,\nplease.")
    await keyboard.press("Enter")
    await answered_again(chat, "2 of 2")
    await expect(chat.message).to_be_focused()
    assert await wanted(chat) == "As a poem,\nplease."
    await expect(await details(chat, "What should be different")).to_contain_text("As a poem, please.")
    await keyboard.press("Escape")
    await chat.page.reload()
    await expect(await details(chat, "What should be different")).to_contain_text("As a poem, please.")


async def test_what_is_wanted_most_often_is_one_press_away(chat: Chat) -> None:
    await chat.ask(QUICK)
    await opener(chat).click()
    await chat.page.keyboard.press("ArrowDown")
    await expect(card(chat).get_by_role("button", name="Shorter")).to_be_focused()
    await card(chat).get_by_role("button", name="Simpler").click()
    await answered_again(chat, "2 of 2")
    assert await wanted(chat) == "Say it in simpler words."
    await chat.answers.last.get_by_role("button", name="Answer again").click()
    await answered_again(chat, "3 of 3")
    assert await wanted(chat) is None
    await chat.page.keyboard.press("Control+k")
    await chat.page.get_by_role("combobox").fill("again shorter")
    await chat.page.keyboard.press("Enter")
    await answered_again(chat, "4 of 4")
    assert await wanted(chat) == "Make it shorter."


async def test_another_model_gets_the_words_too_and_what_failed_keeps_them(chat: Chat) -> None:
    await chat.ask("Tell me. /emulate error 400", status="failed")
    await opener(chat).click()
    await field(chat).fill("In one line")
    await (
        card(chat).get_by_role("group", name="Like this, with").get_by_role("button", name=re.compile("^Echo")).click()
    )
    await expect(chat.page.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    await expect(chat.answers.last).to_have_attribute("data-status", "failed", timeout=ANSWERED)
    stored = (await chat.stored())[-1]["generation"]
    assert (stored["model"]["name"], stored["guidance"]) == ("Echo", "In one line")
    retry = chat.problems.get_by_role("button", name="Try again").or_(chat.problems.get_by_role("button", name="Ask "))
    await retry.first.click()
    await expect(chat.page.get_by_role("group", name="Version 3 of 3")).to_be_visible()
    assert await wanted(chat) == "In one line"


async def test_of_answers_side_by_side_one_is_asked_again_in_its_place(chat: Chat) -> None:
    await compare(chat, "Echo")
    await chat.send(QUICK)
    await all_ended(chat, 2)
    echo = columns(chat).last.locator("[data-message]")
    before = str(await echo.get_attribute("data-message"))
    await columns(chat).last.get_by_role("button", name="Say what should be different").click()
    await field(chat).fill("Louder")
    await chat.page.keyboard.press("Enter")
    await expect(echo).not_to_have_attribute("data-message", before)
    await all_ended(chat, 2)
    page = await (await chat.page.request.get(f"/api/sessions/{await chat.session()}/messages")).json()
    wanted_of = {message["id"]: message["generation"]["guidance"] for message in page["beside"]}
    assert wanted_of == {before: None, await echo.get_attribute("data-message"): "Louder"}


async def test_one_chooses_which_model_merges(chat: Chat) -> None:
    await compare(chat, "Echo")
    await chat.send(QUICK)
    await all_ended(chat, 2)
    await chat.page.get_by_role("button", name="Choose the model that writes it").click()
    models = chat.page.get_by_role("group", name="Merge into one, written by")
    await expect(models.get_by_role("menuitem").first).to_be_focused()
    await models.get_by_role("menuitem", name="Thinker").click()
    await expect(columns(chat)).to_have_count(0)
    await expect(chat.answers.last).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    stored = (await chat.stored())[-1]["generation"]
    assert stored["model"]["name"] == "Thinker"
    assert [one["model"] for one in stored["merged_from"]] == ["Story", "Echo"]


async def test_on_a_phone_it_fits_and_no_keyboard_comes_unasked(phone: Chat) -> None:
    await phone.message.fill(QUICK)
    await phone.send_button.tap()
    await expect(phone.answers.last).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await opener(phone).tap()
    await expect(card(phone).get_by_role("button", name="Shorter")).to_be_focused()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    box = await card(phone).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    await card(phone).get_by_role("button", name="Shorter").tap()
    await answered_again(phone, "2 of 2")
    assert await fits(phone)


async def test_it_is_accessible_in_both_schemes(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.ask(QUICK)
    await opener(looked_at).click()
    await field(looked_at).fill("Shorter, please")
    await asyncio.sleep(0.3)  # colours change over some frames
    assert await findings(looked_at.page) == []
