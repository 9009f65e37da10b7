"""Libraries with documents, for tests."""

from __future__ import annotations

from itertools import count
from typing import Any

from ai_studio.library import keeping
from ai_studio.models import Document, Library, Team

_number = count(1)


def make_library(team: Team, **fields: Any) -> Library:
    return Library.objects.create(team=team, **{"name": f"Library {next(_number)}"} | fields)


def make_document(library: Library, text: str = "The office opens at nine.", name: str = "") -> Document:
    """As an import brings it: nothing is stored under its key."""
    return keeping.put(
        library, name=name or f"document-{next(_number)}.txt", media_type="text/plain", text=text, by=None
    )
