"""Sessions and messages as clients see them (docs/protocol.md): the same JSON on the socket and in REST."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ai_studio.gateway import Memory, SavedText
from chat.models import Attachment, Folder, Generation, Message, Schedule, Session, Share, Summary


def moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def named(object_id: str | None, name: str | None) -> dict[str, str] | None:
    """A reference: id and name, or None where nothing is referred to."""
    return {"id": object_id, "name": name or ""} if object_id is not None else None


def session_json(session: Session, *, running: str | None) -> dict[str, Any]:
    """As its owner sees it. `session` as `selectors.with_names` gives it; `running`: the id of its active generation."""
    return {
        "id": session.pk,
        "team": session.team_id,
        "owner": session.user_id,
        "guest": False,
        "joint": session.is_joint,
        "title": session.title,
        "model": named(session.model_id, session.model_name),
        "agent": named(session.agent_id, session.agent_name),
        "effort": session.effort or None,
        "forked_from": session.forked_from_id,
        "folder": session.folder_id,
        "tags": session.tags,
        "pinned": session.pinned_at is not None,
        "archived": session.archived_at is not None,
        "temporary": session.is_temporary,
        "unread": session.is_unread,
        "leaf": session.leaf_id,
        "generation": running,
        "created_at": moment(session.created_at),
        "updated_at": moment(session.updated_at),
    }


def as_guest(session: Mapping[str, Any], *, is_unread: bool = False) -> dict[str, Any]:
    """The JSON of a session as a guest sees it: how its owner keeps it in order is not theirs to know."""
    order: dict[str, Any] = {"forked_from": None, "folder": None, "tags": [], "pinned": False, "archived": False}
    return {**session, **order, "guest": True, "unread": is_unread}


def seen_by(user_id: str, session: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of a session for who looks at it now, and so has read it."""
    return dict(session) if session["owner"] == user_id else as_guest(session)


def folder_json(folder: Folder) -> dict[str, Any]:
    """`folder` as `selectors.folders_of` gives it."""
    model, agent = folder.model, folder.agent
    return {
        "id": folder.pk,
        "team": folder.team_id,
        "parent": folder.parent_id,
        "name": folder.name,
        "model": named(model.pk, model.display_name) if model else None,
        "agent": named(agent.pk, agent.name) if agent else None,
        "instructions": folder.instructions,
        "shared": vars(folder)["is_shared"],
    }


def share_json(share: Share) -> dict[str, Any]:
    """`path`: where it is read. `expires_at` may be past: then it is read no more."""
    return {
        "id": share.pk,
        "path": f"/share/{share.pk}",
        "audience": share.audience,
        "live": share.is_live,
        "expires_at": moment(share.expires_at) if share.expires_at else None,
        "created_at": moment(share.created_at),
    }


def prompt_json(prompt: SavedText) -> dict[str, Any]:
    return {
        "id": prompt.id,
        "owner": "user" if prompt.is_own else "team",
        "name": prompt.name,
        "title": prompt.title,
        "text": prompt.text,
        "variables": list(prompt.variables),
        "created_at": moment(prompt.created_at),
        "updated_at": moment(prompt.updated_at),
    }


def memory_json(memory: Memory, origin: tuple[str, str] | None) -> dict[str, Any]:
    """`origin`: (id, title) of the chat that it comes from, None where there is none to open."""
    return {
        "id": memory.id,
        "text": memory.text,
        "by": memory.by,
        "session": named(*origin) if origin else None,
        "created_at": moment(memory.created_at),
        "updated_at": moment(memory.updated_at),
    }


def schedule_json(schedule: Schedule) -> dict[str, Any]:
    """Of the last run the chat, where its owner can still open it, or why there was none."""
    session = schedule.session
    return {
        "id": schedule.pk,
        "team": schedule.team_id,
        "name": schedule.name,
        "prompt": schedule.prompt,
        "model": named(schedule.model_id, schedule.model.display_name if schedule.model else None),
        "agent": named(schedule.agent_id, schedule.agent.name if schedule.agent else None),
        "folder": schedule.folder_id,
        "at": schedule.at.isoformat("minutes"),
        "zone": schedule.zone,
        "weekdays": schedule.weekdays,
        "month_day": schedule.month_day,
        "day": schedule.day.isoformat() if schedule.day else None,
        "enabled": schedule.is_on,
        "next_at": moment(schedule.next_at) if schedule.next_at else None,
        "ran_at": moment(schedule.ran_at) if schedule.ran_at else None,
        "session": named(session.pk, session.title) if session and session.deleted_at is None else None,
        "error": schedule.error,
    }


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """A file that was just uploaded. `characters`: how much text models can read in it, 0 for an image."""
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "characters": len(attachment.text.strip()),
        "created_at": moment(attachment.created_at),
    }


def message_json(message: Message, generation: Generation | None, summary: Summary | None = None) -> dict[str, Any]:
    """`summary`: of everything up to the message, where there is one. What has just been written has none."""
    return {
        "id": message.pk,
        "client_id": message.client_id,
        "parent": message.parent_id,
        "role": message.role,
        "author": named(message.author_id or "", message.author_name) if message.author_name else None,
        "parts": message.parts,
        "created_at": moment(message.created_at),
        "generation": generation_json(generation) if generation else None,
        "summary": summary_json(summary) if summary else None,
    }


def summary_json(summary: Summary) -> dict[str, Any]:
    """`tokens`: about how many models read of it."""
    return {
        "text": summary.text,
        "tokens": summary.tokens,
        "model": summary.model_name,
        "created_at": moment(summary.created_at),
    }


def generation_json(generation: Generation) -> dict[str, Any]:
    # Names were kept when it began: the model and the agent may have gone since.
    return {
        "id": generation.pk,
        "status": generation.status,
        "model": named(generation.model_id or "", generation.model_name),
        "agent": named(generation.agent_id or "", generation.agent_name) if generation.agent_name else None,
        "error": generation.error,
        "finish_reason": generation.finish_reason or None,
        "metadata": generation.metadata,
        "beside": generation.beside or None,
        "place": generation.place,
        "merged_from": generation.merged_from,
        "guidance": generation.guidance or None,
        "feedback": feedback_json(generation),
    }


def feedback_json(generation: Generation) -> dict[str, str | None] | None:
    if not generation.rating:
        return None
    return {"rating": generation.rating, "reason": generation.rating_reason or None}
