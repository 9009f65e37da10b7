"""When a call is made again, after how long, and what the caller sees of it."""

from __future__ import annotations

import pytest

from ai_studio.llm import (
    CompletionEvent,
    CompletionRequest,
    EventBatch,
    Finished,
    FinishReason,
    LLMError,
    Message,
    ModelTarget,
    Role,
    Started,
    TextDelta,
    Usage,
)
from ai_studio.llm.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidRequest,
    QuotaExhausted,
    RateLimited,
    ServerError,
    StreamInterrupted,
)
from ai_studio.llm.retry import RetryingClient, RetryPolicy
from ai_studio.llm.scripted import ScriptedClient, say

REQUEST = CompletionRequest(ModelTarget("openai", "m"), "", (Message(Role.USER, "hi"),))
STARTED = Started("m", "c")
ANSWER = say("Hello")


class Clock:
    """Notes the waits, and takes none of them."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def retrying(inner: ScriptedClient, clock: Clock, policy: RetryPolicy | None = None) -> RetryingClient:
    return RetryingClient(inner, policy, sleep=clock.sleep, random_unit=lambda: 0.5)


async def heard(client: RetryingClient) -> list[EventBatch]:
    return [batch async for batch in client.stream(REQUEST)]


async def test_an_answer_passes_through_as_it_comes(clock: Clock) -> None:
    inner = ScriptedClient(say("Hel", "lo"))
    batches = await heard(retrying(inner, clock))
    usage = Usage(input_tokens=1, output_tokens=2)
    assert batches == [
        [Started("scripted", "completion-1"), TextDelta("Hel")],
        [TextDelta("lo")],
        [Finished(FinishReason.STOP, usage)],
    ]
    assert inner.requests == [REQUEST]
    assert clock.slept == []


async def test_two_failures_and_an_answer(clock: Clock) -> None:
    inner = ScriptedClient([ServerError()], [ConnectionFailed()], ANSWER)
    batches = await heard(retrying(inner, clock))
    assert TextDelta("Hello") in batches[0]
    assert clock.slept == [0.5, 1.0]
    assert inner.requests == [REQUEST] * 3


async def test_the_third_failure_is_the_last(clock: Clock) -> None:
    last = ServerError("third")
    inner = ScriptedClient([ServerError("first")], [ServerError("second")], [last], ANSWER)
    with pytest.raises(ServerError) as caught:
        await heard(retrying(inner, clock))
    assert caught.value is last
    assert len(inner.requests) == 3


@pytest.mark.parametrize("error", [AuthenticationFailed(), InvalidRequest(), QuotaExhausted(), LLMError()])
async def test_what_can_not_get_better_is_not_tried_again(clock: Clock, error: LLMError) -> None:
    inner = ScriptedClient([error], ANSWER)
    with pytest.raises(type(error)):
        await heard(retrying(inner, clock))
    assert len(inner.requests) == 1


@pytest.mark.parametrize("unit", [0.0, 0.25, 1.0])
def test_the_wait_doubles_under_full_jitter(unit: float) -> None:
    policy = RetryPolicy(attempts=9, max_delay=10)
    waits = [policy.delay_after(attempt, ServerError(), lambda: unit) for attempt in range(1, 7)]
    assert waits == [unit * longest for longest in (1, 2, 4, 8, 10, 10)]


async def test_the_provider_names_the_wait(clock: Clock) -> None:
    await heard(retrying(ScriptedClient([RateLimited(retry_after=7)], ANSWER), clock))
    await heard(retrying(ScriptedClient([ServerError(retry_after=30)], ANSWER), clock))
    assert clock.slept == [7, 30]


async def test_a_wait_that_nobody_would_sit_through_is_given_up_at_once(clock: Clock) -> None:
    with pytest.raises(RateLimited):
        await heard(retrying(ScriptedClient([RateLimited(retry_after=30.5)], ANSWER), clock))
    assert clock.slept == []


async def test_nothing_is_tried_again_after_the_first_content(clock: Clock) -> None:
    cause = ConnectionFailed("reset", provider="openai", model="m")
    inner = ScriptedClient([[STARTED, TextDelta("Hel")], cause], ANSWER)
    client = retrying(inner, clock)
    batches: list[EventBatch] = []
    stream = client.stream(REQUEST)
    batches.append(await anext(stream))
    with pytest.raises(StreamInterrupted) as caught:
        await anext(stream)
    assert batches == [[STARTED, TextDelta("Hel")]]
    assert caught.value.__cause__ is cause
    assert (caught.value.detail, caught.value.provider, caught.value.model) == ("reset", "openai", "m")
    assert len(inner.requests) == 1


async def test_the_mere_start_of_an_answer_is_not_content(clock: Clock) -> None:
    inner = ScriptedClient([[STARTED], ServerError()], ANSWER)
    events: list[CompletionEvent] = [event for batch in await heard(retrying(inner, clock)) for event in batch]
    assert [event for event in events if isinstance(event, Started)] == [Started("scripted", "completion-1")]
    assert len(inner.requests) == 2


async def test_an_answer_that_is_only_a_finish(clock: Clock) -> None:
    finished = Finished(FinishReason.STOP, Usage())
    assert await heard(retrying(ScriptedClient([[STARTED], [finished]]), clock)) == [[STARTED, finished]]


async def test_each_retry_is_told_before_its_wait(clock: Clock) -> None:
    told: list[tuple[str, int, float, int]] = []
    first, second = ServerError("first"), RateLimited("second", retry_after=4)
    client = RetryingClient(
        ScriptedClient([first], [second], ANSWER),
        sleep=clock.sleep,
        random_unit=lambda: 1.0,
        on_retry=lambda error, attempt, delay: told.append((error.detail, attempt, delay, len(clock.slept))),
    )
    await heard(client)
    assert told == [("first", 1, 1.0, 0), ("second", 2, 4, 1)]


async def test_leaving_early_leaves_the_inner_stream(clock: Clock) -> None:
    inner = ScriptedClient(say("a", "b"))
    stream = retrying(inner, clock).stream(REQUEST)
    await anext(stream)
    await stream.aclose()
    assert inner.closed_early == 1


async def test_the_default_waits_are_real_and_random() -> None:
    policy = RetryPolicy(base_delay=0.001)
    batches = await heard(RetryingClient(ScriptedClient([ServerError()], ANSWER), policy))
    assert TextDelta("Hello") in batches[0]
