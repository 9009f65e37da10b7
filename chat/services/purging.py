"""Takes out of the database what is over: at once, or when the time for which it is kept has passed (`chat.retention`).

The one place where chats are deleted for good. Every process does it every few minutes, and `manage.py purge` once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from channels.db import database_sync_to_async
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Now

from ai_studio import gateway
from chat import access, audience, retention
from chat.errors import FilesUnavailable
from chat.models import Folder, Generation, Session
from chat.services.file_removal import remove_files_of_libraries, remove_files_of_nobody

logger = logging.getLogger(__name__)

PURGE_SECONDS = 600.0
PURGED_AT_ONCE = 100


async def purge() -> None:
    """Without end. Every process does it; the rows are gone once."""
    while True:
        try:
            await purge_now()
        except FilesUnavailable:
            logger.exception("Files of what is over could not be removed; the next round tries again")
        except DatabaseFailure:
            logger.exception("What is over could not be removed; the next round tries again")
        await asyncio.sleep(PURGE_SECONDS)


async def purge_now() -> Mapping[str, int]:
    """Removes all that is due. How many of what: sessions by the rule that they were due by, `folders`, `prompts` and
    `files`. Raises FilesUnavailable, when all but the files is done.

    Tabs that show a session that goes are told so. What has gone is logged, as numbers.
    """
    gone: Counter[str] = Counter()
    for rule in retention.due():
        while removed := await database_sync_to_async(_remove_some)(rule):
            gone[rule] += len(removed)
            for session in removed:
                if session.was_shown:
                    await audience.ring_gone(session.people, session.id)
    gone["folders"] = await database_sync_to_async(_remove_folders)()
    gone["prompts"] = await database_sync_to_async(gateway.prune_prompts)(named_by_generations)
    try:
        while files := await database_sync_to_async(remove_files_of_nobody)():
            gone["files"] += files
        while files := await database_sync_to_async(remove_files_of_libraries)():
            gone["files"] += files
    finally:
        gone = +gone  # without what there was nothing of
        if gone:
            logger.info("Purged", extra={"purged": dict(gone)})
    return gone


@dataclass(frozen=True, slots=True)
class Removed:
    """`people`: its owner and its guests. `was_shown`: its owner had not deleted it."""

    id: str
    people: list[str]
    was_shown: bool


def _remove_some(rule: str) -> list[Removed]:
    return remove(retention.due()[rule], at_most=PURGED_AT_ONCE)


def remove(sessions: QuerySet[Session], *, at_most: int | None = None) -> list[Removed]:
    """Takes sessions out of the database, with all that hangs on them: those of them that may go now.

    What another process removes at this moment, or begins an answer in, is passed over: its row is locked. Once the rows are
    locked here, they are asked for anew: an answer may have begun, or a hold been placed, while they were looked for. Whoever
    begins an answer after that finds no session (`beginning._touch`). A hold that is committed after the second look comes too
    late for these few rows, as if it had been placed a moment later.
    """
    removable = retention.removable(sessions)
    with transaction.atomic():
        found = removable.order_by("pk").only("pk").select_for_update(skip_locked=True, of=("self",))
        ids = _without_busy_threads([session.pk for session in (found[:at_most] if at_most else found)])
        going = list(removable.filter(pk__in=ids).values_list("pk", "user_id", "deleted_at"))
        guests = access.guests_by_session([pk for pk, _, _ in going])
        rows = Session.objects.filter(pk__in=[pk for pk, _, _ in going])
        told = set(
            Generation.objects.filter(session__in=rows).exclude(prompt_hash="").values_list("prompt_hash", flat=True)
        )
        # The leaf first: session and message refer to each other.
        rows.update(leaf=None)
        rows.delete()
        gateway.forget_prompts_of_own_words(told - set(named_by_generations(list(told))))
    return [Removed(pk, [user_id, *guests.get(pk, ())], deleted_at is None) for pk, user_id, deleted_at in going]


def _without_busy_threads(ids: list[str]) -> list[str]:
    """Those of `ids`, locked here, whose threads are locked here now too: where these came from is taken out of their rows.

    Another process may be removing a thread of one of these while it waits for a thread of its own that is held here: neither
    would ever end. So none waits; what is left out goes in a later round.
    """
    threads = Session.objects.filter(forked_from__session__in=ids).order_by("pk")
    held = [thread.pk for thread in threads.only("pk").select_for_update(skip_locked=True, of=("self",))]
    busy = set(threads.exclude(pk__in=held).values_list("forked_from__session_id", flat=True))
    return [session_id for session_id in ids if session_id not in busy]


def erase(sessions: QuerySet[Session]) -> None:
    """For an owner who wants them gone now. What can't go (a legal hold keeps it) is absent, and goes as soon as it can."""
    with transaction.atomic():
        ids = list(sessions.values_list("pk", flat=True))
        chosen = Session.objects.filter(pk__in=ids)
        chosen.update(deleted_at=Coalesce("deleted_at", Now()), erased_at=Now())
        remove(chosen)


def erase_folders(folders: QuerySet[Folder]) -> None:
    """As `erase`."""
    folders.update(erased_at=Now())
    _remove_folders()


def _remove_folders() -> int:
    count, _ = Folder.objects.filter(pk__in=list(retention.removable_folders().values_list("pk", flat=True))).delete()
    return count


def named_by_generations(hashes: Sequence[str], sessions: QuerySet[Session] | None = None) -> Collection[str]:
    """Of these prompts, those that an answer which is still there was given; with `sessions`, an answer in one of these."""
    named = Generation.objects.filter(prompt_hash__in=hashes)
    if sessions is not None:
        named = named.filter(session__in=sessions)
    return set(named.values_list("prompt_hash", flat=True).distinct())
