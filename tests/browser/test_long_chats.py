"""A chat of many pages: what is not on the screen is left out by the browser, and must be there all the same."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests import servers
from tests.browser.chat import Chat, settled

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TURNS = 80
MADE = """
from ai_studio.models import User
from chat.ids import new_id
from chat.models import Message, Session
user = User.objects.get(email="{email}")
session = Session.objects.create(id=new_id(), user=user, team=user.active_team, title="A long chat", is_title_chosen=True)
parent = None
for number in range(2 * {turns}):
    asks = number % 2 == 0
    text = f"Question {{number // 2}}." if asks else f"Answer {{number // 2}}.\\n\\n" + "It has some length. " * (10 + number)
    parent = Message.objects.create(
        id=new_id(), session=session, parent=parent, role="user" if asks else "assistant",
        parts=[{{"type": "text", "text": text}}], text=text)
session.leaf = parent
session.save(update_fields=["leaf"])
print("made", session.pk)
"""


@pytest.fixture(scope="module")
def long_chat(studio: servers.StudioServer) -> str:
    """The id of a chat of `TURNS` questions with answers, each longer than the one before."""
    said = studio.manage("shell", "-c", MADE.format(email=studio.admin_email, turns=TURNS))
    found = re.search(r"made (\S+)", said)
    assert found is not None
    return found[1]


class OlderPages:
    """Holds back what the page asks of older messages, until the test lets it come."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._held: list[Route] = []

    async def hold(self) -> None:
        async def keep(route: Route) -> None:
            self._held.append(route)

        await self._page.route("**/messages?*before=*", keep)

    @property
    def are_asked_for(self) -> bool:
        return bool(self._held)

    async def come(self) -> None:
        held, self._held = self._held, []
        for route in held:
            await route.continue_()


async def opened(chat: Chat, session: str) -> Locator:
    await chat.open(f"/c/{session}")
    await expect(chat.questions.last).to_contain_text(f"Question {TURNS - 1}.")
    return chat.page.get_by_role("region", name="Conversation")


async def read_all(chat: Chat) -> None:
    """Goes up as a reader does until the first question is there."""
    while await chat.questions.count() < TURNS:
        await chat.page.mouse.wheel(0, -4_000)
        await chat.page.wait_for_timeout(30)


async def in_the_middle(thread: Locator) -> str:
    """What is read in the middle of the screen."""
    read: str = await thread.evaluate(
        """(thread) => {
            const { left, top, width, height } = thread.getBoundingClientRect();
            return document.elementFromPoint(left + width / 2, top + height / 2).closest(".turn")?.textContent.slice(0, 30) ?? "";
        }"""
    )
    return read


WATCH = """(thread) => {
    const { left, top, width } = thread.getBoundingClientRect();
    const count = () => thread.querySelectorAll(".user-message").length;
    const frame = () => new Promise(requestAnimationFrame);
    const held = document.elementFromPoint(left + width / 2, top + 60);
    const y = () => held.getBoundingClientRect().top;
    const watched = async () => {
        const there = count(), begun = performance.now();
        let before = y(), moved = 0;
        while (count() === there && performance.now() - begun < 10_000) {
            before = y();
            await frame();
        }
        for (let frames = 0; frames < 40; frames++) {
            moved = Math.max(moved, Math.abs(y() - before));
            await frame();
        }
        return { came: count() - there, moved, connected: held.isConnected };
    };
    thread.watched = watched();
}"""


async def test_what_is_read_stays_where_it_is_while_older_pages_come(chat: Chat, long_chat: str) -> None:
    """Pages are asked for ahead of the reader, who goes up step by step; what they read moves by their own steps alone."""
    thread = await opened(chat, long_chat)
    await thread.hover()
    older = OlderPages(chat.page)
    await older.hold()
    pages = 0
    for _ in range(200):
        there = await chat.questions.count()
        await chat.page.mouse.wheel(0, -400)
        await chat.page.wait_for_timeout(100)
        if older.are_asked_for:
            await thread.evaluate(WATCH)
            await chat.page.wait_for_timeout(300)  # the reader's own last step is over by then
            await older.come()
            steady = await thread.evaluate("(thread) => thread.watched")
            assert steady["came"] > 0
            assert steady["connected"]
            assert steady["moved"] < 2, f"after {there} questions"
            pages += 1
        if pages == 5:
            return
    raise AssertionError("no more pages were asked for")


async def test_home_end_and_what_is_far_away(chat: Chat, long_chat: str) -> None:
    thread = await opened(chat, long_chat)
    await thread.hover()
    await read_all(chat)
    await thread.focus()
    await chat.page.keyboard.press("End")
    await expect(chat.answers.last.locator(".prose")).to_be_in_viewport()
    await settled(chat.answers.last)
    assert await thread.evaluate("(it) => it.scrollHeight - it.clientHeight - it.scrollTop") < 2
    await chat.page.keyboard.press("Home")
    await expect(chat.questions.first).to_be_in_viewport()
    await settled(chat.questions.first)
    assert await thread.evaluate("(it) => it.scrollTop") < 2
    # The browser's search finds what the browser has left out of drawing, and what is found can be gone to.
    assert await chat.page.evaluate("window.find('Question 71.', true, false, true)")
    await chat.page.evaluate("getSelection().anchorNode.parentElement.scrollIntoView()")
    await expect(chat.questions.nth(71)).to_be_in_viewport()
    # A screen reader finds all of it.
    await expect(chat.page.get_by_role("heading", name="You")).to_have_count(TURNS)
    selected = await chat.page.evaluate(
        """() => {
            const asked = document.querySelectorAll(".user-message p");
            getSelection().setBaseAndExtent(asked[2], 0, asked[40], 1);
            return getSelection().toString();
        }"""
    )
    assert [words for words in ("Question 2.", "Answer 20.", "Question 40.") if words not in selected] == []


async def test_a_message_of_an_older_page_is_gone_to(chat: Chat, long_chat: str) -> None:
    await opened(chat, long_chat)
    messages = (await (await chat.page.request.get(f"/api/sessions/{long_chat}/messages?limit=200")).json())["messages"]
    aimed = messages[6]
    await chat.page.goto("about:blank")
    await chat.open(f"/c/{long_chat}#{aimed['id']}")
    question = chat.page.locator(f"[data-message='{aimed['id']}']")
    await expect(question).to_be_in_viewport()
    await expect(question).to_be_focused()
    assert await settled(question) < 130
    assert await in_the_middle(chat.page.get_by_role("region", name="Conversation")) != ""


async def test_a_long_chat_that_was_left_is_opened_again_at_its_end_and_read_on(chat: Chat, long_chat: str) -> None:
    thread = await opened(chat, long_chat)
    await thread.hover()
    await read_all(chat)
    await chat.page.get_by_role("button", name="New chat").first.click()
    await expect(chat.questions).to_have_count(0)
    await chat.page.go_back()
    await expect(chat.answers.last.locator(".answer-foot")).to_be_in_viewport()
    assert await chat.questions.count() < TURNS
    await thread.hover()
    await read_all(chat)
    await expect(chat.questions.first).to_contain_text("Question 0.")
