"""Turns what a provider says into parts, and keeps the message that they add up to. Pure, and on the token path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import assert_never

import orjson

from ai_studio.llm import (
    CompletionEvent,
    EventBatch,
    Finished,
    Message,
    ReasoningDelta,
    SourceCited,
    Sources,
    Started,
    TextDelta,
    Thought,
    ToolCallDelta,
)
from chat import parts
from chat.parts import Part


class Block:
    """An open or finished piece of the message: text, reasoning, a tool call with its arguments, or a source."""

    __slots__ = ("id", "kind", "name", "pieces", "result")

    def __init__(self, kind: str, block_id: str, name: str = "") -> None:
        self.kind = kind
        self.id = block_id
        self.name = name
        self.pieces: list[str] = []
        self.result: Part | None = None
        """Of a tool call: the part that says what came of it. Of a source: its part."""

    @property
    def content(self) -> str:
        """What came so far. Joined pieces stay joined, so reading it often costs no more than the new ones."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""


class Accumulator:
    """One generation's message while it grows. `apply` gives the news as parts; `stored` the message so far.

    At any moment `stored()` equals `parts.fold` of all parts given out.
    """

    def __init__(self, partial: Sequence[Part] = ()) -> None:
        """`partial`: the stored parts of an answer to be continued; its last text stays open for what comes.

        Of its calls those go on that have a result.
        """
        self._blocks: list[Block] = []
        self._open: Block | None = None
        self._tools: dict[int, Block] = {}
        self._ended_tools: set[str] = set()
        self._sources = Sources()
        self._source_count = 0
        self.round_start = 0
        # Of this round, for the provider alone: neither is a part of the message, and neither is stored.
        self._thoughts: list[Thought] = []
        self._signatures: dict[str, str] = {}
        for part in partial:
            self._take_over(part)
        self.started: Started | None = None
        self.finished: Finished | None = None

    def _take_over(self, part: Part) -> None:
        if part["type"] in ("text", "reasoning"):
            block = self._new_block(part["type"], part["text"])
            self._open = block if block.kind == "text" else None
        elif part["type"] in parts.SOURCES:
            self._add_source(SourceCited(part.get("url", ""), part["title"]), [])
        elif parts.has_result(part):
            start, end, *result = parts.unfold([part])
            block = Block("tool", start["toolCallId"], start["toolName"])
            block.pieces.append(part["rawInput"] if "rawInput" in part else orjson.dumps(end["input"]).decode())
            block.result = result[0] if result else None
            self._blocks.append(block)
            self._ended_tools.add(block.id)
            self._open = None

    @property
    def has_content(self) -> bool:
        return bool(self._blocks)

    @property
    def is_speaking(self) -> bool:
        """Whether the words of the answer are coming, not the thoughts before them."""
        return self._open is not None and self._open.kind == "text"

    @property
    def has_reasoned(self) -> bool:
        return any(block.kind == "reasoning" for block in self._blocks)

    @property
    def has_called(self) -> bool:
        """Whether this round has ended with calls."""
        return bool(self._tools) and self.finished is not None

    def calls(self) -> list[Part]:
        """The calls of this round that wait for their result, as they are stored."""
        waiting = (block for block in self._tools.values() if block.id in self._ended_tools and block.result is None)
        return [call for block in waiting if (call := self._stored(block))["state"] == "input-available"]

    def round(self) -> list[Part]:
        """What this round has added to the message, as it is stored."""
        return [self._stored(block) for block in self._blocks[self.round_start :]]

    def signed(self, said: tuple[Message, ...]) -> tuple[Message, ...]:
        """`said`, which is this round as the model sees it, with what its provider wants back beside it."""
        if not said:
            return said
        first = replace(said[0], thoughts=tuple(self._thoughts))
        return tuple(
            replace(
                each, calls=tuple(replace(call, signature=self._signatures.get(call.id, "")) for call in each.calls)
            )
            for each in (first, *said[1:])
        )

    def answer_call(self, result: Part) -> None:
        """Takes in what came of a call: `parts.tool_output` or `parts.tool_failure`."""
        next(block for block in self._tools.values() if block.id == result["toolCallId"]).result = result

    def begin_round(self) -> None:
        """From now on the model goes on, with the results of its calls."""
        self.round_start = len(self._blocks)
        self._tools = {}
        self._thoughts, self._signatures = [], {}
        self.finished = None

    def apply(self, batch: EventBatch) -> list[Part]:
        """The parts that these events add, perhaps none."""
        news: list[Part] = []
        for event in batch:
            self._apply(event, news)
        return news

    def close(self) -> list[Part]:
        """Ends whatever is open: the message is as complete as it will be."""
        news: list[Part] = []
        self._end_open(news)
        self._end_tools(news)
        return news

    def stored(self) -> list[Part]:
        """The message so far, as it is stored and shown."""
        return [self._stored(block) for block in self._blocks]

    def replay(self) -> list[Part]:
        """The shortest parts that make the message so far and leave open what is open: for who comes in the middle."""
        news: list[Part] = []
        for block in self._blocks:
            if block.kind == "source":
                news.append(self._stored(block))
                continue
            if block.kind == "tool":
                news.append(parts.tool_input_start(block.id, block.name))
                if block.content:
                    news.append(parts.tool_input_delta(block.id, block.content))
                if block.id in self._ended_tools:
                    news.append(parts.tool_input_end(block.id, block.name, block.content))
                if block.result is not None:
                    news.append(block.result)
                continue
            news.append(parts.block_start(block.kind, block.id))
            if block.content:
                news.append(_delta(block, block.content))
            if block is not self._open:
                news.append(parts.block_end(block.kind, block.id))
        return news

    def _apply(self, event: CompletionEvent, news: list[Part]) -> None:
        match event:
            case TextDelta(text):
                self._add("text", text, news)
            case ReasoningDelta(text):
                self._add("reasoning", text, news)
            case ToolCallDelta():
                self._add_tool(event, news)
            case Thought():
                self._thoughts.append(event)
            case SourceCited():
                self._add_source(event, news)
            case Started():
                self.started = event
            case Finished():
                self.finished = event
                news.extend(self.close())
            case _:
                assert_never(event)

    def _add(self, kind: str, text: str, news: list[Part]) -> None:
        block = self._open
        if block is None or block.kind != kind:
            self._end_open(news)
            block = self._open = self._new_block(kind)
            news.append(parts.block_start(kind, block.id))
        block.pieces.append(text)
        news.append(_delta(block, text))

    def _new_block(self, kind: str, text: str = "") -> Block:
        block = Block(kind, parts.block_id(kind, len(self._blocks) + 1))
        if text:
            block.pieces.append(text)
        self._blocks.append(block)
        return block

    def _add_tool(self, event: ToolCallDelta, news: list[Part]) -> None:
        block = self._tools.get(event.index)
        if block is None:
            self._end_open(news)
            block = Block("tool", self._free_call_id(event.call_id), event.name)
            self._blocks.append(block)
            self._tools[event.index] = block
            self._signatures[block.id] = event.signature
            news.append(parts.tool_input_start(block.id, block.name))
        if event.arguments:
            block.pieces.append(event.arguments)
            news.append(parts.tool_input_delta(block.id, event.arguments))

    def _add_source(self, event: SourceCited, news: list[Part]) -> None:
        """What is open stays open: models cite in the middle of a sentence."""
        if self._sources.new(event) is None:
            return
        self._source_count += 1
        part = parts.source(self._source_count, url=event.url, title=event.title)
        block = Block("source", part["sourceId"])
        block.result = part
        self._blocks.append(block)
        news.append(part)

    def _free_call_id(self, wanted: str) -> str:
        """`wanted`, unless it is empty or taken: some providers give two calls of one answer the same id, or none."""
        taken = {block.id for block in self._blocks if block.kind == "tool"}
        if wanted and wanted not in taken:
            return wanted
        return next(name for number in count(len(self._blocks) + 1) if (name := f"call{number}") not in taken)

    def _end_open(self, news: list[Part]) -> None:
        if self._open is not None:
            news.append(parts.block_end(self._open.kind, self._open.id))
            self._open = None

    def _end_tools(self, news: list[Part]) -> None:
        for block in self._tools.values():
            if block.id not in self._ended_tools:
                self._ended_tools.add(block.id)
                news.append(parts.tool_input_end(block.id, block.name, block.content))

    def _stored(self, block: Block) -> Part:
        if block.kind == "source" and block.result is not None:
            return dict(block.result)
        if block.kind != "tool":
            return {"type": block.kind, "text": block.content}
        tool = parts.open_tool(block.id, block.name, block.content)
        if block.id in self._ended_tools:
            parts.end_tool(tool, parts.tool_input_end(block.id, block.name, block.content))
        if block.result is not None:
            parts.answer_tool(tool, block.result)
        return tool


def _delta(block: Block, text: str) -> Part:
    return parts.text_delta(block.id, text) if block.kind == "text" else parts.reasoning_delta(block.id, text)
