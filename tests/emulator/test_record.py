"""What tests can ask the emulator, and how it starts and ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
from pathlib import Path

import pytest
from django.core.management import call_command

from ai_studio.emulator import record as record_module
from ai_studio.emulator.record import Record
from ai_studio.emulator.testing import ROOT, received_requests, reset, running_emulator, streams, wait_for_streams
from tests.emulator.asking import FORMATS, PROMPT, hear_stream, read_stream

COMMAND = [sys.executable, "-m", "ai_studio.emulator"]
KEY = "sk-very-secret-7391"


@pytest.fixture(autouse=True)
def _forget(emulator):
    reset(emulator)


@pytest.mark.parametrize("wire", FORMATS)
async def test_a_request_is_kept_without_its_key(emulator, wire):
    await hear_stream(emulator, wire, "echo-rate-0", api_key=KEY)

    (request,) = received_requests(emulator)
    assert request["model"] == "echo-rate-0"
    assert PROMPT in str(request["body"])
    assert request["received"]["wall"] > request["received"]["monotonic"]
    assert "…7391" in request["headers"].values()
    assert KEY not in str(request)


async def test_streams_are_numbered_as_their_requests(emulator):
    await read_stream(emulator, "openai", "tokens-4-rate-0")
    await read_stream(emulator, "openai", "error-500")
    await read_stream(emulator, "openai", "tokens-7-rate-0")

    requests, begun = received_requests(emulator), streams(emulator)
    assert [stream["id"] for stream in begun] == [requests[0]["id"], requests[2]["id"]]
    assert [stream["tokens_sent"] for stream in begun] == [4, 7]
    assert [stream["model"] for stream in begun] == ["tokens-4-rate-0", "tokens-7-rate-0"]


async def test_waiting_counts_the_streams_of_one_model(emulator):
    await read_stream(emulator, "openai", "tokens-4-rate-0")
    await read_stream(emulator, "openai", "tokens-7-rate-0")

    assert len(wait_for_streams(emulator, "finished", count=2)) == 2
    with pytest.raises(urllib.error.HTTPError, match="408"):
        wait_for_streams(emulator, "finished", count=2, model="tokens-4-rate-0", timeout=0.05)
    with pytest.raises(urllib.error.HTTPError, match="400"):
        wait_for_streams(emulator, "model")


async def test_reset_forgets_everything(emulator):
    await read_stream(emulator, "openai", "fail-500-1-rate-0")
    await read_stream(emulator, "openai", "fail-500-1-rate-0")
    assert len(streams(emulator)) == 1

    reset(emulator)

    assert received_requests(emulator) == streams(emulator) == []
    await read_stream(emulator, "openai", "fail-500-1-rate-0")
    assert streams(emulator) == []


def test_the_record_is_bounded_in_number_and_size(monkeypatch):
    monkeypatch.setattr(record_module, "KEPT_BYTES", 10)
    record = Record()
    for number in range(record_module.KEPT + 5):
        record.receive(f"/{number}", {})
    assert len(record.requests) == record_module.KEPT
    assert record.requests[0].path == "/5"

    for _ in range(4):
        record.keep_body(record.receive("/large", {}), b'"1234"')
    assert [request.body for request in record.requests] == [b'"1234"']

    record.keep_body(record.receive("/larger", {}), b"x" * 11)
    assert not record.requests


def test_a_body_that_is_not_json_is_shown_as_text():
    record = Record()
    record.keep_body(record.receive("/", {}), b"\xffhello")

    assert record.requests_as_json()[0]["body"] == "\ufffdhello"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_prints_its_address_and_ends_on_a_signal(number):
    process = subprocess.Popen([*COMMAND, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.send_signal(number)

    output, _ = process.communicate(timeout=10)
    assert line.startswith("emulator: http://127.0.0.1:")
    assert (process.returncode, output) == (0, "")


def test_the_process_ends_in_the_middle_of_a_stream():
    with running_emulator() as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            body = b'{"model": "story-stall-3-60000-rate-0", "messages": [{"role": "user", "content": "Hi"}], "stream": true}'
            head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer k\r\n"
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            wait_for_streams(url, "first_token")
    with pytest.raises(urllib.error.URLError):
        streams(url)


def test_a_port_in_use_is_said_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run([*COMMAND, "--port", port], cwd=ROOT, capture_output=True, text=True, timeout=20)

    assert result.returncode == 1
    assert result.stderr.startswith(f"emulator: cannot listen on 127.0.0.1:{port}: ")
    assert len(result.stderr.splitlines()) == 1


def test_the_management_command_serves_where_it_is_told(monkeypatch):
    served = []
    monkeypatch.setattr("ai_studio.emulator.server.main", lambda host, port: served.append((host, port)))

    call_command("emulate_provider", "--host", "127.0.0.2", "--port", "0")

    assert served == [("127.0.0.2", 0)]


def test_the_emulator_runs_from_any_folder(tmp_path: Path):
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        with running_emulator() as url:
            assert received_requests(url) == []
    finally:
        os.chdir(before)
