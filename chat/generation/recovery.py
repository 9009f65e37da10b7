"""Ends generations whose process is gone, keeping all of their text that can be had."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.errors import GenerationInterrupted
from chat.generation.content import Content
from chat.models import Generation, Message, Participant, Session
from chat.parts import plain_text

Status = Generation.Status

SILENCE = timedelta(seconds=10)
"""Owners show themselves once a second. A process that was asleep for longer is taken for gone by the others.

Measured by the database's clock alone, since the clocks of nodes differ.
"""

LOG_PATIENCE = timedelta(seconds=40)
"""For so long after an owner's last sign of life its text is waited for while the stream log is away: the log has what
was said after the last snapshot."""


def silent(*, alive: Collection[str], session_id: str | None = None) -> list[Generation]:
    """Generations without a sign of life. `alive`: what this process produces itself; that is never silent, whatever
    its rows say: after the machine slept, its own heartbeat is as old as everybody's."""
    rows = Generation.objects.silent_for(SILENCE).exclude(pk__in=list(alive))
    if session_id is not None:
        rows = rows.filter(session_id=session_id)
    return list(rows.select_related("message", "session"))


def may_wait(generation: Generation) -> bool:
    """Whether the log of a silent generation may still be waited for."""
    return not Generation.objects.silent_for(LOG_PATIENCE).filter(pk=generation.pk).exists()


def interrupt(generation: Generation, recovered: Content | None = None) -> str | None:
    """Ends it: `stopped` when somebody had asked for that, else `interrupted`. Returns the status, None when another was first.

    `recovered`: what the stream log says, where that outlived the process; else the last snapshot is what is left.
    """
    kept = recovered or Content(generation.seq, generation.message.parts)
    stopped = generation.status == Status.STOPPING
    changes: dict[str, Any] = {"status": Status.STOPPED if stopped else Status.INTERRUPTED}
    if not stopped:
        changes["error"] = GenerationInterrupted().as_json()
    with transaction.atomic():
        still_silent = Generation.objects.silent_for(SILENCE).filter(pk=generation.pk)
        if not still_silent.update(**changes, seq=kept.seq, finished_at=timezone.now()):
            return None  # another process was first, or the owner showed itself after all
        Message.objects.filter(pk=generation.message_id).update(parts=list(kept.parts), text=plain_text(kept.parts))
        if not stopped:
            Session.objects.filter(pk=generation.session_id).update(is_unread=True)
            Participant.objects.filter(session=generation.session_id).update(is_unread=True)
    return str(changes["status"])
