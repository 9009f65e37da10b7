"""What a model has thought before a call goes back as it was: Anthropic and Gemini refuse it otherwise, and so does the emulator."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.emulator.asking import raw_request

CALL = {"type": "tool_use", "id": "toolu_1", "name": "now", "input": {}}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "noon"}]}
THINKING = {"type": "enabled", "budget_tokens": 1024}
HIDDEN = {"type": "redacted_thinking", "data": "EmwKAhgB"}
FORGED = {"type": "thinking", "thinking": "Hm", "signature": "EqQBCgIYAhIM1gbcDa9GJwZA2b3h"}


async def asked(url: str, wire: str, model: str, **options: Any) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.post(**raw_request(url, wire, model, **options)) as answer:
        return answer.status, await answer.json() if answer.status != 200 else await answer.text()


def claudes_turn(*blocks: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"role": "user", "content": "What time is it?"}, {"role": "assistant", "content": [*blocks, CALL]}, RESULT]


@pytest.mark.parametrize(
    ("blocks", "options", "said"),
    [
        (
            (),
            {"thinking": THINKING},
            "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found",
        ),
        (({"type": "text", "text": "Hm"},), {"thinking": THINKING}, "but found `text`"),
        ((FORGED,), {"thinking": THINKING}, "messages.1.content.0: Invalid `signature` in `thinking` block"),
        ((HIDDEN, FORGED), {}, "messages.1.content.1: Invalid `signature` in `thinking` block"),
        ((), {}, None),
        ((), {"thinking": {"type": "adaptive"}}, None),
        ((HIDDEN,), {"thinking": THINKING}, None),
    ],
    ids=["missing", "after words", "forged", "forged, and unwanted", "does not think", "need not think", "unreadable"],
)
async def test_claude_wants_its_thoughts_back(emulator: str, blocks: Any, options: Any, said: str | None) -> None:
    status, body = await asked(emulator, "anthropic", "echo-rate-0", messages=claudes_turn(*blocks), **options)
    assert status == (400 if said else 200)
    if said:
        assert (body["type"], body["error"]["type"]) == ("error", "invalid_request_error")
        assert said in body["error"]["message"]


async def test_claude_forgets_the_thoughts_of_earlier_answers(emulator: str) -> None:
    messages = [*claudes_turn(), {"role": "assistant", "content": "Noon."}, {"role": "user", "content": "And now?"}]
    status, _ = await asked(emulator, "anthropic", "echo-rate-0", messages=messages, thinking=THINKING)
    assert status == 200


@pytest.mark.parametrize(
    ("thinking", "limit", "said"),
    [
        (THINKING, 1024, "`max_tokens` must be greater than `thinking.budget_tokens`"),
        ({"type": "enabled", "budget_tokens": 1000}, 4096, "greater than or equal to 1024"),
        (THINKING, 1025, None),
        ({"type": "adaptive"}, 10, None),
    ],
)
async def test_claude_wants_room_to_answer_in(emulator: str, thinking: Any, limit: int, said: str | None) -> None:
    status, body = await asked(emulator, "anthropic", "echo-rate-0", thinking=thinking, max_tokens=limit)
    assert status == (400 if said else 200)
    assert said is None or said in body["error"]["message"]


def geminis_turn(**signed: str) -> list[dict[str, Any]]:
    call, result = {"name": "now", "args": {}}, {"name": "now", "response": {"content": "noon"}}
    return [
        {"role": "user", "parts": [{"text": "What time is it?"}]},
        {"role": "model", "parts": [{"functionCall": call, **signed}, {"functionCall": call}]},
        {"role": "user", "parts": [{"functionResponse": result}, {"functionResponse": result}]},
    ]


@pytest.mark.parametrize(
    ("model", "signed", "said"),
    [
        ("gemini-3-pro", {}, "missing a thought_signature in functionCall parts"),
        ("gemini-3-pro", {"thoughtSignature": "Zm9yZ2Vk"}, "Corrupted thought signature."),
        ("gemini-2.5-flash", {"thoughtSignature": "Zm9yZ2Vk"}, "Corrupted thought signature."),
        ("gemini-3-pro", {"thoughtSignature": "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="}, None),
        ("gemini-2.5-flash", {}, None),
    ],
    ids=["missing", "forged", "forged, and unwanted", "said to be another's", "need not be signed"],
)
async def test_gemini_wants_its_signatures_back(emulator: str, model: str, signed: Any, said: str | None) -> None:
    status, body = await asked(emulator, "gemini", f"{model}-echo-rate-0", contents=geminis_turn(**signed))
    assert status == (400 if said else 200)
    if said:
        assert body["error"]["status"] == "INVALID_ARGUMENT"
        assert said in body["error"]["message"]


async def test_gemini_forgets_the_signatures_of_earlier_answers(emulator: str) -> None:
    contents = [*geminis_turn(), {"role": "user", "parts": [{"text": "And now?"}]}]
    status, _ = await asked(emulator, "gemini", "gemini-3-pro-echo-rate-0", contents=contents)
    assert status == 200
