"""Full-text search over what one may read: titles and messages, on SQLite (FTS5) and PostgreSQL alike."""

from __future__ import annotations

from chat.search.finding import Filters, Found, FoundMessage, FoundSession, find
from chat.search.query import MAX_CHARACTERS, parse

__all__ = ["MAX_CHARACTERS", "Filters", "Found", "FoundMessage", "FoundSession", "find", "parse"]
