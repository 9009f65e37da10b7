"""What a stream log is (docs/streams.md is the whole specification, for authors of another one).

One log per generation, written by one task, read by any number of viewers.

- `append` gives each entry the next `seq`, from 1, without a gap, and wakes the viewers. It never waits.
- `follow(after)` gives every entry after that `seq`, in order, then waits for more, and ends when the log is closed and
  all has been read. What gathered while a viewer was busy comes as one list.
- A viewer never slows the writer, nor another viewer.
- An unknown generation, one whose log has been dropped, or an `after` that is no longer (or not yet) held raises
  `StreamGap`: the viewer takes a snapshot instead. It is never served a sequence with a hole.
- A closed log is kept for a while, so that a viewer who was away for a moment still finds the end.
- The log of an owner that died can be read as a whole, and be ended by another process, once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from typing import Protocol

import orjson

from chat import frames
from chat.parts import Part

FRAME_CHARACTERS = 8 * 1024


class StreamGap(Exception):
    """The entries that were asked for are not held."""


class StreamLogUnavailable(Exception):
    """The place where the log is kept can't be reached now. The text says why, without secrets."""


class Entry:
    """One flush of a generation. `encoded` are its parts as JSON, made once for all viewers and for other nodes."""

    __slots__ = ("encoded", "generation", "seq")

    def __init__(self, generation: str, seq: int, encoded: str) -> None:
        self.generation = generation
        self.seq = seq
        self.encoded = encoded

    @property
    def parts(self) -> list[Part]:
        parts: list[Part] = orjson.loads(self.encoded)
        return parts

    @property
    def frame(self) -> str:
        """The `parts` frame, as it goes on the wire."""
        return frames.parts(self.generation, self.seq - 1, self.seq, self.encoded)


def merged_frames(entries: list[Entry]) -> Iterator[tuple[int, str]]:
    """Few `parts` frames for consecutive entries, each with its `seq`: for a viewer who was busy.

    A frame holds about FRAME_CHARACTERS, unless one entry alone is larger: who reads slowly must see one arrive whole,
    before it, or the server, takes the silence for a broken connection.
    """
    first, size = 0, 0
    for index, entry in enumerate(entries):
        added = len(entry.encoded)
        if index > first and size + added > FRAME_CHARACTERS:
            yield entries[index - 1].seq, merged_frame(entries[first:index])
            first, size = index, 0
        size += added
    yield entries[-1].seq, merged_frame(entries[first:])


def merged_frame(entries: list[Entry]) -> str:
    """One `parts` frame for consecutive entries: a viewer who was busy gets one large frame for many small ones."""
    if len(entries) == 1:
        return entries[0].frame
    first, last = entries[0], entries[-1]
    news = [part for entry in entries for part in entry.parts]
    return frames.parts(first.generation, first.seq - 1, last.seq, frames.encode_parts(join_deltas(news)))


def join_deltas(news: list[Part]) -> list[Part]:
    """The same parts with neighbouring deltas of one block made one."""
    joined: list[Part] = []
    for part in news:
        last = joined[-1] if joined else None
        if last is not None and "delta" in part and last["type"] == part["type"] and last["id"] == part["id"]:
            joined[-1] = {**last, "delta": last["delta"] + part["delta"]}
        else:
            joined.append(part)
    return joined


class StreamLog(Protocol):
    def open(self, generation: str) -> None:
        """Starts an empty log. The generation's owner calls it, once."""

    def append(self, generation: str, parts: list[Part]) -> int:
        """Returns the entry's `seq`. `parts` must not be changed afterwards."""

    def close(self, generation: str) -> None:
        """No more will come. The owner calls it, once."""

    def last_seq(self, generation: str) -> int:
        """The `seq` of the newest entry that this process appended, 0 when there is none."""

    def follow(self, generation: str, after: int) -> AsyncGenerator[list[Entry], None]:
        """Entries after `after`, as they come; never an empty list. Raises StreamGap, at the call or at any step."""

    async def read_all(self, generation: str) -> list[Entry]:
        """The entries that are held, oldest first and without a hole; their first `seq` is above 1 where older ones
        are gone. Empty when the generation is unknown. Raises StreamLogUnavailable."""

    async def end_foreign(self, generation: str, parts: list[Part]) -> bool:
        """Appends `parts` to the log of an owner that is gone, and closes it: the owner, should it live after all, can
        add nothing any more. False when the log was closed already, or is this process's own. Raises StreamLogUnavailable."""

    async def aclose(self) -> None:
        """Hands over what was appended, within a bounded time, and lets go of connections and tasks."""
