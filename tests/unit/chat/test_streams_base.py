"""What a viewer gets of a stream: single entries, or many merged into one frame."""

from __future__ import annotations

import json
from unittest.mock import Mock

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import frames, parts
from chat.streams.base import FRAME_CHARACTERS, Entry, join_deltas, merged_frame, merged_frames
from chat.streams.memory import MemoryStreamLog
from tests.unit.chat.completions import completions, flushes

GENERATION = "g-Rt5yUi8oPl3kJhGf"


def entries(news: list[list[parts.Part]]) -> list[Entry]:
    return [Entry(GENERATION, seq, frames.encode_parts(flush)) for seq, flush in enumerate(news, start=1)]


async def test_an_entry_is_encoded_once_for_all_viewers(monkeypatch):
    encode = Mock(side_effect=frames.encode_parts)
    monkeypatch.setattr(frames, "encode_parts", encode)
    log = MemoryStreamLog()
    log.open(GENERATION)
    log.append(GENERATION, [parts.start_step()])
    shown = [merged_frame(await anext(log.follow(GENERATION, 0))) for _ in range(2)]
    assert shown[0] == shown[1]
    encode.assert_called_once_with([parts.start_step()])


def test_what_is_no_text_is_replaced_and_holds_nobody_up():
    (entry,) = entries([[parts.text_delta("t1", "a\ud800b é")]])
    assert entry.parts == [parts.text_delta("t1", "a\ufffdb é")]
    assert orjson.loads(entry.frame)["parts"] == entry.parts


def test_many_entries_are_one_frame_over_all_of_them():
    first, second, third = entries([[parts.text_delta("t1", text)] for text in ("a", "b", "c")])
    assert orjson.loads(merged_frame([second, third])) == {
        "type": "parts", "generation": GENERATION, "after": 1, "seq": 3,
        "parts": [{"type": "text-delta", "id": "t1", "delta": "bc"}],
    }  # fmt: skip
    assert first.parts == [parts.text_delta("t1", "a")]  # entries are shared between viewers
    assert second.parts == [parts.text_delta("t1", "b")]


@pytest.mark.parametrize(
    ("news", "joined"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [parts.text_delta("t1", "a"), parts.text_delta("t1", "b"), parts.text_delta("t1", "c")],
            [parts.text_delta("t1", "abc")],
            id="deltas of one block",
        ),
        pytest.param(
            [parts.text_delta("t1", "a"), parts.text_delta("t2", "b")],
            [parts.text_delta("t1", "a"), parts.text_delta("t2", "b")],
            id="deltas of two blocks",
        ),
        pytest.param(
            [parts.reasoning_delta("x1", "a"), parts.text_delta("x1", "b")],
            [parts.reasoning_delta("x1", "a"), parts.text_delta("x1", "b")],
            id="deltas of two kinds",
        ),
        pytest.param(
            [parts.text_delta("t1", "a"), parts.block_end("text", "t1")],
            [parts.text_delta("t1", "a"), parts.block_end("text", "t1")],
            id="a delta and its end",
        ),
        pytest.param(
            [parts.tool_input_delta("c", "a"), parts.tool_input_delta("c", "b")],
            [parts.tool_input_delta("c", "a"), parts.tool_input_delta("c", "b")],
            id="arguments stay as they came",
        ),
    ],
)
def test_neighbouring_deltas_are_joined(news, joined):
    before = json.dumps(news)
    assert join_deltas(news) == joined
    assert json.dumps(news) == before


@given(completions())
def test_joining_deltas_changes_nothing_of_the_message(batches):
    news = [part for flush in flushes(batches) for part in flush]
    assert parts.fold(join_deltas(news)) == parts.fold(news)


@pytest.mark.parametrize(
    ("sizes", "seqs"),
    [
        pytest.param([1], [1], id="one"),
        pytest.param([1, 1, 1], [3], id="all in one"),
        pytest.param([FRAME_CHARACTERS, 1], [1, 2], id="full"),
        pytest.param([FRAME_CHARACTERS - 100, 1, 1], [2, 3], id="just full"),
        pytest.param([FRAME_CHARACTERS * 2, FRAME_CHARACTERS * 2, 1], [1, 2, 3], id="one alone is larger"),
        pytest.param([0, 0, FRAME_CHARACTERS, 0, 1], [2, 3, 5], id="entries without text"),
    ],
)
def test_a_frame_holds_so_much_and_no_more(sizes, seqs):
    log = entries([[parts.text_delta("t1", "x" * size)] for size in sizes])
    assert [seq for seq, _ in merged_frames(log)] == seqs


@given(st.lists(st.integers(0, FRAME_CHARACTERS), min_size=1, max_size=12))
def test_few_frames_cover_the_stream_without_a_gap(sizes):
    log = entries([[parts.text_delta("t1", "x" * size)] for size in sizes])
    after, said = 0, 0
    for seq, text in merged_frames(log):
        frame = orjson.loads(text)
        assert (frame["after"], frame["seq"]) == (after, seq)
        after = seq
        said += sum(len(part["delta"]) for part in frame["parts"])
    assert (after, said) == (len(sizes), sum(sizes))


@given(completions(), st.data())
def test_merged_frames_cover_the_stream_without_a_gap_and_keep_the_message(batches, data):
    rest = log = entries(flushes(batches))
    seq, heard = 0, []
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        frame = orjson.loads(merged_frame(rest[:size]))
        rest = rest[size:]
        assert frame["after"] == seq
        seq = frame["seq"]
        heard += frame["parts"]
    assert seq == len(log)
    assert parts.fold(heard) == parts.fold(part for entry in log for part in entry.parts)
