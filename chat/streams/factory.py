"""Which stream log is used: the only place that reads the setting."""

from __future__ import annotations

from django.conf import settings

from chat.streams.base import StreamLog
from chat.streams.memory import MemoryStreamLog
from chat.streams.redis import RedisStreamLog


def stream_log() -> StreamLog:
    """A log of its own for the event loop that runs: `REDIS_URL`'s, or memory. Raises ValueError for a wrong address."""
    return RedisStreamLog(settings.REDIS_URL) if settings.REDIS_URL else MemoryStreamLog()
