"""Each misbehaviour is, to LiteLLM, the error that the real one would be."""

from __future__ import annotations

import time

import pytest

from ai_studio.emulator.scripts import expected_text
from tests.emulator.asking import FORMATS, PROMPT, Heard, call, hear, hear_stream, listen

every_format = pytest.mark.parametrize("wire", FORMATS)
NAMES = {
    # What LiteLLM makes of it, for OpenAI, Anthropic and Gemini. It knows 403 for Anthropic only, and says that an
    # overload is a server error wherever the status is not OpenAI's.
    "error-400": ("BadRequestError", "BadRequestError", "BadRequestError"),
    "error-401": ("AuthenticationError", "AuthenticationError", "AuthenticationError"),
    "error-403": ("BadRequestError", "PermissionDeniedError", "BadRequestError"),
    "error-404": ("NotFoundError", "NotFoundError", "NotFoundError"),
    "error-408": ("Timeout", "Timeout", "Timeout"),
    "error-429": ("RateLimitError", "RateLimitError", "RateLimitError"),
    "error-500": ("InternalServerError", "InternalServerError", "InternalServerError"),
    "error-502": ("BadGatewayError", "BadGatewayError", "APIConnectionError"),
    "overloaded": ("ServiceUnavailableError", "InternalServerError", "InternalServerError"),
    "quota": ("RateLimitError", "BadRequestError", "RateLimitError"),
    "context-length": ("ContextWindowExceededError",) * 3,
    "policy": ("ContentPolicyViolationError", "ContentPolicyViolationError", "BadRequestError"),
    "html": ("InternalServerError", "APIConnectionError", "BadRequestError"),
    "html-502": ("BadGatewayError", "BadGatewayError", "APIConnectionError"),
    "disconnect": ("InternalServerError", "InternalServerError", "APIConnectionError"),
    "cut": ("InternalServerError", "InternalServerError", "APIConnectionError"),
    "malformed": ("InternalServerError", "APIConnectionError", "BadRequestError"),
    "error-event": ("ServiceUnavailableError", "InternalServerError", "InternalServerError"),
}


@pytest.mark.parametrize(("behaviour", "names"), NAMES.items(), ids=NAMES)
async def test_a_whole_answer_that_fails_raises_what_the_real_provider_would(emulator, behaviour, names):
    for wire, name in zip(FORMATS, names, strict=True):
        with pytest.raises(Exception) as caught:
            await hear(emulator, wire, f"{behaviour}-rate-0")
        assert type(caught.value).__name__ == name, wire


BEFORE_THE_FIRST_TOKEN = sorted(set(NAMES) - {"html", "cut", "malformed", "error-event"})


@pytest.mark.parametrize("behaviour", BEFORE_THE_FIRST_TOKEN)
async def test_a_stream_that_never_begins_raises_the_same(emulator, behaviour):
    for wire, name in zip(FORMATS, NAMES[behaviour], strict=True):
        with pytest.raises(Exception) as caught:
            await hear_stream(emulator, wire, f"{behaviour}-rate-0")
        # LiteLLM asks Gemini when the stream is first read, and wraps what goes wrong then.
        error = getattr(caught.value, "original_exception", None) if wire == "gemini" else None
        assert type(error or caught.value).__name__ == name, wire


@every_format
@pytest.mark.parametrize("behaviour", ["cut", "error-event"])
async def test_a_stream_that_breaks_raises_after_the_tokens_before_the_break(emulator, wire, behaviour):
    model = f"tokens-100-{behaviour}-33-rate-0"
    heard = Heard()
    stream = await call(emulator, wire, model, stream=True)

    with pytest.raises(Exception) as caught:
        await listen(stream, heard)

    assert type(caught.value).__name__ == "MidStreamFallbackError"
    assert heard.text == expected_text(model, PROMPT)
    assert len(heard.text.split()) == 33


@every_format
async def test_a_truncated_stream_ends_without_a_finish_reason_of_its_own(emulator, wire):
    heard = await hear_stream(emulator, wire, "tokens-100-truncated-33-rate-0")

    assert heard.text == expected_text("tokens-100-truncated-33-rate-0", PROMPT)


async def test_a_malformed_event_stops_a_strict_reader(emulator):
    heard = Heard()
    stream = await call(emulator, "openai", "tokens-100-malformed-33-rate-0", stream=True)

    with pytest.raises(Exception) as caught:
        await listen(stream, heard)

    assert type(caught.value).__name__ == "MidStreamFallbackError"
    assert heard.text == expected_text("tokens-100-malformed-33-rate-0", PROMPT)


@every_format
async def test_an_invalid_key_is_refused(emulator, wire):
    with pytest.raises(Exception) as caught:
        await hear(emulator, wire, "story-rate-0", api_key="invalid-key")

    assert type(caught.value).__name__ == "AuthenticationError"


@every_format
async def test_the_first_requests_fail_and_the_next_succeeds(emulator, wire):
    model, prompt = "echo-fail-429-2-retry-after-7", f"Attempt at {time.monotonic_ns()}"
    for _ in range(2):
        with pytest.raises(Exception) as caught:
            await hear(emulator, wire, model, prompt)
        assert type(caught.value).__name__ == "RateLimitError"
        assert vars(caught.value)["litellm_response_headers"]["retry-after"] == "7"

    assert (await hear(emulator, wire, model, prompt)).text == prompt

    with pytest.raises(Exception, match="RateLimitError"):
        await hear(emulator, wire, model, prompt + " with another prompt")


@every_format
async def test_a_prompt_can_ask_for_an_error(emulator, wire):
    with pytest.raises(Exception) as caught:
        await hear_stream(emulator, wire, "story-rate-0", "Please /emulate error 404 for me")

    assert type(caught.value).__name__ == "NotFoundError"
