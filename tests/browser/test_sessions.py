"""The list of chats: live, renamed, deleted, long."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests.browser.chat import ANSWERED, Chat, Watch, settled

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_chat_is_renamed_in_its_place_and_everywhere(chat: Chat, context: BrowserContext) -> None:
    await chat.ask("One. /emulate rate-0")
    row = chat.page.locator(f"[data-session='{await chat.session()}']")
    other = Chat(await context.new_page())
    await other.open("/")
    await chat.do(row, "Rename")
    field = chat.page.get_by_role("textbox", name="Title")
    await expect(field).to_be_focused()
    await field.fill("  A better name ")
    await field.press("Enter")
    await expect(row).to_contain_text("A better name")
    await expect(other.page.locator(f"[data-session='{await chat.session()}']")).to_contain_text("A better name")
    await chat.page.reload()
    await expect(row).to_contain_text("A better name")


async def test_escape_leaves_the_name_as_it_was(chat: Chat) -> None:
    await chat.ask("One. /emulate rate-0")
    row = chat.page.locator(f"[data-session='{await chat.session()}']")
    field = chat.page.get_by_role("textbox", name="Title")
    for title, key in (("This one", "Enter"), ("Not this", "Escape")):
        await row.locator("a").dblclick()
        await field.fill(title)
        await field.press(key)
    await expect(row.locator(".session-title")).to_have_text("This one")


async def test_a_deleted_chat_can_be_brought_back_for_a_while(chat: Chat) -> None:
    await chat.ask("One. /emulate rate-0")
    row = chat.page.locator(f"[data-session='{await chat.session()}']")
    await chat.do(row, "Delete")
    await expect(row).to_have_count(0)
    await expect(chat.page).to_have_url(re.compile("/$"))
    await chat.page.get_by_role("button", name="Undo").click()
    await expect(row).to_have_count(1)
    await row.locator("a").click()
    await expect(chat.answers).to_have_count(1)


async def test_a_deleted_chat_is_gone_in_every_tab_and_comes_back_in_every_tab(
    chat: Chat, context: BrowserContext
) -> None:
    await chat.ask("One. /emulate rate-0")
    session = await chat.session()
    other = Chat(await context.new_page())
    await other.open("/")
    rows = [one.page.locator(f"[data-session='{session}']") for one in (chat, other)]
    await expect(rows[1]).to_have_count(1)
    await chat.do(rows[0], "Delete")
    for row in rows:
        await expect(row).to_have_count(0)
    assert (await context.request.get(f"/api/sessions/{session}")).status == 404
    await chat.page.reload()  # the notice is gone with it
    await chat.page.get_by_role("button", name="Options of the list").click()
    await chat.page.get_by_role("menuitem", name="Recently deleted").click()
    await chat.page.get_by_role("dialog").get_by_role("button", name="Bring back").first.click()
    for row in rows:
        await expect(row).to_have_count(1)


async def test_an_answer_that_is_written_elsewhere_shows_in_the_list(chat: Chat) -> None:
    await chat.send("One. /emulate tokens-300 rate-40")
    session = await chat.session()
    row = chat.page.locator(f"[data-session='{session}']")
    await expect(row.get_by_role("img", name="An answer is being written")).to_be_visible()
    await chat.page.get_by_role("button", name="New chat").first.click()
    await expect(row.get_by_role("img", name="New answer")).to_be_visible(timeout=ANSWERED)
    await row.locator("a").click()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed")
    await expect(row.get_by_role("img")).to_have_count(0)


async def test_going_to_another_chat_in_the_middle_of_an_answer_mixes_nothing(chat: Chat) -> None:
    await chat.ask("Quiet. /emulate rate-0")
    quiet = await chat.session()
    await chat.page.get_by_role("button", name="New chat").first.click()
    await chat.send("Loud. /emulate tokens-120 rate-60")
    loud = await chat.session()
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    await chat.page.locator(f"[data-session='{quiet}'] a").click()
    await expect(chat.questions).to_have_count(1)
    await expect(chat.questions).to_contain_text("Quiet.")
    await expect(chat.answers).to_have_count(1)
    await chat.page.locator(f"[data-session='{loud}'] a").click()
    await expect(chat.questions).to_contain_text("Loud.")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    stored = (await chat.stored())[-1]["parts"][-1]["text"]
    assert "".join((await chat.text(chat.answers.first)).split()) == "".join(stored.split())


async def test_older_messages_come_as_the_reader_goes_up_and_nothing_jumps(chat: Chat, watch: Watch) -> None:
    await chat.ask("Message 0. /emulate rate-0")
    session = await chat.session()
    token = next(cookie for cookie in await chat.page.context.cookies() if cookie["name"] == "csrftoken")
    for number in range(1, 45):
        answer = await chat.page.request.post(
            "/api/chat/stream",
            data={
                "chatSessionId": session,
                "messages": [{"role": "user", "content": f"Message {number}. /emulate rate-0"}],
            },
            headers={"X-CSRFToken": str(token["value"])},
        )
        assert answer.ok
    may_come = asyncio.Event()
    asked: list[str] = []

    async def hold(route: Route) -> None:
        await may_come.wait()
        asked.append(route.request.url)
        # The first time it fails; the reader stays where they are.
        await (route.abort() if len(asked) == 1 else route.continue_())

    await chat.page.route("**/messages?before=*", hold)
    await chat.page.reload()
    thread = chat.page.get_by_role("region", name="Conversation")
    await expect(chat.questions.last).to_contain_text("Message 44.")
    await expect(chat.questions.last).to_be_in_viewport()
    await expect(chat.questions).to_have_count(25)
    mark = chat.questions.filter(has_text="Message 22.")
    await mark.scroll_into_view_if_needed()
    before = await settled(mark)
    may_come.set()
    await expect(chat.questions).to_have_count(35, timeout=ANSWERED)
    assert asked == [asked[0]] * 2
    assert len(watch.take("Failed to load resource")) == 1
    assert abs(before - await settled(mark)) < 4
    await thread.press("Home")
    await expect(chat.questions.first).to_contain_text("Message 0.")
    await expect(chat.page.get_by_role("button", name="Go to the latest message")).to_be_visible()
    await chat.page.get_by_role("button", name="Go to the latest message").click()
    await expect(chat.questions.last).to_be_in_viewport()
