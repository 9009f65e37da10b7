"""The benchmark itself: each row can be measured, and what it would have to notice it notices."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest

from benchmarks import __main__ as bench
from benchmarks.conversations import StudioConversation
from benchmarks.figures import Seat, percentile
from benchmarks.stream import Offered, Stream, delivered_share, prompt_for

PROMISED = {
    "row",
    "streams",
    "cpu_us_per_token",
    "marginal_cpu_us_per_token",
    "delivered_share",
    "lost",
    "ttft_ms_p50",
    "ttft_ms_p95",
    "gap_ms_p99",
    "rss_kb_per_stream",
    "cpu_ms_per_request",
}


@pytest.mark.parametrize("row", ["ours", "naive", "relay"])
def test_a_row_is_measured_and_loses_nothing(row: str, tmp_path: Path):
    results = tmp_path / "latest.json"
    status = bench.main(["--rows", row, "--streams", "2", "--tokens", "20", "--repeat", "1", "--output", str(results)])
    assert status == 0
    (record,) = json.loads(results.read_text())
    assert record.keys() >= PROMISED
    assert (record["row"], record["streams"], record["lost"], record["damaged"]) == (row, 2, 0, 0)
    assert record["cpu_us_per_token"] > 0
    assert record["cpu_ms_per_request"] > 0
    assert 0 < record["delivered_share"] <= 1
    assert "given up" not in record["remarks"]


def test_a_token_that_did_not_come_damages_an_answer():
    prompt = prompt_for("7", 20, 10)
    whole = Stream(prompt, pieces=[Stream(prompt).expected()])
    assert (whole.is_damaged(), whole.tokens) == (False, 20)
    assert Stream(prompt, pieces=[whole.pieces[0].rsplit(" ", 1)[0]]).is_damaged()


def test_each_answer_is_another():
    assert Stream(prompt_for("7", 20, 10)).expected() != Stream(prompt_for("8", 20, 10)).expected()


@pytest.mark.parametrize(
    ("last_at", "share"),
    [(101.0, 1.0), (101.4, 1.0), (102.3, 0.5)],
    ids=["faster than the provider, from a late start", "at the provider's pace", "in twice the time"],
)
def test_the_delivered_share_compares_with_the_providers_pace(last_at: float, share: float):
    prompt = prompt_for("7", 10, 10)
    stream = Stream(prompt, asked_at=100.3, heard_at=[100.5, last_at], pieces=[Stream(prompt).expected()])
    assert delivered_share(stream, Offered(100.4, 100.5), 0.9) == pytest.approx(share)


def test_frames_of_another_generation_and_repeated_frames_are_not_heard_twice():
    conversation = StudioConversation(Seat(sessions=("s-1",)))
    command = orjson.loads(conversation.ask("Hello"))
    conversation.hear(orjson.dumps({"type": "ack", "id": command["id"], "result": {"generation": "g-1"}}).decode())

    def parts(generation: str, after: int, text: str) -> str:
        delta = {"type": "text-delta", "id": "t1", "delta": text}
        frame = {"type": "parts", "generation": generation, "after": after, "seq": after + 1, "parts": [delta]}
        return orjson.dumps(frame).decode()

    assert conversation.hear(parts("g-0", 0, "old")).text == ""
    assert conversation.hear(parts("g-1", 0, "new")).text == "new"
    assert conversation.hear(parts("g-1", 0, "new")).text == ""
    assert "gap" in conversation.hear(parts("g-1", 5, "later")).problem


def test_percentiles_are_values_that_were_measured():
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 0.99) == 4.0
    assert percentile([], 0.5) == 0.0
