"""What a generation writes to the database: snapshots beside the path, and the end.

Every change of status is a conditional update, so a late writer (an old snapshot, a reaper) changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from ai_studio import gateway
from ai_studio.gateway import Composed, Outcome
from ai_studio.llm import FinishReason, LLMError
from chat.generation import counting
from chat.generation.live import LiveGeneration
from chat.models import Generation, Message, Participant, Session
from chat.parts import Part, plain_text
from chat.presentation import named, session_json
from chat.selectors import active_of, session_of_answer

Status = Generation.Status

_SAVE_MESSAGE = """
UPDATE chat_message SET parts = %s WHERE id = %s AND EXISTS (
    SELECT 1 FROM chat_generation g
    WHERE g.message_id = chat_message.id AND g.status IN ('pending', 'streaming', 'stopping') AND g.seq < %s
)
"""
_SAVE_GENERATION = """
UPDATE chat_generation SET seq = %s, status = CASE WHEN status = 'pending' THEN 'streaming' ELSE status END
WHERE id = %s AND status IN ('pending', 'streaming', 'stopping') AND seq < %s
"""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What became, by others' doing, of the generations that this process produces."""

    stops: dict[str, int | None]
    """Those that somebody wants stopped, with the `seq` that was on the screen (None: all is kept)."""
    ended: set[str]
    """Those that have ended, or were deleted with their session: nobody waits for more of them."""


def save_snapshots(
    rows: Sequence[tuple[str, str, int, list[Part]]], alive: Sequence[str], prompts: Sequence[Composed] = ()
) -> Elsewhere:
    """`rows`: (generation id, message id, seq, parts), each stored only over an older one. `alive` get a heartbeat.

    `prompts`: those that are not kept yet. The ledger keeps them at the end; these are for a process that dies before it.
    """
    field = Message._meta.get_field("parts")
    prepared = [(g, m, seq, field.get_db_prep_save(parts, connection)) for g, m, seq, parts in rows]
    with transaction.atomic():
        gateway.keep_prompts(prompts)
        beating = Generation.objects.active().filter(pk__in=alive)
        all_beat = beating.update(heartbeat_at=Now()) == len(alive)
        if prepared:
            with connection.cursor() as cursor:
                # The message first: its condition looks at the generation's seq, which the second statement moves.
                cursor.executemany(_SAVE_MESSAGE, [(parts, m, seq) for _, m, seq, parts in prepared])
                cursor.executemany(_SAVE_GENERATION, [(seq, g, seq) for g, _, seq, _ in prepared])
        stopping = Generation.objects.filter(pk__in=alive, status=Status.STOPPING)
        stops = dict(stopping.values_list("pk", "stop_seen"))
        return Elsewhere(stops, set() if all_beat else set(alive) - set(beating.values_list("pk", flat=True)))


def request_stop(generation_id: str, seen: int | None) -> bool:
    """The durable flag of a stop: the owner sees it within a second even when the bell is lost. False: ended already."""
    asked = Generation.objects.filter(pk=generation_id, status__in=[Status.PENDING, Status.STREAMING])
    return bool(asked.update(status=Status.STOPPING, stop_seen=seen))


@dataclass(frozen=True, slots=True)
class Stored:
    """The end of a generation as it is in the database."""

    status: str
    metadata: dict[str, Any]
    """As `finish` carries it."""
    session: dict[str, Any] | None
    """As a `session` frame carries it; None: it was deleted meanwhile."""


def finish(
    live: LiveGeneration, kept: list[Part], status: str, error: dict[str, Any] | None, cause: LLMError | None
) -> Stored:
    """Commits the end of a generation, its message (`kept`) and the ledger. Safe to repeat.

    `status` of what is returned is another one where somebody else ended it before: then `kept` is not stored.
    """
    usage, is_estimated = counting.usage(live, kept)
    outcome = Outcome(
        purpose="answer",
        generation_id=live.job.generation_id,
        actual_model=live.accumulator.started.model if live.accumulator.started else "",
        attempts=live.attempts,
        usage=usage,
        is_estimated=is_estimated,
        first_token_ms=live.milliseconds_since_accepted(live.first_token_at) if live.first_token_at else None,
        duration_ms=live.milliseconds_since_accepted(),
        finish_reason=finish_reason(live),
        error_code=error["code"] if error else "",
        error_detail=cause.detail if cause else "",
    )
    route = live.route
    fallen_back = route is not live.job.plan.routes[0]
    with transaction.atomic():
        cost = gateway.record(live.job.plan, route, outcome, cause)
        metadata = _metadata(live, outcome, None if cost is None else f"{cost:.6f}")
        ended = (
            Generation.objects.active()
            .filter(pk=live.job.generation_id)
            .update(
                status=status,
                seq=live.seq,
                metadata=metadata,
                finish_reason=outcome.finish_reason,
                error=error,
                finished_at=timezone.now(),
                **(_asked(route) if fallen_back else {}),
            )
        )
        if ended:
            Message.objects.filter(pk=live.job.message_id).update(parts=kept, text=plain_text(kept))
            if status != Status.STOPPED:  # whoever stopped it has seen it
                Session.objects.filter(pk=live.job.session_id).update(is_unread=True)
                if live.job.is_joint:
                    Participant.objects.filter(session=live.job.session_id).update(is_unread=True)
        else:
            status, metadata = _ended_before(live, status, metadata)
    return Stored(status, metadata, session_data(live.job.session_id))


def _asked(route: gateway.Route) -> dict[str, Any]:
    """Who was asked, and what it was told, where that is not what was planned first."""
    return {
        "model_id": route.model_id,
        "model_name": route.model_name,
        "prompt_hash": route.prompt.hash,
        "provenance": [paragraph.as_json() for paragraph in route.prompt.provenance],
    }


def _ended_before(live: LiveGeneration, status: str, metadata: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """How the generation had ended already; as given when it was deleted. Within the transaction of `finish`."""
    found = Generation.objects.filter(pk=live.job.generation_id).values_list("status", "seq", "metadata").first()
    if found is None:
        return status, metadata
    if found[:2] == (status, live.seq):
        # Committed by this process a moment ago, and the connection broke before it heard so: no second row in the ledger.
        transaction.set_rollback(True)
    return found[0], found[2]


def finish_reason(live: LiveGeneration) -> str:
    """Why it ended. After a call that ended it, programs must not take it for one that waits for its results."""
    if live.is_handed_over:
        return str(FinishReason.STOP)
    finished = live.accumulator.finished
    return str(finished.reason) if finished else ""


def _metadata(live: LiveGeneration, outcome: Outcome, cost: str | None) -> dict[str, Any]:
    route, usage = live.route, outcome.usage
    return {
        "model": named(route.model_id, route.model_name),
        "requested_model": route.provider_model,
        "actual_model": outcome.actual_model or None,
        "provider": route.provider_name,
        "effort": route.effort.as_json() if route.effort else None,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cached_tokens": usage.cached_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "is_estimated": outcome.is_estimated,
        "cost": cost,
        "first_token_ms": outcome.first_token_ms,
        "reasoning_ms": _reasoning_ms(live),
        "duration_ms": outcome.duration_ms,
        "attempts": outcome.attempts,
        "tried": [tried.as_json() for tried in live.tried],
        "summarised": live.job.summarised_for(route),
    }


def _reasoning_ms(live: LiveGeneration) -> int | None:
    """From the first thought to the first word; None where it thought not, or said nothing after it."""
    if not live.accumulator.has_reasoned or live.first_token_at is None or live.first_word_at is None:
        return None
    return round((live.first_word_at - live.first_token_at) * 1000)


def session_data(session_id: str) -> dict[str, Any] | None:
    """The session as a `session` frame carries it; None when it has been deleted meanwhile."""
    session = session_of_answer(session_id)
    return (
        None
        if session is None
        else session_json(session, running=next((one.pk for one in active_of(session_id)), None))
    )
