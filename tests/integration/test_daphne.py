"""The doors as the product serves them: Daphne, the sign-in form, real sockets, and the emulator behind it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from ai_studio.emulator import testing as emulated
from ai_studio.ids import new_id
from chat.parts import fold
from tests.integration.sse_client import text_of
from tests.integration.ui_stream import Part, check_order, parts_of
from tests.servers import StudioServer

TIMEOUT = 30.0
FORM_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
async def browser(studio: StudioServer) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in through the form; sends its CSRF token with everything."""
    async with httpx.AsyncClient(base_url=studio.base_url, timeout=TIMEOUT, follow_redirects=True) as client:
        page = await client.get("/accounts/login/")
        found = FORM_FIELD.search(page.text)
        assert found is not None
        form = {"login": studio.admin_email, "password": studio.admin_password, "csrfmiddlewaretoken": found[1]}
        signed_in = await client.post("/accounts/login/", data=form, headers={"Referer": studio.base_url})
        assert "sessionid" in client.cookies, signed_in.text
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        yield client


async def model_named(browser: httpx.AsyncClient, name: str) -> str:
    shown = (await browser.get("/api/studio")).json()
    return str(next(model["id"] for model in shown["models"] if model["name"] == name))


def socket(
    browser: httpx.AsyncClient, studio: StudioServer, *, origin: str | None = None, cookie: bool = True
) -> connect:
    address = studio.base_url.replace("http", "ws") + "/ws/chat"
    headers = {"Cookie": f"sessionid={browser.cookies['sessionid']}"} if cookie else {}
    return connect(address, origin=origin or studio.base_url, additional_headers=headers, max_size=2**24)


async def command(tab: ClientConnection, kind: str, **fields: Any) -> Any:
    """The result of a command; frames before it are passed over."""
    command_id = new_id()
    await tab.send(json.dumps({"type": kind, "id": command_id, **fields}))
    async with asyncio.timeout(TIMEOUT):
        while True:
            frame = json.loads(await tab.recv())
            if frame.get("id") == command_id:
                assert frame["type"] == "ack", frame
                return frame["result"]


async def news_of(tab: ClientConnection, generation: str) -> list[Part]:
    """All parts of a generation, from whatever is known; a gap fails."""
    news: list[Part] = []
    seq = None
    async with asyncio.timeout(TIMEOUT):
        while not news or news[-1]["type"] not in ("finish", "abort", "error"):
            frame = json.loads(await tab.recv())
            if frame["type"] == "snapshot" and frame["generation"] == generation:
                assert seq is None
                return list(frame["message"]["parts"])
            if frame["type"] == "parts" and frame["generation"] == generation:
                assert frame["after"] == (seq or 0)
                seq = frame["seq"]
                news += frame["parts"]
    return news


# --- The socket -------------------------------------------------------------------------------------------------------


async def test_a_message_in_and_tokens_out_in_two_tabs(studio, browser):
    story = await model_named(browser, "Story")
    async with socket(browser, studio) as first, socket(browser, studio) as second:
        session = new_id()
        await command(first, "create", session=session, model=story, agent=None)
        await command(second, "subscribe", session=session, generation=None, after=None)
        sent = await command(first, "send", session=session, parent=None, text="/emulate tokens 60 rate 100")
        heard, seen = await asyncio.gather(*(news_of(tab, sent["generation"]) for tab in (first, second)))
    check_order(heard)
    assert heard[-1]["type"] == "finish"
    assert fold(heard) == fold(seen)
    stored = (await browser.get(f"/api/sessions/{session}/messages")).json()["messages"]
    assert [message["role"] for message in stored] == ["user", "assistant"]
    assert stored[1]["parts"] == fold(heard)
    assert stored[1]["generation"]["metadata"] == heard[-1]["messageMetadata"]


async def test_stop_reaches_the_provider(studio, browser):
    slow = await model_named(browser, "Slow speaker")
    emulated.reset(studio.emulator_url)
    async with socket(browser, studio) as tab:
        session = new_id()
        await command(tab, "create", session=session, model=slow, agent=None)
        sent = await command(tab, "send", session=session, parent=None, text="Tell me a story.")
        await asyncio.to_thread(emulated.wait_for_streams, studio.emulator_url, "first_token", timeout=20)
        stopped_at = time.monotonic()
        result = await command(tab, "stop", generation=sent["generation"])
        streams = await asyncio.to_thread(emulated.wait_for_streams, studio.emulator_url, "closed_by_client")
    assert result["status"] == "stopped"
    assert streams[0]["closed_by_client"]["monotonic"] - stopped_at < 0.3


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
async def test_another_page_s_origin_is_refused(studio, browser, origin):
    with pytest.raises(websockets.InvalidStatus) as refused:
        async with socket(browser, studio, origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_without_a_sign_in_the_socket_says_so(studio, browser):
    async with socket(browser, studio, cookie=False) as tab:
        with pytest.raises(websockets.ConnectionClosed):
            await tab.recv()
    assert tab.close_code == 4401


@pytest.mark.parametrize("text", [b"x" * (2**20 + 1), b"\xff\xfe"], ids=["over 1 MiB", "not utf-8"])
async def test_a_text_frame_that_no_page_would_send_costs_the_connection(studio, browser, text):
    async with socket(browser, studio) as tab:
        await tab.recv()
        await tab.send(text, text=True)
        with pytest.raises(websockets.ConnectionClosed):
            await tab.recv()
    # Daphne drops the connection without a word; other servers say why.
    assert tab.close_code in (1006, 1007, 1009)
    async with socket(browser, studio) as again:
        assert json.loads(await again.recv())["type"] == "welcome"


async def test_a_binary_frame_is_malformed(studio, browser):
    async with socket(browser, studio) as tab:
        await tab.recv()
        await tab.send(b"\xff\xfe")
        assert json.loads(await tab.recv())["code"] == "malformed_frame"
        assert await command(tab, "ping") == {}


# --- The stream -------------------------------------------------------------------------------------------------------


def submission(session: str, model: str, said: str) -> dict[str, Any]:
    return {"id": session, "model": model, "messages": [{"role": "user", "parts": [{"type": "text", "text": said}]}]}


async def test_a_stream_streams(studio, browser):
    """The first words are there long before the last."""
    body = submission(new_id(), await model_named(browser, "Slow speaker"), "/emulate tokens 30 rate 20")
    times, heard = [], []
    async with browser.stream("POST", "/api/chat/stream", json=body) as response:
        assert response.status_code == 200, await response.aread()
        assert response.headers["x-vercel-ai-ui-message-stream"] == "v1"
        async for part in parts_of(response.aiter_bytes()):
            heard.append(part)
            if part["type"] == "text-delta":
                times.append(time.monotonic())
    check_order(heard)
    assert heard[-1]["type"] == "finish"
    assert len(times) > 10
    assert times[-1] - times[0] > 0.8


async def test_leaving_a_stream_and_coming_back(studio, browser):
    session = new_id()
    body = submission(session, await model_named(browser, "Slow speaker"), "/emulate tokens 40 rate 20")
    async with browser.stream("POST", "/api/chat/stream", json=body) as response:
        before: list[Part] = []
        async for part in parts_of(response.aiter_bytes()):
            before.append(part)
            if len(text_of(before)) > 20:
                break
    async with browser.stream("GET", f"/api/chat/{session}/stream") as response:
        assert response.status_code == 200
        after = [part async for part in parts_of(response.aiter_bytes())]
    check_order(after)
    assert after[0] == before[0]
    assert after[-1]["type"] == "finish"
    assert text_of(after).startswith(text_of(before))
    stored = (await browser.get(f"/api/sessions/{session}/messages")).json()["messages"]
    assert stored[-1]["parts"] == fold(after)
    assert (await browser.get(f"/api/chat/{session}/stream")).status_code == 204


async def test_a_stream_and_a_socket_show_the_same(studio, browser):
    session = new_id()
    body = submission(session, await model_named(browser, "Slow speaker"), "/emulate tokens 30 rate 20")
    async with socket(browser, studio) as tab, browser.stream("POST", "/api/chat/stream", json=body) as response:
        reading = parts_of(response.aiter_bytes())
        heard = [await anext(reading)]
        generation = heard[0]["messageMetadata"]["generation"]
        await tab.send(
            json.dumps({"type": "subscribe", "id": new_id(), "session": session, "generation": generation, "after": 0})
        )
        heard += [part async for part in reading]
        seen = await news_of(tab, generation)
    assert fold(seen) == fold(heard)


async def test_a_cookie_alone_may_not_send(studio, browser):
    del browser.headers["X-CSRFToken"]
    response = await browser.post("/api/chat/stream", json=submission(new_id(), new_id(), "Hello"))
    assert (response.status_code, response.json()["error"]["code"]) == (403, "not_allowed")
