"""For tests: a running emulator, and questions about what it saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 30.0


@contextmanager
def running_emulator() -> Iterator[str]:
    """Starts the emulator in a process of its own, on a free port, and yields its base URL (without a path).

    As `api_base`, LiteLLM takes `{url}/v1` for OpenAI's format, `{url}` for Anthropic's and `{url}/v1beta` for Gemini's.
    """
    command = [sys.executable, "-m", "ai_studio.emulator", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - fixed command
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("emulator: "):
            raise RuntimeError(f"the emulator did not start; exit status {process.wait(5)}")
        yield line.removeprefix("emulator: ").strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def received_requests(url: str) -> list[dict[str, Any]]:
    """The requests that the emulator at `url` received since the last reset, oldest first."""
    return _ask(f"{url}/_emulator/requests")


def streams(url: str) -> list[dict[str, Any]]:
    """The streams that the emulator at `url` began since the last reset, oldest first."""
    return _ask(f"{url}/_emulator/streams")


def wait_for_streams(
    url: str, moment: str, *, count: int = 1, model: str = "", timeout: float = 5.0
) -> list[dict[str, Any]]:
    """The streams, once `count` of them (of `model`, if given) have come to `moment`.

    `moment` is started, first_token, finished or closed_by_client. Raises `urllib.error.HTTPError` (408) when it takes
    more than `timeout` seconds. It blocks: in a coroutine, call it through `asyncio.to_thread`.
    """
    query = {"moment": moment, "count": count, "timeout": timeout} | ({"model": model} if model else {})
    return _ask(f"{url}/_emulator/wait?{urlencode(query)}")


def reset(url: str) -> None:
    """Makes the emulator at `url` forget requests, streams and the counts of failures."""
    with urlopen(Request(f"{url}/_emulator/reset", method="POST"), timeout=TIMEOUT):  # noqa: S310 - a loopback address
        pass


def _ask(url: str) -> list[dict[str, Any]]:
    with urlopen(url, timeout=TIMEOUT) as response:  # noqa: S310 - a loopback address
        answer: list[dict[str, Any]] = json.load(response)
        return answer
