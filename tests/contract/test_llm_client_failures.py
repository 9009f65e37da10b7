"""What an `LLMClient` on LiteLLM does when something goes wrong, or is no longer wanted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from ai_studio.emulator.scripts import expected_text
from ai_studio.emulator.testing import received_requests, wait_for_streams
from ai_studio.llm import (
    CompletionRequest,
    Finished,
    LLMError,
    Message,
    ModelTarget,
    Role,
    Secret,
    TextDelta,
)
from ai_studio.llm.retry import RetryingClient, RetryPolicy
from tests.contract.llm_asking import KEY, PROVIDERS, ask, listen, listen_to_the_end, text

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient

AT_ONCE = 2.0
"""Seconds: far from the end of the answers that are left, whatever else the machine is doing."""


ERRORS = {
    "error-401": "AuthenticationFailed",
    "error-404": "ModelNotFound",
    "error-429-retry-after-7": "RateLimited",
    "error-500": "ServerError",
    "overloaded": "ServerError",
    "quota": "QuotaExhausted",
    "context-length": "ContextTooLong",
    "html": "MalformedResponse",
    "html-502": "ServerError",
    "disconnect": "ConnectionFailed",
}

# Who tells it in prose alone is understood no better than his status.
VAGUER_ERRORS = {("anthropic", "quota"): "InvalidRequest", ("gemini", "quota"): "RateLimited"}


CASES = [(provider, behaviour) for provider in PROVIDERS for behaviour in ERRORS]
# On a client of its own, LiteLLM makes an empty answer of a web page, and nothing tells us so.
CASES.remove(("synthetic", "html"))


@pytest.mark.parametrize(("provider", "behaviour"), CASES)
async def test_errors(emulator: str, client: LiteLLMClient, provider: str, behaviour: str) -> None:
    with pytest.raises(LLMError) as caught:
        await listen(client, ask(emulator, provider, behaviour))
    error = caught.value
    assert type(error).__name__ == VAGUER_ERRORS.get((provider, behaviour), ERRORS[behaviour])
    assert (error.provider, error.model) == (provider, behaviour)
    assert KEY not in f"{error.detail}{error!r}"
    if behaviour.startswith("error-429"):
        assert error.retry_after == 7  # type: ignore[attr-defined]
    assert len(received_requests(emulator)) == 1, "one layer alone may retry"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_wrong_key(emulator: str, client: LiteLLMClient, provider: str) -> None:
    with pytest.raises(LLMError) as caught:
        await listen(client, ask(emulator, provider, "story", key="invalid-key-of-ours"))
    assert type(caught.value).__name__ == "AuthenticationFailed"
    assert "invalid-key-of-ours" not in f"{caught.value.detail}{caught.value!r}"


BROKEN = {"cut-5": "ConnectionFailed", "malformed-5": "MalformedResponse", "error-event-5": "ServerError"}


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
@pytest.mark.parametrize("behaviour", [*BROKEN, "truncated-5"])
async def test_a_stream_that_breaks_keeps_what_came_before(
    emulator: str, client: LiteLLMClient, provider: str, behaviour: str
) -> None:
    model = f"story-rate-0-{behaviour}"
    heard, error = await listen_to_the_end(client, ask(emulator, provider, model))
    assert type(error).__name__ == BROKEN.get(behaviour, "ConnectionFailed")
    assert text(heard) == expected_text(model, "Tell me about boats", system="Be brief.") != ""
    assert not any(isinstance(event, Finished) for event in heard)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_silent_provider_times_out(emulator: str, provider: str) -> None:
    from ai_studio.llm.litellm_client import LiteLLMClient
    from ai_studio.llm.litellm_connections import Timeouts

    client = LiteLLMClient(Timeouts(connect=1, read=0.2))
    heard, error = await listen_to_the_end(client, ask(emulator, provider, "story-rate-0-stall-3"))
    assert type(error).__name__ == "TimedOut"
    assert text(heard)
    assert expected_text("story-rate-0-stall-3", "Tell me about boats", system="Be brief.").startswith(text(heard))
    with pytest.raises(LLMError) as caught:
        await listen(client, ask(emulator, provider, "story-first-token-3000"))
    assert type(caught.value).__name__ == "TimedOut"
    await client.aclose()


async def test_nobody_listens_at_the_address(client: LiteLLMClient) -> None:
    for provider in PROVIDERS:
        with pytest.raises(LLMError) as caught:
            await listen(client, ask("http://127.0.0.1:9", provider, "story"))
        assert type(caught.value).__name__ == "ConnectionFailed", provider


async def closed_after(emulator: str, closing: Any) -> float:
    """Seconds from the call of `closing` until the emulator saw the connection close."""
    began = asyncio.get_running_loop().time()
    await closing()
    (stream,) = await asyncio.to_thread(wait_for_streams, emulator, "closed_by_client")
    closed: float = stream["closed_by_client"]["monotonic"]
    return closed - began


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_leaving_early_closes_the_providers_connection(
    emulator: str, client: LiteLLMClient, provider: str
) -> None:
    batches = client.stream(ask(emulator, provider, "story-stall-3"))
    async for batch in batches:
        if any(isinstance(event, TextDelta) for event in batch):
            break
    assert await closed_after(emulator, batches.aclose) < AT_ONCE


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("model", ["story-stall-3", "story-first-token-9000"])
async def test_cancelling_closes_the_providers_connection(
    emulator: str, client: LiteLLMClient, provider: str, model: str
) -> None:
    listening = asyncio.create_task(listen(client, ask(emulator, provider, model)))
    moment = "first_token" if "stall" in model else "started"
    await asyncio.to_thread(wait_for_streams, emulator, moment)

    async def cancel() -> None:
        listening.cancel()
        listening.cancel()
        await asyncio.wait([listening])

    assert await closed_after(emulator, cancel) < AT_ONCE
    assert listening.cancelled()


async def test_a_parameter_that_is_not_a_models_is_refused(emulator: str, client: LiteLLMClient) -> None:
    with pytest.raises(LLMError, match="api_base") as caught:
        await listen(client, ask(emulator, "openai", "story", api_base="http://127.0.0.1:9"))
    assert type(caught.value).__name__ == "Unsupported"
    assert received_requests(emulator) == []


async def test_a_provider_that_litellm_does_not_know(emulator: str, client: LiteLLMClient) -> None:
    with pytest.raises(LLMError) as caught:
        await listen(client, ask(emulator, "no-such-provider", "story"))
    assert type(caught.value).__name__ == "Unsupported"


async def test_a_provider_without_an_address(client: LiteLLMClient) -> None:
    request = CompletionRequest(ModelTarget("lm_studio", "story", Secret(KEY)), "", (Message(Role.USER, "x"),))
    with pytest.raises(LLMError, match="needs a base URL") as caught:
        await listen(client, request)
    assert type(caught.value).__name__ == "Misconfigured"


async def test_retrying_until_it_answers(emulator: str, client: LiteLLMClient) -> None:
    slept: list[float] = []
    heard: list[tuple[str, int, float]] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    retrying = RetryingClient(
        client,
        RetryPolicy(),
        sleep=sleep,
        on_retry=lambda error, attempt, delay: heard.append((error.code, attempt, delay)),
    )
    events = await listen(retrying, ask(emulator, "openai", "tokens-5-rate-0-fail-429-2-retry-after-3"))
    assert text(events)
    assert slept == [3, 3]
    assert heard == [("provider_rate_limited", 1, 3), ("provider_rate_limited", 2, 3)]
    assert len(received_requests(emulator)) == 3


async def test_an_error_without_a_key_to_hide(client: LiteLLMClient) -> None:
    with pytest.raises(LLMError) as caught:
        await listen(client, ask("http://127.0.0.1:9", "openai", "story", key=""))
    assert type(caught.value).__name__ == "ConnectionFailed"
