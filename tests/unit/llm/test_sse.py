"""Server-sent events from bytes, in whatever pieces they come."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ai_studio.llm.errors import MalformedResponse
from ai_studio.llm.wire import sse
from ai_studio.llm.wire.sse import SSEReader


def payloads(*pieces: bytes) -> list[bytes]:
    reader = SSEReader()
    return [*(payload for piece in pieces for payload in reader.feed(piece)), *reader.flush()]


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        pytest.param(b"data: one\n\ndata: two\n\n", [b"one", b"two"], id="plain"),
        pytest.param(b"data:one\n\ndata:  two\n\n", [b"one", b" two"], id="one-space-is-dropped"),
        pytest.param(b"event: x\ndata: one\nid: 7\nretry: 3\n\n", [b"one"], id="other-fields"),
        pytest.param(b"data: one\ndata: two\n\n", [b"one\ntwo"], id="several-lines"),
        pytest.param(b": comment\n\ndata: one\n\n:\n\n", [b"one"], id="comments"),
        pytest.param(b"\n\n\n\ndata: one\n\n\n\n", [b"one"], id="blank-lines"),
        pytest.param(b"event: ping\n\ndata: one\n\n", [b"one"], id="event-without-data"),
        pytest.param(b"database: x\ndata: one\n\n", [b"one"], id="a-field-that-begins-alike"),
        pytest.param(b"data: one\r\n\r\ndata: two\r\n\r\n", [b"one", b"two"], id="crlf"),
        pytest.param(b"data: one\r\rdata: two\r\r", [b"one", b"two"], id="cr"),
        pytest.param(b"data: one\n\r\ndata: two\r\n\n", [b"one", b"two"], id="mixed-line-ends"),
        pytest.param(b"\xef\xbb\xbfdata: one\n\n", [b"one"], id="byte-order-mark"),
        pytest.param(b"\xef\xbbdata: one\n\n", [], id="half-a-byte-order-mark-is-another-field"),
        pytest.param(b"data: one\n\ndata: two", [b"one", b"two"], id="unended"),
        pytest.param(b"data: one\n\ndata: two\n", [b"one", b"two"], id="ended-without-blank-line"),
        pytest.param(b"data: one\r\n\r\ndata: two\r", [b"one", b"two"], id="ended-by-cr"),
        pytest.param(b"data: a\xe2\x80\xa8b\n\n", [b"a\xe2\x80\xa8b"], id="u2028-is-not-a-line-end"),
        pytest.param(b"<!doctype html>\n<html>\n\n</html>\n", [], id="html"),
        pytest.param(b"", [], id="nothing"),
        pytest.param(b"data: \n\ndata\n\n", [], id="empty-data"),
    ],
)
def test_payloads(stream: bytes, expected: list[bytes]) -> None:
    assert payloads(stream) == expected
    assert payloads(*(stream[at : at + 1] for at in range(len(stream)))) == expected


fragments = st.sampled_from(
    [b"data: ", b"data:", b"data", b"a", b"\n", b"\r", b"\r\n", b": c", b"event: e", b"\xef\xbb\xbf"]
)


@given(st.lists(fragments, max_size=30), st.lists(st.integers(0, 200)))
@example([b"data: ", b"a", b"\r\n", b"\r\n"], [8])
@example([b"\xef\xbb\xbf", b"data: ", b"a"], [1, 2])
def test_splits_do_not_matter(parts: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(parts)
    bounds = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert payloads(*(stream[start:end] for start, end in pairwise(bounds))) == payloads(stream)


def test_an_event_comes_as_soon_as_it_is_complete() -> None:
    reader = SSEReader()
    assert reader.feed(b"data: on") == []
    assert reader.feed(b"e\n") == []
    assert reader.feed(b"\ndata: t") == [b"one"]
    assert reader.feed(b"wo\r\n\r") == [b"two"]
    assert reader.feed(b"\n") == []


def test_an_event_without_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sse, "MAX_EVENT_BYTES", 100)
    reader = SSEReader()
    assert reader.feed(b"data: " + b"x" * 94) == []
    with pytest.raises(MalformedResponse, match="exceeds 100 bytes"):
        reader.feed(b"x")
