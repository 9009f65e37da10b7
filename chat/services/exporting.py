"""Sessions as a file to take along."""

from __future__ import annotations

import tempfile
from typing import IO

from django.db.models import Q
from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _

from ai_studio import gateway
from chat import access, exporting
from chat.errors import SessionNotFound
from chat.exporting import Belongings
from chat.models import Draft
from chat.presentation import moment
from chat.services.devices import devices_of
from chat.services.memories import memories_json, memory_of
from chat.services.preferences import preferences_of
from chat.services.schedules import schedules_json

IN_MEMORY = 4 * 1024 * 1024


def exported(owner_id: str, session_ids: list[str] | None, file_format: str) -> HttpResponseBase:
    """`session_ids`: None for all that is one's own: saved and scheduled prompts, own instructions, memory, preferences, drafts and devices too. `file_format`: `markdown` or `json`.

    Raises SessionNotFound when none of the named ones is there.
    """
    sessions = list(exporting.sessions_to_export(owner_id, session_ids)) if session_ids is not None else None
    if sessions == []:
        raise SessionNotFound
    belongings = _belongings(owner_id) if session_ids is None else None
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    if sessions is not None and len(sessions) == 1 and file_format == "markdown":
        file.write(exporting.markdown(sessions[0]).encode())
        name, kind = exporting.file_name(sessions[0], ".md"), "text/markdown; charset=utf-8"
    elif file_format == "markdown":
        exporting.write_markdown(sessions or exporting.sessions_to_export(owner_id, None), file, belongings=belongings)
        name, kind = _("Chats") + ".zip", "application/zip"
    else:
        exporting.write_json(sessions or exporting.sessions_to_export(owner_id, None), file, belongings=belongings)
        name, kind = _("Chats") + ".json", "application/json"
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)


def _belongings(owner_id: str) -> Belongings:
    """A draft in a chat that is no longer shown is as absent as the chat."""
    shown = Q(session=None) | Q(session__in=access.listed_sessions_of(owner_id))
    drafts = Draft.objects.filter(shown, user_id=owner_id).exclude(text="").order_by("updated_at", "pk")
    return Belongings(
        prompts=gateway.own_prompts(owner_id),
        instructions=gateway.own_instructions(owner_id),
        memory=memories_json(memory_of(owner_id)),
        preferences=preferences_of(owner_id),
        schedules=schedules_json(owner_id),
        drafts=[
            {"session": draft.session_id, "text": draft.text, "updated_at": moment(draft.updated_at)}
            for draft in drafts
        ],
        devices=[
            {
                "browser": device.browser,
                "signed_in_at": moment(device.signed_in_at),
                "last_used_at": moment(device.last_used_at),
            }
            for device in devices_of(owner_id)
        ],
    )
