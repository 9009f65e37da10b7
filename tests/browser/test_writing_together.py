"""One lets a colleague write in a chat: each sees what the other sends and what is answered, until they leave or are taken out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect

from tests import servers
from tests.browser.chat import ANSWERED, Chat, Watch, as_at_first, request, sign_in
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOB = "bob@example.com"
GONE = "Failed to load resource.*404"
"""Chromium says that what was asked for, of a chat that is gone, is not there."""


@pytest_asyncio.fixture(loop_scope="session")
async def guest(browser: Browser, studio: servers.StudioServer) -> AsyncIterator[Chat]:
    """The page of a colleague, with a new chat on it."""
    context = await browser.new_context(base_url=studio.base_url, viewport={"width": 1280, "height": 820})
    watch = Watch(context, studio.base_url)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page, BOB, studio.admin_password)
    await as_at_first(context)
    chat = Chat(page)
    await chat.open()
    yield chat
    watch.take(GONE)
    assert watch.reports == []
    await context.close()


def row(chat: Chat, session: str) -> Locator:
    return chat.page.locator(f".session[data-session='{session}']")


def people(chat: Chat) -> Locator:
    return chat.page.get_by_role("dialog", name="People in this chat")


async def let_in(chat: Chat, name: str = "Bob") -> str:
    """Begins a chat in which a colleague writes as well."""
    await chat.ask("Ada begins. /emulate rate-0")
    session = await chat.session()
    await chat.do(row(chat, session), "Write together…")
    dialog = people(chat)
    await dialog.get_by_role("button", name="Add a colleague").click()
    await dialog.get_by_role("combobox").fill(name.lower())
    await dialog.get_by_role("combobox").press("Enter")
    await expect(dialog.get_by_role("listitem").filter(has_text=name)).to_have_count(1)
    await expect(dialog.get_by_role("button", name="Add a colleague")).to_be_focused()
    await chat.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    return session


async def entries(chat: Chat, session: str) -> list[str]:
    await row(chat, session).hover()
    await row(chat, session).get_by_role("button", name=re.compile("^Options of")).click()
    shown = await chat.page.get_by_role("menuitem").all_inner_texts()
    await chat.page.keyboard.press("Escape")
    return shown


async def names(chat: Chat) -> list[str]:
    """Who wrote each message, as its heading says it."""
    return await chat.questions.get_by_role("heading").all_inner_texts()


async def test_what_either_sends_and_what_is_answered_is_there_for_both(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await expect(row(chat, session).get_by_role("img", name="Others write in it too")).to_be_visible()
    await expect(row(guest, session).get_by_role("img", name="Shared with you")).to_be_visible()
    await row(guest, session).get_by_role("link").click()
    await expect(guest.answers).to_have_count(1)
    await expect(guest.questions.first.get_by_role("heading")).to_be_visible()
    await expect(guest.questions.first.get_by_role("heading")).not_to_have_text(re.compile("^(You|Owner)$"))

    await guest.send("Bob asks. /emulate tokens-300 rate-100")
    answer = chat.answers.nth(1)
    await expect(answer).to_contain_text("a")
    await expect(chat.questions.nth(1)).to_contain_text("Bob asks.")
    await expect(chat.page.get_by_role("log")).to_contain_text("Bob: Bob asks.")
    for one in (chat, guest):
        await expect(one.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert await chat.text(chat.answers.nth(1)) == await guest.text(guest.answers.nth(1))
    assert await names(chat) == ["You", "Bob"]
    [owner, own] = await names(guest)
    assert own == "You"

    await chat.ask("Ada again. /emulate rate-0")
    await expect(guest.questions).to_have_count(3)
    assert await names(guest) == [owner, "You", owner]
    for one in (chat, guest):
        await one.page.reload()
        await expect(one.answers).to_have_count(3)
    await expect(guest.questions.first.get_by_role("heading")).to_have_text(owner)
    assert await names(chat) == ["You", "Bob", "You"]
    assert await findings(guest.page) == []


async def test_the_arrows_bring_back_only_what_oneself_has_sent(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await row(guest, session).get_by_role("link").click()
    await guest.ask("Bob asks. /emulate rate-0")
    await chat.ask("Ada again. /emulate rate-0")
    await expect(guest.questions).to_have_count(3)
    await expect(guest.answers.nth(2)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await guest.message.press("ArrowUp")
    await expect(guest.message).to_have_value("Bob asks. /emulate rate-0")
    await guest.message.press("ArrowUp")
    await expect(guest.message).to_have_value("Bob asks. /emulate rate-0")
    await guest.message.fill("")
    for text in ("Ada again. /emulate rate-0", "Ada begins. /emulate rate-0"):
        await chat.message.press("ArrowUp")
        await expect(chat.message).to_have_value(text)
    await chat.message.fill("")


async def test_a_guest_edits_the_owner_s_message_as_a_branch_of_their_own(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await row(guest, session).get_by_role("link").click()
    await guest.questions.first.hover()
    await guest.questions.first.get_by_role("button", name="Edit message").click()
    field = guest.page.get_by_role("textbox", name="Edit the message")
    await field.fill("Bob says it otherwise. /emulate rate-0")
    await field.press("Control+Enter")
    for one in (chat, guest):
        await expect(one.questions.first).to_contain_text("Bob says it otherwise.")
        await expect(one.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
        await expect(one.questions.first.get_by_role("group", name="Version 2 of 2")).to_be_visible()
    assert await names(chat) == ["Bob"]
    assert await names(guest) == ["You"]


async def test_what_is_the_owner_s_alone_is_not_offered_to_a_guest(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await expect(row(guest, session)).to_be_visible()
    own = await entries(chat, session)
    assert {"Rename", "Pin", "Share…", "Write together…", "Archive", "Delete"} <= set(own)
    assert await entries(guest, session) == [
        "Write together…",
        "Export as Markdown",
        "Export as JSON",
        "Print…",
        "Leave this chat…",
    ]
    await row(guest, session).get_by_role("link").dblclick()
    await expect(guest.page.get_by_role("textbox", name="Title")).to_have_count(0)
    await guest.do(row(guest, session), "Write together…")
    await expect(people(guest).get_by_role("listitem")).to_have_count(2)
    await expect(people(guest).get_by_role("button", name=re.compile("^(Take|Add)"))).to_have_count(0)
    assert await findings(guest.page) == []
    await guest.page.keyboard.press("Escape")
    await guest.page.get_by_role("button", name="Options of the list").click()
    await guest.page.get_by_role("menuitem", name="Select chats").click()
    await expect(row(guest, session).get_by_role("checkbox")).to_be_disabled()
    await guest.page.get_by_role("button", name="All", exact=True).click()
    await expect(row(guest, session).get_by_role("checkbox")).not_to_be_checked()
    await guest.page.get_by_role("button", name="Done choosing").click()


async def test_a_guest_leaves(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await row(guest, session).get_by_role("link").click()
    await guest.ask("Bob asks. /emulate rate-0")
    await guest.do(row(guest, session), "Leave this chat…")
    dialog = guest.page.get_by_role("dialog", name="Leave this chat?")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(row(guest, session)).to_have_count(1)
    await guest.do(row(guest, session), "Write together…")
    await people(guest).get_by_role("button", name="Leave this chat…").click()
    await dialog.get_by_role("button", name="Leave", exact=True).click()
    await expect(row(guest, session)).to_have_count(0)
    await expect(guest.page).to_have_url(re.compile("/$"))
    await expect(guest.page.get_by_text("You have left the chat.")).to_be_visible()
    await expect(row(chat, session).get_by_role("img", name="Others write in it too")).to_have_count(0)
    # What they wrote is still theirs.
    assert await names(chat) == ["You", "Bob"]


async def test_one_who_is_taken_out_is_told_so(chat: Chat, guest: Chat) -> None:
    session = await let_in(chat)
    await row(guest, session).get_by_role("link").click()
    await expect(guest.answers).to_have_count(1)
    await chat.do(row(chat, session), "Write together…")
    assert await findings(chat.page) == []
    await people(chat).get_by_role("button", name="Take Bob out").click()
    await expect(people(chat).get_by_role("listitem")).to_have_count(1)
    await expect(guest.page.get_by_role("heading", name="You can't open this chat any more")).to_be_visible()
    await expect(row(guest, session)).to_have_count(0)
    await expect(row(chat, session).get_by_role("img", name="Others write in it too")).to_have_count(0)
    refused: Any = await request(guest.page.context, "GET", f"/api/sessions/{session}", None)
    assert refused.status == 404
    await guest.page.get_by_role("button", name="Start a new chat").click()
    await guest.ask("On my own. /emulate rate-0")
