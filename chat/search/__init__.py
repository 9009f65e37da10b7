"""Full-text search over what one may read: titles, messages and files, on SQLite (FTS5) and PostgreSQL alike."""

from __future__ import annotations

from ai_studio.search.query import MAX_CHARACTERS, parse
from chat.search.finding import Filters, Found, FoundFile, FoundMessage, FoundSession, find

__all__ = ["MAX_CHARACTERS", "Filters", "Found", "FoundFile", "FoundMessage", "FoundSession", "find", "parse"]
