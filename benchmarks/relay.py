"""The row `relay`: the least that a server can do. A prompt in, one websocket text frame out for each token.

uvloop, aiohttp's client towards the provider, orjson, and a websocket that knows just what this takes (RFC 6455 without
fragments), since any library's would cost more. No product: nobody is asked who they are, nothing is stored or resumed.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
from typing import cast

import aiohttp
import orjson
import uvloop

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE = 1, 8


def text_frame(text: str) -> bytes:
    """A whole text frame, as a server sends it."""
    payload = text.encode()
    if len(payload) < 126:
        return bytes((0x81, len(payload))) + payload
    return b"\x81\x7e" + len(payload).to_bytes(2) + payload


def read_frame(data: bytes) -> tuple[int, bytes, bytes]:
    """Opcode, payload and the rest of `data`, which begins with a masked frame under 64 KiB; opcode 0 when it is not whole."""
    length, start = (data[1] & 0x7F, 2) if len(data) > 1 else (0, 2)
    if length == 126:
        length, start = int.from_bytes(data[2:4]), 4
    end = start + 4 + length
    if len(data) < end:
        return 0, b"", data
    mask = data[start : start + 4]
    payload = bytes(byte ^ mask[index % 4] for index, byte in enumerate(data[start + 4 : end]))
    return data[0] & 0x0F, payload, data[end:]


class Relay(asyncio.Protocol):
    """One client: each text frame is a prompt; its answer comes token by token, then an empty frame."""

    def __init__(self, client: aiohttp.ClientSession, provider: str) -> None:
        self._client = client
        self._provider = provider
        self._received = b""
        self._is_open = False
        self._answers: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._is_open and b"\r\n\r\n" in self._received:
            self._open()
        while self._is_open:
            opcode, payload, self._received = read_frame(self._received)
            if opcode == TEXT:
                # Kept: the event loop itself holds tasks weakly.
                answer = asyncio.create_task(self._answer(payload.decode()))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)
            elif opcode == CLOSE:
                self._transport.close()
            elif not opcode:
                return

    def _open(self) -> None:
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        key = next(value for name, value in headers.items() if name.lower() == b"sec-websocket-key")
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._is_open = True

    async def _answer(self, prompt: str) -> None:
        body = {"model": "bench", "stream": True, "messages": [{"role": "user", "content": prompt}]}
        headers = {"Authorization": "Bearer benchmark"}
        write, tail = self._transport.write, b""
        url = f"{self._provider}/v1/chat/completions"
        async with self._client.post(url, json=body, headers=headers) as response:
            async for data in response.content.iter_any():
                *lines, tail = (tail + data).split(b"\n")
                for line in lines:
                    if line.startswith(b"data: {"):
                        choices = orjson.loads(line[6:])["choices"]
                        if choices and (token := choices[0]["delta"].get("content")):
                            write(text_frame(token))
        write(text_frame(""))


async def serve(port: int, provider: str) -> None:
    """Serves on the loopback address until the process ends. `provider`: the emulator's URL, without a path."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Relay(client, provider), "127.0.0.1", port, backlog=1024)
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relay")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--provider", required=True)
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.provider))
