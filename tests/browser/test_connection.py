"""A socket that is lost, cut or lossy: nothing of the answer is, and nothing comes twice."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute, expect

from tests.browser.chat import ANSWERED, ENDLESS, Chat, Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Wire:
    """Stands between the page and the server's socket."""

    def __init__(self) -> None:
        self.sockets: list[tuple[WebSocketRoute, WebSocketRoute]] = []
        self.sent: list[dict[str, Any]] = []
        self.drop: set[int] = set()
        """The numbers of the `parts` frames, counted over all sockets, that get lost."""
        self.parts = 0
        self.is_cut = False

    async def install(self, page: Page) -> None:
        await page.route_web_socket(re.compile("/ws/chat"), self._opened)

    async def _opened(self, browser: WebSocketRoute) -> None:
        if self.is_cut:
            await browser.close(code=1012)
            return
        server = browser.connect_to_server()
        self.sockets.append((browser, server))

        def from_page(frame: str | bytes) -> None:
            self.sent.append(json.loads(frame))
            server.send(frame)

        def from_server(frame: str | bytes) -> None:
            if json.loads(frame)["type"] == "parts":
                self.parts += 1
                if self.parts in self.drop:
                    return
            browser.send(frame)

        browser.on_message(from_page)
        server.on_message(from_server)

    async def cut(self) -> None:
        """Closes what is open and refuses what comes."""
        self.is_cut = True
        for browser, server in self.sockets:
            await server.close()
            await browser.close(code=1012)
        self.sockets.clear()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.sent if frame["type"] == kind]


async def opened(context: BrowserContext, wire: Wire) -> Chat:
    page = await context.new_page()
    await wire.install(page)
    chat = Chat(page)
    await chat.open()
    return chat


async def shows_what_is_stored(chat: Chat) -> None:
    stored = (await chat.stored())[-1]["parts"][-1]["text"]
    shown = await chat.text(chat.answers.last)
    assert "".join(shown.split()) == "".join(stored.split())


async def test_an_answer_goes_on_after_the_connection_was_lost(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.send("/emulate tokens-200 rate-60")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){10}"))
    await wire.cut()
    await expect(chat.banner).to_have_text("Reconnecting… the answer goes on on the server.")
    await expect(chat.answers.first.locator(".problem")).to_have_count(0)
    wire.is_cut = False
    await expect(chat.banner).to_have_count(0)
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await shows_what_is_stored(chat)
    assert wire.of("subscribe")[-1]["after"] > 0, "it asked for the rest, not for everything"


async def test_an_answer_that_ended_meanwhile_is_there_afterwards(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.send("/emulate tokens-60 rate-60")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){5}"))
    await wire.cut()
    while (await chat.stored())[-1]["generation"]["status"] != "completed":
        await asyncio.sleep(0.05)
    wire.is_cut = False
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.answers.first.locator(".problem")).to_have_count(0)
    await shows_what_is_stored(chat)


async def test_frames_that_get_lost_are_asked_for_again(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    wire.drop = {3, 4, 11, 20}
    chat = await opened(context, wire)
    await chat.ask("/emulate tokens-150 rate-100")
    await shows_what_is_stored(chat)
    assert len(wire.of("subscribe")) >= 2
    assert len(wire.of("subscribe")) < 12, "one gap asked many times"


async def test_a_message_sent_without_a_connection_arrives_once(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.ask("First. /emulate rate-0")
    await wire.cut()
    await expect(chat.banner).to_be_visible()
    await chat.send("Second. /emulate rate-0")
    await expect(chat.questions.nth(1)).to_have_attribute("data-delivery", "sending")
    await expect(chat.page.get_by_text("Waiting for the connection. Your message is kept.")).to_be_visible()
    wire.is_cut = False
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert [message["role"] for message in await chat.stored()] == ["user", "assistant"] * 2


async def test_a_message_that_a_reload_caught_on_its_way_arrives_once(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.ask("First. /emulate rate-0")
    await wire.cut()
    await expect(chat.banner).to_be_visible()
    await chat.send("Second. /emulate rate-0")
    await expect(chat.questions.nth(1)).to_have_attribute("data-delivery", "sending")
    await chat.page.reload()
    await expect(chat.questions.nth(1)).to_contain_text("Second.")
    wire.is_cut = False
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert [message["role"] for message in await chat.stored()] == ["user", "assistant"] * 2


async def test_a_command_that_is_answered_twice_is_done_once(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.send("/emulate tokens-100 rate-60")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    send = wire.of("send")[0]
    for _, server in wire.sockets:
        server.send(json.dumps(send))
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.questions).to_have_count(1)
    await shows_what_is_stored(chat)


async def test_a_stop_without_a_connection_is_carried_out_later(context: BrowserContext, watch: object) -> None:
    wire = Wire()
    chat = await opened(context, wire)
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    await wire.cut()
    await expect(chat.banner).to_be_visible()
    await chat.stop_button.click()
    seen = await chat.text(chat.answers.first)
    wire.is_cut = False
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped", timeout=ANSWERED)
    assert await chat.text(chat.answers.first) == seen


async def test_lists_that_could_not_be_read_are_read_again(chat: Chat, watch: Watch) -> None:
    await chat.ask("A chat for the list. /emulate rate-0")
    session = await chat.session()
    fails = {"sessions": 2, "folders": 1, "studio": 2}

    async def fail(route: Route) -> None:
        what = route.request.url.rsplit("/", 1)[-1]
        fails[what] -= 1
        await (route.abort() if fails[what] >= 0 else route.continue_())

    await chat.page.route(re.compile("/api/(sessions|folders|studio)$"), fail)
    await chat.page.goto("/")
    await expect(chat.page.locator(f".session[data-session='{session}']")).to_be_visible()
    await expect(chat.chip("model")).not_to_have_text("No model")
    assert all(left < 0 for left in fails.values())
    watch.take("ERR_FAILED")
