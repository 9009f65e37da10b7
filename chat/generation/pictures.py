"""Pictures for a request to a model: read when it is built, beside the event loop, and kept nowhere."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping, Sequence

from ai_studio.files.media import HEAD_BYTES, signed_type
from ai_studio.files.storage import PICTURE
from ai_studio.llm import Image
from chat import files as stored
from chat.prompt import File


async def shown(files: Sequence[File]) -> Mapping[str, Image]:
    """The pictures by the id of their file. Raises FilesUnavailable."""
    if not files:
        return {}
    return await asyncio.to_thread(_read, files)


def _read(files: Sequence[File]) -> dict[str, Image]:
    return {file.id: Image(_data_url(stored.read(file.key, PICTURE))) for file in files}


def _data_url(data: bytes) -> str:
    return f"data:{signed_type(data[:HEAD_BYTES])};base64,{base64.b64encode(data).decode()}"
