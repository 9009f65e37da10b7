"""One real call to a provider, told while it happens: does this address answer this token, with which model, how fast?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from ai_studio import cooldown
from ai_studio.instructions import Composed
from ai_studio.ledger import Outcome, record_test
from ai_studio.llm import (
    CompletionEvent,
    Finished,
    LLMClient,
    LLMError,
    Message,
    ReasoningDelta,
    Role,
    Started,
    TextDelta,
    Usage,
)
from ai_studio.llm.addresses import Reachable
from ai_studio.llm.advice import ADVICE
from ai_studio.llm.catalogue import catalogue
from ai_studio.llm.errors import StreamInterrupted
from ai_studio.llm.redaction import redact
from ai_studio.llm.tokens import count_tokens
from ai_studio.models import LanguageModel, Provider, ProviderToken
from ai_studio.planning import Route
from ai_studio.pricing import Prices

PROMPT = "Say hello in one short sentence, and tell which model you are."
LONGEST_PROMPT = 1_000


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection stands, certificate and all. Not told where LiteLLM uses a client of its own."""

    milliseconds: int


@dataclass(frozen=True, slots=True)
class FirstToken:
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer, or of the reasoning before it."""

    text: str
    is_reasoning: bool


@dataclass(frozen=True, slots=True)
class Worked:
    """The whole answer came. Tokens are the provider's count, or an estimate; cost is in US dollars, None if not known."""

    actual_model: str
    finish_reason: str
    input_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    is_estimated: bool
    tokens_per_second: float | None
    duration_ms: int
    cost: str | None


@dataclass(frozen=True, slots=True)
class Failed:
    """`kind` is the class of the error, `detail` the provider's own words without secrets, `advice` what to do."""

    kind: str
    code: str
    detail: str
    advice: str
    retry_after: float | None


Step = Connected | FirstToken | Said | Worked | Failed
Tell = Callable[[Step], None]


def as_json(step: Step) -> dict[str, Any]:
    return {"type": type(step).__name__, **asdict(step)}


def route_to(provider: Provider, token: ProviderToken, model_id: str) -> Route:
    """A route without instructions. `model_id`: the provider's own id, of a model of the catalogue or of none."""
    model = LanguageModel.objects.filter(provider=provider, model_id=model_id).first()
    return Route(
        model_id=model.pk if model else "",
        model_name=model.display_name if model else model_id,
        provider_id=provider.pk,
        provider_name=provider.name,
        provider_key=provider.provider_key,
        provider_model=model_id,
        base_url=provider.base_url or None,
        options=provider.options,
        token=token,
        context_window=None,
        max_output_tokens=None,
        capabilities=frozenset(),
        prices=_prices(provider.provider_key, model_id, model),
        parameters=dict(model.parameters) if model else {},
        prompt=Composed("", ()),
    )


def _prices(provider_key: str, model_id: str, model: LanguageModel | None) -> Prices:
    if model is not None:
        return Prices(model.input_price, model.output_price, model.cached_input_price)
    known = next((each for each in catalogue([provider_key]) if each.model == model_id), None)
    return Prices(known.input_price, known.output_price, known.cached_input_price) if known else Prices(None, None)


def load() -> None:
    """LiteLLM takes seconds to import: call this in a thread before `run`, which must not hold up the event loop."""
    from ai_studio.llm import litellm_client  # noqa: F401


async def run(route: Route, *, user_id: str, prompt: str) -> AsyncGenerator[Step, None]:
    """Makes the call and tells its steps; the last one is `Worked` or `Failed`. The ledger and the token have it by then.

    Whoever leaves early closes the provider's connection. Nothing is tried twice.
    """
    steps: asyncio.Queue[Step | None] = asyncio.Queue()
    call = asyncio.create_task(_Call(route, user_id, steps.put_nowait).make(prompt))
    call.add_done_callback(lambda _: steps.put_nowait(None))
    try:
        while (step := await steps.get()) is not None:
            yield step
        await call  # a defect of ours is not a step
    finally:
        call.cancel()
        with suppress(asyncio.CancelledError):
            await call


class _Call:
    def __init__(self, route: Route, user_id: str, tell: Tell) -> None:
        self._route, self._user_id, self._tell = route, user_id, tell
        self._begun = time.monotonic()
        self._first_token_at: float | None = None
        self._model = ""
        self._said = ""
        self._finished: Finished | None = None
        self._prompt = ""

    async def make(self, prompt: str) -> None:
        self._prompt = prompt
        error: LLMError | None = None
        try:
            await self._stream()
        except LLMError as failure:
            error = StreamInterrupted(failure.detail) if self._said else failure
        finally:
            # Also of a call that was left: it has been paid for.
            paid = await asyncio.shield(self._record(error))
        self._tell(self._worked(paid) if error is None else _failed(error))

    async def _stream(self) -> None:
        request = await database_sync_to_async(self._route.request)([Message(Role.USER, self._prompt)])
        self._begun = time.monotonic()
        client = _client(lambda seconds: self._tell(Connected(round(seconds * 1000))))
        try:
            async with aclosing(client.stream(request)) as batches:
                async for batch in batches:
                    for event in batch:
                        self._apply(event)
        finally:
            await client.aclose()  # type: ignore[attr-defined]  # it is LiteLLM's

    def _apply(self, event: CompletionEvent) -> None:
        match event:
            case Started():
                self._model = event.model
            case TextDelta() | ReasoningDelta():
                if self._first_token_at is None:
                    self._first_token_at = time.monotonic()
                    self._tell(FirstToken(self._milliseconds_until(self._first_token_at)))
                self._said += event.text
                self._tell(Said(event.text, isinstance(event, ReasoningDelta)))
            case Finished():
                self._finished = event
            case _:
                pass  # no tool was offered, and sources are not what is tested

    async def _record(self, error: LLMError | None) -> Decimal | None:
        usage, is_estimated = self._usage()
        first = self._first_token_at
        outcome = Outcome(
            purpose="test",
            generation_id="",
            actual_model=self._model,
            usage=usage,
            is_estimated=is_estimated,
            first_token_ms=None if first is None else self._milliseconds_until(first),
            duration_ms=self._milliseconds_until(time.monotonic()),
            finish_reason=str(self._finished.reason) if self._finished else "",
            error_code=error.code if error else "",
            error_detail=error.detail if error else "",
        )
        paid = await database_sync_to_async(record_test)(self._user_id, self._route, outcome, error)
        if self._finished is not None:
            await database_sync_to_async(cooldown.end_rest)(self._route.token.pk, self._route.provider_id)
        return paid

    def _usage(self) -> tuple[Usage, bool]:
        """What the provider counted, else an estimate of what was said."""
        if self._finished is not None and self._finished.usage.output_tokens is not None:
            return self._finished.usage, False
        if not self._said:
            return Usage(), False
        return Usage(count_tokens(self._prompt), count_tokens(self._said)), True

    def _worked(self, paid: Decimal | None) -> Worked:
        usage, is_estimated = self._usage()
        now = time.monotonic()
        streamed = now - (self._first_token_at or now)
        return Worked(
            actual_model=self._model or self._route.provider_model,
            finish_reason=str(self._finished.reason) if self._finished else "",
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            reasoning_tokens=usage.reasoning_tokens,
            is_estimated=is_estimated,
            tokens_per_second=round(usage.output_tokens / streamed, 1) if usage.output_tokens and streamed else None,
            duration_ms=self._milliseconds_until(now),
            cost=None if paid is None else f"{paid:f}",
        )

    def _milliseconds_until(self, moment: float) -> int:
        return round((moment - self._begun) * 1000)


def _failed(error: LLMError) -> Failed:
    return Failed(
        kind=type(error).__name__,
        code=error.code,
        detail=redact(error.detail),
        advice=ADVICE[error.code],
        retry_after=getattr(error, "retry_after", None),
    )


def _client(on_connected: Callable[[float], None]) -> LLMClient:
    """Of this call alone: a connection that stood already would tell nothing of how long connecting takes."""
    from ai_studio.llm.litellm_client import LiteLLMClient
    from ai_studio.llm.litellm_connections import Network, Timeouts, connection_trace

    reachable = Reachable.parse(settings.PROVIDER_PRIVATE_HOSTS)
    timeouts = Timeouts(settings.PROVIDER_CONNECT_SECONDS, settings.PROVIDER_SILENCE_SECONDS)
    return LiteLLMClient(timeouts, network=Network(reachable, (connection_trace(on_connected),)))
