"""Full-text search over what one may read: titles and messages, on SQLite (FTS5) and PostgreSQL alike."""

from __future__ import annotations

from ai_studio.search.query import MAX_CHARACTERS, parse
from chat.search.finding import Filters, Found, FoundMessage, FoundSession, find

__all__ = ["MAX_CHARACTERS", "Filters", "Found", "FoundMessage", "FoundSession", "find", "parse"]
