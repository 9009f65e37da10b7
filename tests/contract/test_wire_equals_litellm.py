"""LiteLLM is the oracle, our decoders are the fast copy: every stream of the corpus, read both ways, gives equal events.

Both ways are the product's own: `LiteLLMClient` over real HTTP, once as it is, once told that it can decode no format, so
that it reads the same answer through LiteLLM's iterator.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from aiohttp import web

from ai_studio.llm import (
    CompletionEvent,
    CompletionRequest,
    Finished,
    FinishReason,
    LLMError,
    Message,
    ModelTarget,
    ReasoningDelta,
    Role,
    Secret,
    SourceCited,
    Started,
    TextDelta,
    ToolCallDelta,
    Usage,
)
from ai_studio.llm.events import merged
from tests.contract.corpus import BASE_PATHS, STREAMS, Stream


@dataclass(frozen=True)
class Reading:
    """What one way of reading a stream gave: its events, deltas merged, and the name of the error at the end."""

    events: list[CompletionEvent]
    error: str | None


@dataclass(frozen=True)
class Difference:
    """LiteLLM is wrong or loses something: why, and what is right."""

    reason: str
    ours: Reading


def answer(*events: CompletionEvent) -> Reading:
    return Reading(list(events), None)


def failure(error: str, *events: CompletionEvent) -> Reading:
    return Reading(list(events), error)


def text_answer(text: str, reason: FinishReason, *counts: int | None) -> Reading:
    return answer(TextDelta(text), Finished(reason, Usage(*counts)))


INVENTS_A_FINISH = "LiteLLM takes the connection's end for the answer's, and says that the model stopped"
INVENTS_USAGE = (
    "LiteLLM counts tokens with a tokenizer where the provider did not say: our ledger holds only what was said"
)
SWALLOWS_THE_REST = "LiteLLM waits for the broken event to become whole, swallows all that follows, and says 'stop'"
SPLITS_AT_SEPARATORS = (
    "LiteLLM takes these characters for line ends, as no event stream does: it loses them, or the answer"
)
UNKNOWN_REASON = "LiteLLM names every reason that it does not know, or finds odd, 'stop' or 'content_filter'"

LOSES_SOURCES = "LiteLLM's iterator hands on no grounding: what the answer rests on is lost"

DIFFERENCES = {
    "gemini/grounding": Difference(
        LOSES_SOURCES,
        answer(
            TextDelta("The moon does it."),
            SourceCited("https://example.org/tides", "example.org"),
            Finished(FinishReason.STOP, Usage(8, 6)),
        ),
    ),
    "anthropic/cut": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("half a sen"))),
    "anthropic/cut-after-block": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("a whole block"))),
    "gemini/cut": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("half a sen"))),
    "gemini/cut-in-event": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("half a"))),
    "openai/cut": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("half a sen"))),
    "openai/cut-in-event": Difference(INVENTS_A_FINISH, failure("ConnectionFailed", TextDelta("half a sen"))),
    "gemini/no-usage": Difference(INVENTS_USAGE, text_answer("Uncounted.", FinishReason.STOP)),
    "openai/no-usage": Difference(INVENTS_USAGE, text_answer("uncounted", FinishReason.STOP)),
    "anthropic/malformed": Difference(SWALLOWS_THE_REST, failure("MalformedResponse", TextDelta("good"))),
    "gemini/malformed": Difference(SWALLOWS_THE_REST, failure("MalformedResponse", TextDelta("good"))),
    "anthropic/line-separators": Difference(
        SPLITS_AT_SEPARATORS, text_answer("a\u2028bc\u2029de\u0085f", FinishReason.STOP, 25, 15, 0)
    ),
    "gemini/line-separators": Difference(
        SPLITS_AT_SEPARATORS, text_answer("a\u2028bc\u2029d e\u0085f", FinishReason.STOP, 8, 6)
    ),
    "anthropic/pause-turn": Difference(UNKNOWN_REASON, text_answer("Still working", FinishReason.OTHER, 25, 3, 0)),
    "anthropic/context-window-exceeded": Difference(UNKNOWN_REASON, text_answer("Full", FinishReason.LENGTH, 25, 3, 0)),
    "gemini/other": Difference(UNKNOWN_REASON, text_answer("Then", FinishReason.OTHER, 8, 1)),
    "gemini/malformed-function-call": Difference(UNKNOWN_REASON, answer(Finished(FinishReason.OTHER, Usage(40, 0)))),
    "anthropic/empty-answer": Difference(
        "LiteLLM takes a count of 0 for none, and puts an estimate",
        answer(Finished(FinishReason.STOP, Usage(25, 0, 0))),
    ),
    "anthropic/error-rate-limit": Difference(
        "LiteLLM gives every error within Anthropic's stream the status 500, whatever its type",
        failure("RateLimited", TextDelta("It was")),
    ),
    "anthropic/server-tool": Difference(
        "LiteLLM reports a tool that Anthropic runs itself as a call to us, who would wait to answer it",
        text_answer("Searching.The moon.", FinishReason.STOP, 25, 60, 0),
    ),
    "anthropic/tool-use-no-deltas": Difference(
        "LiteLLM gives a call without arguments the arguments '', which is not JSON",
        answer(ToolCallDelta(0, "toolu_02", "now", "{}"), Finished(FinishReason.TOOL_CALLS, Usage(25, 20, 0))),
    ),
    "openai/mistral-thinking": Difference(
        "LiteLLM signs each piece of Mistral's thoughts with its name; Mistral does not ask for them",
        answer(ReasoningDelta("Hm, so"), TextDelta("Oui bien"), Finished(FinishReason.STOP, Usage(5, 7))),
    ),
    "openai/not-utf8": Difference(
        "LiteLLM fails at one byte that is not UTF-8; we put U+FFFD, as a browser does",
        text_answer("caf\ufffd", FinishReason.STOP, 11, 7, 0, 0),
    ),
    "openai/refusal": Difference(
        "LiteLLM drops the words of a refusal, and leaves an empty answer",
        text_answer("I'm sorry, I can't help with that.", FinishReason.STOP, 30, 9, 0, 0),
    ),
}


@pytest.fixture
async def corpus_server() -> AsyncIterator[str]:
    """Answers `/{format}/{name}/...` with that stream."""

    async def serve(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(STREAMS[f"{request.match_info['format']}/{request.match_info['name']}"].body)
        return response

    application = web.Application()
    application.router.add_post("/{format}/{name}/{rest:.*}", serve)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


async def read(base_url: str, stream: Stream) -> Reading:
    from ai_studio.llm.litellm_client import LiteLLMClient

    target = ModelTarget(
        stream.provider, "some-model", Secret("sk-1"), f"{base_url}/{stream.name}{BASE_PATHS[stream.format]}"
    )
    client = LiteLLMClient()
    events: list[CompletionEvent] = []
    error = None
    try:
        async for batch in client.stream(CompletionRequest(target, "", (Message(Role.USER, "hi"),))):
            events += batch
    except LLMError as raised:
        error = type(raised).__name__
    finally:
        await client.aclose()
    return Reading([event for event in merged(events) if not isinstance(event, Started)], error)


async def read_through_litellm(base_url: str, stream: Stream, monkeypatch: pytest.MonkeyPatch) -> Reading:
    from ai_studio.llm import litellm_client

    with monkeypatch.context() as patch:
        patch.setattr(litellm_client, "PATHS", {})
        return await read(base_url, stream)


def comparable(theirs: Reading, ours: Reading) -> Reading:
    """`theirs` without what can't be equal: ids that LiteLLM draws, spaces in its JSON, and counts that nobody told it."""
    return Reading([_comparable(event, ours.events) for event in theirs.events], theirs.error)


def _comparable(event: CompletionEvent, ours: list[CompletionEvent]) -> CompletionEvent:
    match event:
        case ToolCallDelta():
            twin = next((each for each in ours if isinstance(each, ToolCallDelta) and each.index == event.index), None)
            if twin is None:
                return event
            arguments = twin.arguments if _same_json(event.arguments, twin.arguments) else event.arguments
            is_drawn = re.fullmatch("call_[0-9a-f]{28}", event.call_id) is not None
            return replace(event, call_id=twin.call_id if is_drawn else event.call_id, arguments=arguments)
        case Finished():
            twin_usage = next((each.usage for each in ours if isinstance(each, Finished)), event.usage)
            usage = event.usage
            if twin_usage.cached_tokens is None and not usage.cached_tokens:
                usage = replace(usage, cached_tokens=None)
            if twin_usage.reasoning_tokens is None:
                usage = replace(usage, reasoning_tokens=None)
            return replace(event, usage=usage)
        case _:
            return event


def _same_json(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


@pytest.mark.parametrize("name", [name for name in STREAMS if name not in DIFFERENCES])
async def test_both_readings_are_equal(name: str, corpus_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await read(corpus_server, STREAMS[name])
    theirs = await read_through_litellm(corpus_server, STREAMS[name], monkeypatch)
    assert comparable(theirs, ours) == ours


@pytest.mark.parametrize("name", DIFFERENCES)
async def test_litellm_is_wrong(name: str, corpus_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await read(corpus_server, STREAMS[name])
    assert ours == DIFFERENCES[name].ours
    theirs = await read_through_litellm(corpus_server, STREAMS[name], monkeypatch)
    assert comparable(theirs, ours) != ours, f"no longer so: {DIFFERENCES[name].reason}"


@pytest.mark.parametrize("name", STREAMS)
async def test_what_the_provider_counted_is_not_lost(name: str, corpus_server: str) -> None:
    ours = await read(corpus_server, STREAMS[name])
    usage = next((event.usage for event in ours.events if isinstance(event, Finished)), None)
    if usage is not None:
        body = STREAMS[name].body
        said = re.search(rb'"(reasoning_tokens|thoughtsTokenCount|thinking_tokens)": ?\d', body) is not None
        assert (usage.reasoning_tokens is not None) == said
        said = re.search(rb'"(cached_tokens|cachedContentTokenCount|cache_read_input_tokens)": ?\d', body) is not None
        assert (usage.cached_tokens is not None) == said


def test_the_corpus_is_large_enough() -> None:
    assert len(STREAMS) >= 40
    assert {stream.format for stream in STREAMS.values()} == {"openai", "anthropic", "gemini"}
    assert len(DIFFERENCES) < len(STREAMS) / 5


def test_the_corpus_holds_what_makes_streams_hard() -> None:
    bodies = [stream.body for stream in STREAMS.values()]
    assert any(b"\r\n\r\n" in body for body in bodies)
    assert any(body.startswith(b"\xef\xbb\xbf") for body in bodies)
    assert any("👩‍👩‍👧‍👦".encode() in body for body in bodies)
    for kind in (ReasoningDelta, ToolCallDelta):
        assert kind in {type(event) for stream in STREAMS.values() for event in stream.decoded()}
