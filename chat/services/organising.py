"""Sessions in order: rename, pin, archive, tag, file, delete and bring back, one or many at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from channels.db import database_sync_to_async
from django.db import transaction
from django.utils import timezone

from ai_studio import gateway
from chat import access, audience, doorbell, frames, retention, selectors
from chat.errors import FolderNotFound, GenerationNotFound, InvalidCommand, SessionNotFound, TemporarySession
from chat.models import Attachment, Draft, Folder, Generation, Preferences, Schedule, Session
from chat.presentation import session_json
from chat.services.answers import stop_generation
from chat.services.file_removal import remove_files
from chat.services.joining import leave_everything
from chat.services.preferences import preferences_of
from chat.services.purging import erase, erase_folders, named_by_generations

TITLE_CHARACTERS = 200
MOST_TAGS = 10
TAG_CHARACTERS = 40
MOST_AT_ONCE = 500
NO_FOLDER = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise; None leaves it as it is. `folder`: an id, or NO_FOLDER to take it out of its folder."""

    title: str | None = None
    folder: str | None = None
    tags: Sequence[str] | None = None
    pinned: bool | None = None
    archived: bool | None = None


async def change_sessions(*, user_id: str, session_ids: Sequence[str], change: Change) -> list[dict[str, Any]]:
    """The JSON of those that are there; the others are passed over, since a list on a screen may be old.

    Raises SessionNotFound when none is there, TemporarySession, FolderNotFound, InvalidCommand.
    """
    changed = await database_sync_to_async(_change)(user_id, session_ids, change)
    for data in changed:
        await audience.ring_session(data)
    return changed


async def delete_sessions(*, user_id: str, session_ids: Sequence[str]) -> list[str]:
    """Stops what runs in them, and makes them absent. For DELETED_KEPT_DAYS they can be brought back. Returns the ids.

    Temporary ones go for good and at once. Raises SessionNotFound when none is there.
    """
    present, running = await database_sync_to_async(_present)(user_id, session_ids)
    await asyncio.gather(*(_stop(user_id, generation_id) for generation_id in running))
    guests = await database_sync_to_async(access.guests_by_session)(present)
    await database_sync_to_async(_mark_deleted)(user_id, present)
    for session_id in present:
        await audience.ring_gone([user_id, *guests.get(session_id, ())], session_id)
    return present


async def restore_sessions(*, user_id: str, session_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Brings deleted ones back; the JSON of each. Raises SessionNotFound when none can be."""
    restored = await database_sync_to_async(_restore)(user_id, session_ids)
    for data in restored:
        await audience.ring_session(data)
    return restored


async def delete_everything(*, user_id: str) -> None:
    """Takes a person out of the sessions of others, and removes all of their own, those of former teams and deleted ones too, their folders, files, drafts, preferences,
    saved and scheduled prompts: at once and for good.

    What a legal hold keeps (`retention.keeps_something_of`) is absent from now on, and goes when the hold is lifted. Raises
    FilesUnavailable when the files can't be reached: then they go as soon as they can be.
    """
    running = await database_sync_to_async(_running_of)(user_id)
    await asyncio.gather(*(_stop(user_id, generation_id) for generation_id in running))
    await leave_everything(user_id)
    for session_id, people in await database_sync_to_async(_remove_all)(user_id):
        await audience.ring_gone(people, session_id)
    await doorbell.ring_frame(user_id, frames.folders([]))
    await doorbell.ring_frame(user_id, frames.preferences(await database_sync_to_async(preferences_of)(user_id)))


async def _stop(user_id: str, generation_id: str) -> None:
    with suppress(GenerationNotFound):  # another tab deletes the session at the same moment
        await stop_generation(user_id=user_id, generation_id=generation_id)


def _change(user_id: str, session_ids: Sequence[str], change: Change) -> list[dict[str, Any]]:
    fields = _fields(change)
    with transaction.atomic():
        found = access.sessions_of(user_id).filter(pk__in=session_ids)
        teams = dict(found.values_list("pk", "team_id"))
        if not teams:
            raise SessionNotFound
        if found.filter(is_temporary=True).exists():
            raise TemporarySession
        if change.folder:
            folder = selectors.get_folder(user_id, change.folder)
            if set(teams.values()) != {folder.team_id}:
                raise FolderNotFound("This folder belongs to another team than the chat.")
        Session.objects.filter(pk__in=teams).update(**fields)
    return _shown(user_id, list(teams))


def _fields(change: Change) -> dict[str, Any]:
    """The columns that change. Raises InvalidCommand."""
    fields: dict[str, Any] = {}
    if change.title is not None:
        fields |= {"title": _title(change.title), "is_title_chosen": True}
    if change.tags is not None:
        fields["tags"] = tidy_tags(change.tags)
    if change.folder is not None:
        fields["folder_id"] = change.folder or None
    if change.pinned is not None:
        fields["pinned_at"] = timezone.now() if change.pinned else None
    if change.archived is not None:
        fields["archived_at"] = timezone.now() if change.archived else None
        if change.archived:
            fields["pinned_at"] = None
    if not fields:
        raise InvalidCommand(detail="Say what is to change: title, folder, tags, pinned or archived.")
    return fields


def _title(text: str) -> str:
    title = " ".join(text.replace("\x00", "").split())
    if not title or len(title) > TITLE_CHARACTERS:
        raise InvalidCommand("A title has 1 to {limit} characters.", {"limit": TITLE_CHARACTERS})
    return title


def tidy_tags(tags: Sequence[str]) -> list[str]:
    """Without white space around, each once whatever its case. Raises InvalidCommand."""
    tidy = [" ".join(tag.replace("\x00", "").split()) for tag in tags]
    unique = list({tag.casefold(): tag for tag in reversed(tidy) if tag}.values())[::-1]
    if len(unique) > MOST_TAGS or any(len(tag) > TAG_CHARACTERS for tag in unique):
        raise InvalidCommand(
            "A chat has up to {most} tags of up to {limit} characters.", {"most": MOST_TAGS, "limit": TAG_CHARACTERS}
        )
    return unique


def _present(user_id: str, session_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sessions that are there, and the generations that run in them."""
    present = list(access.sessions_of(user_id).filter(pk__in=session_ids).values_list("pk", flat=True))
    if not present:
        raise SessionNotFound
    return present, selectors.active_in(present)


def _mark_deleted(user_id: str, session_ids: list[str]) -> None:
    present = access.sessions_of(user_id).filter(pk__in=session_ids)
    erase(present.filter(is_temporary=True))
    present.update(deleted_at=timezone.now())


def _running_of(user_id: str) -> list[str]:
    own = Generation.objects.active().filter(session__in=access.sessions_of(user_id))
    return list(own.values_list("pk", flat=True))


def _remove_all(user_id: str) -> list[tuple[str, list[str]]]:
    """The ids of the sessions that were on a screen, with those of the people who saw them."""
    own = Session.objects.filter(user_id=user_id)
    shown = list(own.filter(deleted_at=None).values_list("pk", flat=True))
    guests = access.guests_by_session(own.filter(deleted_at=None))
    with transaction.atomic():
        erase(own)
        erase_folders(Folder.objects.filter(user_id=user_id))
        gateway.delete_own_prompts(user_id)
        gateway.forget_own_words(user_id, lambda hashes: named_by_generations(hashes, retention.own_and_held(user_id)))
        gateway.forget_preferences(user_id)
        Draft.objects.filter(user_id=user_id).delete()
        Schedule.objects.filter(user_id=user_id).delete()
        Preferences.objects.filter(pk=user_id).delete()
    # Those of a session that is still there are kept with it, by a hold.
    while remove_files(Attachment.objects.filter(user_id=user_id, session=None)):
        pass
    return [(session_id, [user_id, *guests.get(session_id, ())]) for session_id in shown]


def _restore(user_id: str, session_ids: Sequence[str]) -> list[dict[str, Any]]:
    deleted = selectors.deleted_sessions_of(user_id).filter(pk__in=session_ids)
    ids = list(deleted.values_list("pk", flat=True))
    if not ids:
        raise SessionNotFound
    Session.objects.filter(pk__in=ids).update(deleted_at=None)
    return _shown(user_id, ids)


def _shown(user_id: str, session_ids: list[str]) -> list[dict[str, Any]]:
    running = selectors.running_in(session_ids)
    sessions = selectors.with_names(access.sessions_of(user_id)).filter(pk__in=session_ids).order_by("-updated_at")
    return [session_json(session, running=running.get(session.pk)) for session in sessions]
