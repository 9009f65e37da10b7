"""Writes the ledger: one row per provider call, whatever came of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from ai_studio import cooldown
from ai_studio.instructions import Composed
from ai_studio.llm import LLMError, Usage
from ai_studio.llm.errors import Misconfigured, ModelNotFound, ProviderUnavailable, Unsupported
from ai_studio.llm.redaction import redact
from ai_studio.models import Completion, Prompt, ProviderToken
from ai_studio.planning import Plan, Route
from ai_studio.pricing import cost

LONGEST_DETAIL = 500
USE_NOTED_EVERY_SECONDS = 10.0
"""All answers of a team use one token: if each noted it, they would wait for each other at its row."""
_uses_noted: dict[str, float] = {}
"""By the token's id: when this process noted a use of it last."""
PROMPTS_KEPT = timedelta(days=1)
PRUNED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a provider call; times in milliseconds, None where it is not known."""

    purpose: str
    generation_id: str
    actual_model: str = ""
    attempts: int = 1
    usage: Usage = field(default_factory=Usage)
    is_estimated: bool = False
    """The provider did not count: `usage` is our estimate."""
    first_token_ms: int | None = None
    duration_ms: int | None = None
    finish_reason: str = ""
    error_code: str = ""
    error_detail: str = ""


def record(plan: Plan, route: Route, outcome: Outcome, error: LLMError | None = None) -> Decimal | None:
    """Writes the row and the token's last use; `error` may rest the token or the provider for a while.

    Returns the cost in US dollars, None when it is not known.
    """
    wanted = plan.wanted
    who = {"user_id": wanted.user_id, "team_id": wanted.team_id, "agent_id": wanted.agent_id}
    return _write(who, route, outcome, error)


def record_test(user_id: str, route: Route, outcome: Outcome, error: LLMError | None = None) -> Decimal | None:
    """As `record`, of a call that tested the connection: it is the token's owner who pays for it."""
    return _write({"user_id": user_id, "team_id": route.token.team_id}, route, outcome, error)


def _write(who: dict[str, str | None], route: Route, outcome: Outcome, error: LLMError | None) -> Decimal | None:
    paid = cost(outcome.usage, route.prices)
    keep_prompts([route.prompt])
    Completion.objects.create(
        **who,
        purpose=outcome.purpose,
        generation_id=outcome.generation_id,
        model_id=route.model_id or None,
        token_id=route.token.pk,
        requested_model=route.provider_model,
        actual_model=outcome.actual_model,
        prompt_hash=route.prompt.hash,
        attempts=outcome.attempts,
        input_tokens=outcome.usage.input_tokens,
        output_tokens=outcome.usage.output_tokens,
        cached_tokens=outcome.usage.cached_tokens,
        reasoning_tokens=outcome.usage.reasoning_tokens,
        is_estimated=outcome.is_estimated,
        cost=paid,
        first_token_ms=outcome.first_token_ms,
        duration_ms=outcome.duration_ms,
        finish_reason=outcome.finish_reason,
        error_code=outcome.error_code,
        error_detail=redact(outcome.error_detail),
    )
    _note_use(route.token.pk, error)
    if error is not None:
        cooldown.note_failure(error, token_id=route.token.pk, provider_id=route.provider_id)
    return paid


def _note_use(token_id: str, error: LLMError | None) -> None:
    """A fault of the request is none of the token's. The last error stays until the next: a later use tells it is over."""
    now = timezone.now()
    noted: dict[str, Any] = {"last_used_at": now}
    if isinstance(error, Misconfigured | ProviderUnavailable) and not isinstance(error, ModelNotFound | Unsupported):
        detail = redact(error.detail)[:LONGEST_DETAIL]
        noted |= {"last_error_at": now, "last_error_code": error.code, "last_error_detail": detail}
        _uses_noted.pop(token_id, None)  # the next use tells that it is over
    elif time.monotonic() < _uses_noted.get(token_id, -math.inf) + USE_NOTED_EVERY_SECONDS:
        return
    else:
        _uses_noted[token_id] = time.monotonic()
    ProviderToken.objects.filter(pk=token_id).note(**noted)


def keep_prompts(prompts: Iterable[Composed]) -> None:
    """Stores each prompt that is not stored yet, so that what an answer was told can be read later. One query."""
    rows = {
        prompt.hash: Prompt(
            hash=prompt.hash,
            text=prompt.text,
            provenance=[paragraph.as_json() for paragraph in prompt.provenance],
        )
        for prompt in prompts
        if prompt.text and prompt.is_kept
    }
    if rows:
        Prompt.objects.bulk_create(rows.values(), ignore_conflicts=True)


def prune_prompts(named_elsewhere: Callable[[Sequence[str]], Collection[str]]) -> int:
    """Deletes the prompts that nothing names any more, a batch at a time. How many.

    `named_elsewhere`: of these hashes, those that somebody else than the ledger names.

    The age is what keeps a prompt that was stored for an answer that names it only at its end (of a fallback's, the first
    snapshot stores the text). It does not help an old prompt that is used again at this very moment: `keep_prompts` finds
    the row, leaves it, and names it in a transaction that can't be seen from here. So the look and the deletion are one
    statement, and the window is that transaction: milliseconds. What would be lost is the text alone, until the same prompt
    is sent again and stored anew; the answer's page says "not kept" meanwhile.
    """
    pruned, after = 0, ""
    while hashes := list(_unnamed().filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PRUNED_AT_ONCE]):
        named = named_elsewhere(hashes)
        pruned += _unnamed().filter(pk__in=[each for each in hashes if each not in named]).delete()[0]
        after = hashes[-1]
    return pruned


def _unnamed() -> QuerySet[Prompt]:
    named = Completion.objects.filter(prompt_hash=OuterRef("pk"))
    return Prompt.objects.filter(~Exists(named), created_at__lt=Now() - PROMPTS_KEPT)
