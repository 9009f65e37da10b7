from __future__ import annotations

import orjson
import pytest

from chat import errors, frames, parts

SESSION, GENERATION, MESSAGE = "s-Wk3vP9dZq7LmXc2A", "g-Rt5yUi8oPl3kJhGf", "msg-8fK2lQ7xV4bN9m"


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        pytest.param(
            frames.welcome(limits={"frame_bytes": 9}, running=[{"session": SESSION, "generation": GENERATION}]),
            {"type": "welcome", "protocol": 1, "limits": {"frame_bytes": 9},
             "running": [{"session": SESSION, "generation": GENERATION}]},
            id="welcome",
        ),
        pytest.param(frames.ack("c-1", {"a": None}), {"type": "ack", "id": "c-1", "result": {"a": None}}, id="ack"),
        pytest.param(
            frames.error(None, errors.RateLimitReached(retry_after=2.5)),
            {"type": "error", "id": None, "code": "rate_limit_reached", "text": errors.RateLimitReached.text,
             "retryable": True, "retry_after": 2.5},
            id="error",
        ),
        pytest.param(
            frames.parts(GENERATION, 3, 4, frames.encode_parts([parts.text_delta("t1", "é🧐")])),
            {"type": "parts", "generation": GENERATION, "after": 3, "seq": 4,
             "parts": [{"type": "text-delta", "id": "t1", "delta": "é🧐"}]},
            id="parts",
        ),
        pytest.param(
            frames.snapshot(SESSION, GENERATION, 4, {"id": MESSAGE}),
            {"type": "snapshot", "session": SESSION, "generation": GENERATION, "seq": 4, "message": {"id": MESSAGE}},
            id="snapshot",
        ),
        pytest.param(
            frames.summary(SESSION, MESSAGE, {"text": "They met."}),
            {"type": "summary", "session": SESSION, "message": MESSAGE, "summary": {"text": "They met."}},
            id="summary",
        ),
        pytest.param(frames.session({"id": SESSION}), {"type": "session", "session": {"id": SESSION}}, id="session"),
        pytest.param(
            frames.session_deleted(SESSION), {"type": "session-deleted", "session": SESSION}, id="session-deleted"
        ),
        pytest.param(
            frames.branch(SESSION, MESSAGE), {"type": "branch", "session": SESSION, "leaf": MESSAGE}, id="branch"
        ),
        pytest.param(frames.folders([{"id": "f-1"}]), {"type": "folders", "folders": [{"id": "f-1"}]}, id="folders"),
        pytest.param(
            frames.preferences({"theme": "dark"}), {"type": "preferences", "preferences": {"theme": "dark"}},
            id="preferences",
        ),
        pytest.param(
            frames.draft({"session": None, "text": "Half", "version": 1}),
            {"type": "draft", "session": None, "text": "Half", "version": 1},
            id="draft",
        ),
        pytest.param(
            frames.message(SESSION, {"id": MESSAGE}),
            {"type": "message", "session": SESSION, "message": {"id": MESSAGE}},
            id="message",
        ),
    ],
)  # fmt: skip
def test_a_frame_is_one_line_of_json(frame, says):
    assert orjson.loads(frame) == says
    assert "\n" not in frame
