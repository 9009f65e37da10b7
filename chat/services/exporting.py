"""Sessions as a file to take along."""

from __future__ import annotations

import tempfile
from typing import IO

from django.http import FileResponse, HttpResponseBase

from ai_studio import gateway
from chat import exporting
from chat.errors import SessionNotFound

IN_MEMORY = 4 * 1024 * 1024


def exported(owner_id: str, session_ids: list[str] | None, file_format: str) -> HttpResponseBase:
    """`session_ids`: None for all that is one's own, saved prompts too. `file_format`: `markdown` or `json`.

    Raises SessionNotFound when none of the named ones is there.
    """
    sessions = list(exporting.sessions_to_export(owner_id, session_ids)) if session_ids is not None else None
    if sessions == []:
        raise SessionNotFound
    prompts = gateway.own_prompts(owner_id) if session_ids is None else []
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    if sessions is not None and len(sessions) == 1 and file_format == "markdown":
        file.write(exporting.markdown(sessions[0]).encode())
        name, kind = exporting.file_name(sessions[0], ".md"), "text/markdown; charset=utf-8"
    elif file_format == "markdown":
        exporting.write_markdown(sessions or exporting.sessions_to_export(owner_id, None), file, prompts=prompts)
        name, kind = "Chats.zip", "application/zip"
    else:
        exporting.write_json(sessions or exporting.sessions_to_export(owner_id, None), file, prompts=prompts)
        name, kind = "Chats.json", "application/json"
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
