"""Threads: a step aside from an answer, and the way there and back, in every tab."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.chat import ANSWERED, Chat, request
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def step_aside(chat: Chat, answer: Locator) -> str:
    """The id of the thread, which is on the screen then."""
    before = chat.page.url
    await answer.get_by_role("button", name="More").click()
    await chat.page.get_by_role("menuitem", name="New thread from here").click()
    await expect(chat.page).not_to_have_url(before)
    await expect(chat.message).to_be_focused()
    return await chat.session()


def way_back(chat: Chat) -> Locator:
    return chat.page.get_by_role("link", name=re.compile("^From: "))


async def test_a_thread_is_found_at_its_answer_in_two_tabs_and_leads_back_to_it(
    chat: Chat, context: BrowserContext
) -> None:
    answer = await chat.ask("First. /emulate rate-0")
    await chat.ask("Second. /emulate rate-0")
    session = await chat.session()
    other = Chat(await context.new_page())
    await other.open(f"/c/{session}")
    await expect(other.answers).to_have_count(2)
    await expect(other.page.locator(".threads")).to_have_count(0)

    thread = await step_aside(chat, answer)
    await expect(other.answers.first.get_by_role("button", name="1 thread")).to_be_visible()
    await chat.ask("Aside. /emulate rate-0")
    await expect(chat.questions).to_have_count(2)
    await expect(chat.answers.first.locator(".threads")).to_contain_text("From: ")
    await expect(chat.answers.nth(1).locator(".threads")).to_have_count(0)
    await expect(chat.page.locator(f"[data-session='{thread}'] .thread-title")).to_be_visible()

    assert (await request(context, "PATCH", f"/api/sessions/{thread}", {"title": "An aside"})).ok
    await other.answers.first.get_by_role("button", name="1 thread").click()
    await other.page.get_by_role("menuitem", name="An aside").click()
    await expect(other.questions.nth(1)).to_contain_text("Aside.")

    await way_back(chat).click()
    await expect(chat.page).to_have_url(re.compile(f"/c/{session}#"))
    await expect(chat.answers.first).to_be_focused()
    await expect(chat.questions.nth(1)).to_contain_text("Second.")
    again = await step_aside(chat, chat.answers.first)
    await way_back(chat).click()
    await expect(chat.answers.first.get_by_role("button", name="2 threads")).to_be_visible()
    await chat.page.reload()
    await expect(chat.answers.first.get_by_role("button", name="2 threads")).to_be_visible()

    await chat.answers.first.get_by_role("button", name="2 threads").click()
    await other.do(other.page.locator(f"[data-session='{again}']"), "Delete")
    await expect(chat.page.get_by_role("menuitem")).to_have_count(1)
    await expect(chat.answers.first.get_by_role("button", name="1 thread")).to_be_visible()


async def test_an_origin_that_is_deleted_elsewhere_is_no_longer_named(chat: Chat, context: BrowserContext) -> None:
    answer = await chat.ask("First. /emulate rate-0")
    session = await chat.session()
    await step_aside(chat, answer)
    await expect(way_back(chat)).to_be_visible()
    other = Chat(await context.new_page())
    await other.open(f"/c/{session}")
    await other.do(other.page.locator(f"[data-session='{session}']"), "Delete")
    await expect(way_back(chat)).to_have_count(0)
    await chat.page.reload()
    await expect(chat.answers).to_have_count(1)
    await expect(way_back(chat)).to_have_count(0)


async def test_both_sides_are_free_of_what_axe_finds(looked_at: Chat) -> None:
    await looked_at.open()
    answer = await looked_at.ask("First. /emulate rate-0")
    await step_aside(looked_at, answer)
    await expect(way_back(looked_at)).to_be_visible()
    assert await findings(looked_at.page) == []
    await way_back(looked_at).click()
    await looked_at.page.get_by_role("button", name="1 thread").click()
    await expect(looked_at.page.get_by_role("menuitem")).to_be_focused()
    assert await findings(looked_at.page) == []


async def test_both_ways_are_there_for_a_finger(phone: Chat) -> None:
    await phone.message.fill("First. /emulate rate-0")
    await phone.send_button.tap()
    answer = phone.answers.first
    await expect(answer).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    before = phone.page.url
    await answer.get_by_role("button", name="More").tap()
    await phone.page.get_by_role("menuitem", name="New thread from here").tap()
    await expect(phone.page).not_to_have_url(before)
    assert await phone.page.evaluate(TOO_SMALL) == []
    assert await fits(phone)
    await way_back(phone).tap()
    await phone.page.get_by_role("button", name="1 thread").tap()
    await expect(phone.page.get_by_role("menuitem")).to_be_visible()
    assert await phone.page.evaluate(TOO_SMALL) == []
    assert await fits(phone)
