"""The nouns: secrets that do not print, events that merge, errors with stable codes, estimates, and the double for tests."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Started,
    TextDelta,
    ToolCallDelta,
    Usage,
    WireFormat,
    errors,
)
from ai_studio.llm.events import merged
from ai_studio.llm.scripted import ScriptedClient, say
from ai_studio.llm.tokens import count_tokens

REQUEST = CompletionRequest(ModelTarget("openai", "m", Secret("sk-1")), "", (Message(Role.USER, "hi"),))


def test_a_secret_does_not_print() -> None:
    secret = Secret("sk-very-secret")
    for shown in (str(secret), repr(secret), f"{secret}", repr(REQUEST), repr(ModelTarget("p", "m", secret))):
        assert "sk-" not in shown
    assert secret.reveal() == "sk-very-secret"
    assert secret
    assert not Secret("")


def test_a_target_without_a_token_has_an_empty_one() -> None:
    assert ModelTarget("openai", "m").token.reveal() == ""


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ("openai", WireFormat.OPENAI),
        ("mistral", WireFormat.OPENAI),
        ("anthropic", WireFormat.ANTHROPIC),
        ("gemini", WireFormat.GEMINI),
        ("bedrock", WireFormat.OTHER),
    ],
)
def test_a_providers_wire_format(provider: str, expected: WireFormat) -> None:
    assert ModelTarget(provider, "m").wire_format is expected


STARTED = Started("m", "c")
FINISHED = Finished(FinishReason.STOP, Usage())


def test_merging_joins_neighbours_of_a_kind() -> None:
    events: list[CompletionEvent] = [
        STARTED,
        ReasoningDelta("a"),
        ReasoningDelta("b"),
        TextDelta("c"),
        TextDelta("d"),
        ReasoningDelta("e"),
        ToolCallDelta(0, "id", "name", "{"),
        ToolCallDelta(0, "", "", "}"),
        ToolCallDelta(1, "id-2", "name", "{}"),
        FINISHED,
    ]
    assert merged(events) == [
        STARTED,
        ReasoningDelta("ab"),
        TextDelta("cd"),
        ReasoningDelta("e"),
        ToolCallDelta(0, "id", "name", "{}"),
        ToolCallDelta(1, "id-2", "name", "{}"),
        FINISHED,
    ]
    assert merged([]) == []


@given(
    st.lists(st.sampled_from([TextDelta("x"), ReasoningDelta("y"), ToolCallDelta(0, "", "", "z")])), st.integers(0, 9)
)
def test_merging_in_two_steps_is_merging(events: list[CompletionEvent], cut: int) -> None:
    assert merged([*merged(events[:cut]), *merged(events[cut:])]) == merged(events)


def error_classes() -> list[type[LLMError]]:
    return [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LLMError)]


def test_each_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in error_classes()]
    assert len(set(codes)) == len(codes)
    assert all(code.isidentifier() and code.islower() for code in codes)


@pytest.mark.parametrize("kind", error_classes())
def test_an_error_says_what_and_where(kind: type[LLMError]) -> None:
    error = kind("words", provider="openai", model="m")
    assert (str(error), error.detail, error.provider, error.model) == ("words", "words", "openai", "m")
    assert isinstance(error.retryable, bool)


def test_which_errors_a_retry_may_help() -> None:
    assert {kind.__name__ for kind in error_classes() if kind.retryable} == {
        "ProviderUnavailable",
        "RateLimited",
        "TimedOut",
        "ConnectionFailed",
        "ServerError",
        "MalformedResponse",
        "StreamInterrupted",
    }


def test_a_wait_that_was_asked_for() -> None:
    assert errors.RateLimited(retry_after=3).retry_after == 3
    assert errors.ServerError().retry_after is None


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abc", 1), ("abcd", 2), ("日本", 2), ("\ud83d", 1)])
def test_estimated_tokens(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


@given(st.text(), st.text())
def test_estimates_add_up(one: str, other: str) -> None:
    together = count_tokens(one + other)
    assert count_tokens(one) + count_tokens(other) - 1 <= together <= count_tokens(one) + count_tokens(other)


async def test_the_double_plays_its_scripts_in_order() -> None:
    client = ScriptedClient(say("one"))
    client.enqueue([[TextDelta("tw")], errors.ServerError("broke")])
    assert [batch async for batch in client.stream(REQUEST)][1] == [TextDelta("one")]
    stream = client.stream(REQUEST)
    assert await anext(stream) == [TextDelta("tw")]
    with pytest.raises(errors.ServerError):
        await anext(stream)
    assert client.requests == [REQUEST, REQUEST]
    assert client.closed_early == 0


async def test_the_double_says_the_usage_that_it_was_given() -> None:
    usage = Usage(input_tokens=5, output_tokens=6, cached_tokens=1, reasoning_tokens=2)
    *_, last = [batch async for batch in ScriptedClient(say("x", usage=usage)).stream(REQUEST)]
    assert last == [Finished(FinishReason.STOP, usage)]


async def test_the_double_refuses_a_call_that_nobody_wrote() -> None:
    with pytest.raises(AssertionError, match="no script"):
        await anext(ScriptedClient().stream(REQUEST))
