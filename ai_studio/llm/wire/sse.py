"""Server-sent events, read from bytes in whatever pieces the network brings them.

Only the `data` field is kept: the three formats that we decode say everything in it, and repeat the event's name there.
"""

from __future__ import annotations

from ai_studio.llm.errors import MalformedResponse

MAX_EVENT_BYTES = 32 * 1024 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SSEReader:
    """Turns pieces of a byte stream into the payloads of its complete events, the same under every way of splitting."""

    def __init__(self) -> None:
        self._tail = b""
        self._at_start = True
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads of the events that `data` completes. Raises `MalformedResponse` when one event exceeds 32 MiB."""
        if self._after_cr or b"\r" in data:
            data = self._normalise_line_ends(data)
        buffer = self._tail + data if self._tail else data
        if self._at_start:
            if _BYTE_ORDER_MARK.startswith(buffer[:3]):
                if len(buffer) < len(_BYTE_ORDER_MARK):
                    self._tail = buffer
                    return []
                buffer = buffer[3:]
            self._at_start = False
        blocks = buffer.split(b"\n\n")
        self._tail = blocks.pop()
        if len(self._tail) > MAX_EVENT_BYTES:
            raise MalformedResponse(f"one event of the stream exceeds {MAX_EVENT_BYTES} bytes")
        return [payload for block in blocks if (payload := _payload(block))]

    def flush(self) -> list[bytes]:
        """What a last event without its blank line holds: some servers close the stream right after the last line."""
        payload = _payload(self._tail)
        self._tail = b""
        return [payload] if payload else []

    def _normalise_line_ends(self, data: bytes) -> bytes:
        # A carriage return at the end of the last piece has become a line feed already: drop the one that follows it.
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
            self._after_cr = False
        if data:
            self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _payload(block: bytes) -> bytes:
    """The joined data lines of one event's block; empty when it has none (a comment, a name alone)."""
    if block.startswith(b"data: ") and b"\n" not in block:
        return block[6:]
    return b"\n".join(
        [
            line[6:] if line.startswith(b"data: ") else line[5:]
            for line in block.split(b"\n")
            if line.startswith(b"data:")
        ]
    )
