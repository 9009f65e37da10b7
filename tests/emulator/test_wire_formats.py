"""The bytes on the wire are those of the real providers: what LiteLLM forgives is checked here."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from ai_studio.emulator.scripts import expected_text
from tests.emulator.asking import FORMATS, PROMPT, raw_request, read_stream, read_writes

DONE = "[DONE]"
every_format = pytest.mark.parametrize("wire", FORMATS)


def parsed(stream: bytes) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    assert stream.endswith(b"\n\n")
    events = []
    for block in stream.decode().removesuffix("\n\n").split("\n\n"):
        lines = block.split("\n")
        name = lines[0].removeprefix("event: ") if len(lines) == 2 else ""
        data = lines[-1].removeprefix("data: ")
        events.append((name, data if data == DONE else json.loads(data)))
    return events


async def test_openai_sends_role_tokens_finish_reason_usage_and_done(emulator):
    options = {"stream_options": {"include_usage": True}}
    events = [data for _, data in parsed(await read_stream(emulator, "openai", "tokens-5-rate-0", **options))]

    assert events[0]["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    deltas = [event["choices"][0]["delta"] for event in events[1:6]]
    assert "".join(delta["content"] for delta in deltas) == expected_text("tokens-5-rate-0", PROMPT)
    assert [event["choices"][0]["finish_reason"] for event in events[:7]] == [None] * 6 + ["stop"]
    assert events[7]["choices"] == []
    assert events[7]["usage"]["completion_tokens"] == 5
    assert events[8] == DONE
    assert len({event["id"] for event in events[:8]}) == 1
    assert {event["object"] for event in events[:8]} == {"chat.completion.chunk"}


async def test_openai_sends_no_usage_unless_asked(emulator):
    events = [data for _, data in parsed(await read_stream(emulator, "openai", "tokens-5-rate-0"))]

    assert not any("usage" in event for event in events)


async def test_openai_refuses_in_a_field_of_its_own(emulator):
    events = [data for _, data in parsed(await read_stream(emulator, "openai", "refusal-rate-0"))]

    refusal = "".join(event["choices"][0]["delta"].get("refusal") or "" for event in events[:-1])
    assert refusal == expected_text("refusal-rate-0", PROMPT)


async def test_openai_sends_a_tool_call_in_fragments(emulator):
    events = [data for _, data in parsed(await read_stream(emulator, "openai", "tool-call-rate-0"))]

    calls = [event["choices"][0]["delta"]["tool_calls"][0] for event in events[1:-2]]
    assert calls[0]["id"]
    assert calls[0]["function"] == {"name": "get_weather", "arguments": ""}
    assert len(calls) > 2
    assert json.loads("".join(call["function"]["arguments"] for call in calls))["city"]
    assert events[-2]["choices"][0]["finish_reason"] == "tool_calls"


async def test_anthropic_sends_blocks_in_order(emulator):
    stream = await read_stream(emulator, "anthropic", "reasoning-3-tokens-4-rate-0")
    events = parsed(stream)

    assert all(name == data["type"] for name, data in events)
    kinds = [data.get("delta", {}).get("type", name) for name, data in events]
    assert kinds == [
        "message_start", "content_block_start", "ping", *["thinking_delta"] * 3, "signature_delta",
        "content_block_stop", "content_block_start", *["text_delta"] * 4, "content_block_stop", "message_delta",
        "message_stop",
    ]  # fmt: skip
    assert [data["index"] for _, data in events if "index" in data] == [0] * 6 + [1] * 6
    assert events[-2][1]["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert events[-2][1]["usage"]["output_tokens"] == 7


async def test_anthropic_sends_an_error_event_in_the_stream(emulator):
    name, data = parsed(await read_stream(emulator, "anthropic", "tokens-9-error-event-4-rate-0"))[-1]

    assert name == "error"
    assert data["error"]["type"] == "overloaded_error"


async def test_gemini_marks_thoughts_and_signs_calls(emulator):
    stream = await read_stream(emulator, "gemini", "reasoning-3-tool-call-rate-0")
    events = [data for _, data in parsed(stream)]

    parts = [event["candidates"][0]["content"]["parts"][0] for event in events]
    assert [part.get("thought", False) for part in parts] == [True, True, True, False, False]
    assert parts[3]["functionCall"]["name"] == "get_weather"
    assert parts[3]["thoughtSignature"]
    assert events[-1]["candidates"][0]["finishReason"] == "STOP"
    assert events[-1]["usageMetadata"]["thoughtsTokenCount"] == 3
    assert {event["modelVersion"] for event in events} == {"reasoning-3-tool-call-rate-0"}
    assert len({event["responseId"] for event in events}) == 1


@every_format
async def test_each_token_is_a_write_of_its_own(emulator, wire):
    writes = await read_writes(emulator, wire, "tokens-60-rate-0")

    assert all(write.endswith(b"\n\n") for write in writes)
    assert all(write.count(b"data: ") == 1 for write in writes)
    assert len(writes) >= 60


@every_format
async def test_bytes_can_be_split_anywhere(emulator, wire):
    writes = await read_writes(emulator, wire, "unicode-split-bytes-rate-0")

    assert {len(write) for write in writes} == set(range(1, 8))
    assert parsed(b"".join(writes))
    assert any(is_torn(write) for write in writes), "no character was split"


def is_torn(data: bytes) -> bool:
    """Whether `data` begins or ends within a character."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return True
    return False


@every_format
async def test_line_separators_of_unicode_end_no_line(emulator, wire):
    events = parsed(await read_stream(emulator, wire, "line-separators-rate-0"))

    text = json.dumps([data for _, data in events], ensure_ascii=False)
    assert {"\u2028", "\u2029", "\u0085"} <= set(text)


@every_format
async def test_a_cut_stream_lacks_the_end_that_http_asks_for(emulator, wire):
    async with (
        aiohttp.ClientSession() as session,
        session.post(**raw_request(emulator, wire, "tokens-9-cut-4-rate-0")) as response,
    ):
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


@every_format
async def test_a_page_comes_with_status_200(emulator, wire):
    async with (
        aiohttp.ClientSession() as session,
        session.post(**raw_request(emulator, wire, "html")) as response,
    ):
        assert (response.status, response.content_type) == (200, "text/html")


@pytest.mark.parametrize(
    ("wire", "status", "text"),
    [
        ("openai", 401, "You didn't provide an API key"),
        ("anthropic", 401, "x-api-key header is required"),
        ("gemini", 403, "unregistered callers"),
    ],
)
async def test_a_request_without_a_key_is_refused(emulator, wire, status, text):
    request = raw_request(emulator, wire, "story") | {"headers": {}}
    async with aiohttp.ClientSession() as session, session.post(**request) as response:
        assert response.status == status
        assert text in (await response.json())["error"]["message"]


async def test_gemini_takes_its_key_from_the_query(emulator):
    request = raw_request(emulator, "gemini", "echo-rate-0") | {"headers": {}}
    request["url"] += "&key=sk-test"
    async with aiohttp.ClientSession() as session, session.post(**request) as response:
        assert response.status == 200


@every_format
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"model": 3, "messages": "?", "contents": {}}', b"\xff"])
async def test_a_bad_body_is_a_bad_request(emulator, wire, body):
    request = raw_request(emulator, wire, "story")
    del request["json"]
    async with aiohttp.ClientSession() as session, session.post(**request, data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]["message"]


@pytest.mark.parametrize(
    ("headers", "key"),
    [({"Authorization": "Bearer k"}, "data"), ({"x-api-key": "k"}, "data"), ({"x-goog-api-key": "k"}, "models")],
)
async def test_models_are_listed_in_the_format_of_who_asks(emulator, headers, key):
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.get(f"{emulator}/v1/models") as response:
            models = (await response.json())[key]
        async with session.get(f"{emulator}/v1/models", headers=dict.fromkeys(headers, "")) as response:
            assert response.status in {401, 403}

    names = [model.get("id") or model["name"].removeprefix("models/") for model in models]
    assert "story" in names
