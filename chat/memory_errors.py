"""What a client may be told of memories, in addition to `chat.errors`."""

from __future__ import annotations

from chat.errors import ChatError


class _MemoryError(ChatError):
    retryable = False


class MemoryUnavailable(_MemoryError):
    code = "memory_unavailable"
    text = "This platform remembers nothing about people."
    http_status = 400


class MemoryNotFound(_MemoryError):
    code = "memory_not_found"
    text = "This is not remembered. It may have been deleted."
    http_status = 404


class TooManyMemories(_MemoryError):
    code = "too_many_memories"
    text = "You have as many memories as there can be. Delete one first."
    http_status = 409
