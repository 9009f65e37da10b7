"""One message, end to end, on the embedded engines and on those of production."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from ai_studio.emulator.scripts import expected_text
from tests import servers

PROMPT = "/emulate tokens 80 rate 0"


@pytest.mark.postgresql
@pytest.mark.redis
def test_answer_arrives_whole_on_postgresql_and_redis(postgres_url: str, redis_url: str):
    with servers.running_studio({"DATABASE_URL": postgres_url, "REDIS_URL": redis_url}) as studio:
        assert_answers(studio)


def test_answer_arrives_whole_on_the_embedded_engines(studio: servers.StudioServer):
    assert_answers(studio)


def assert_answers(studio: servers.StudioServer) -> None:
    token = studio.manage("create_api_token", studio.admin_email).strip()
    model = ask(studio, token, "/api/studio")["models"][0]
    submission = {"id": "s-0123456789abcdef", "trigger": "submit-message", "model": model["id"]}
    message = {"id": "m-0123456789abcdef", "role": "user", "parts": [{"type": "text", "text": PROMPT}]}
    parts = list(stream(studio, token, submission | {"messages": [message]}))
    said = "".join(part["delta"] for part in parts if part["type"] == "text-delta")
    stored = ask(studio, token, "/api/sessions/s-0123456789abcdef/messages")["messages"][-1]
    assert parts[-1]["type"] == "finish", studio.log_tail()
    assert said == expected_text("story", PROMPT)
    assert "".join(part["text"] for part in stored["parts"] if part["type"] == "text") == said


def ask(studio: servers.StudioServer, token: str, path: str) -> Any:
    request = urllib.request.Request(f"{studio.base_url}{path}", headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request, timeout=20) as response:
        return json.load(response)


def stream(studio: servers.StudioServer, token: str, submission: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of the answer to `submission`, as they come."""
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(
        f"{studio.base_url}/api/chat/stream", data=json.dumps(submission).encode(), headers=headers
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        for line in response:
            if line.startswith(b"data: ") and line.strip() != b"data: [DONE]":
                yield json.loads(line.removeprefix(b"data: "))
