"""Asks the emulator through LiteLLM, as the product does, or byte for byte."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

FORMATS = ("openai", "anthropic", "gemini")
VERSIONS = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta"}
PROMPT = "Tell me about boats and rivers"


@dataclass
class Heard:
    """What LiteLLM made of an answer."""

    text: str = ""
    reasoning: str = ""
    tool_calls: dict[int, tuple[str, str]] = field(default_factory=dict)
    finish_reason: str | None = None
    usage: Any = None
    deltas: int = 0


async def call(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> Any:
    """LiteLLM's answer to one user message, or to `messages`."""
    import litellm

    litellm.suppress_debug_info = True
    settings = {"api_key": "sk-test", "max_retries": 0, "messages": [{"role": "user", "content": prompt}], **options}
    return await litellm.acompletion(
        model=f"{wire}/{model}",
        api_base=url + VERSIONS[wire],
        timeout=30,
        # With tools, LiteLLM otherwise imports its proxy, which needs packages that we do not have.
        _skip_mcp_handler=True,
        **settings,
    )


async def close_clients() -> None:
    """Closes the HTTP clients that LiteLLM has kept."""
    from litellm import close_litellm_async_clients

    await close_litellm_async_clients()


async def hear(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> Heard:
    """The whole answer, not streamed."""
    answer = await call(url, wire, model, prompt, **options)
    message = answer.choices[0].message
    calls = enumerate(message.tool_calls or [])
    return Heard(
        text=message.content or "",
        reasoning=getattr(message, "reasoning_content", None) or "",
        tool_calls={index: (each.function.name, each.function.arguments) for index, each in calls},
        finish_reason=answer.choices[0].finish_reason,
        usage=answer.usage,
    )


async def hear_stream(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> Heard:
    """The whole answer, streamed and put together."""
    heard = Heard()
    stream = await call(
        url, wire, model, prompt, **{"stream": True, "stream_options": {"include_usage": True}, **options}
    )
    await listen(stream, heard)
    return heard


async def listen(stream: Any, heard: Heard) -> None:
    """Adds all of `stream` to `heard`, which keeps what came before an error."""
    async for part in stream:
        heard.usage = getattr(part, "usage", None) or heard.usage
        if not part.choices:
            continue
        delta = part.choices[0].delta
        heard.text += delta.content or ""
        heard.deltas += bool(delta.content)
        heard.reasoning += getattr(delta, "reasoning_content", None) or ""
        for each in delta.tool_calls or []:
            name, arguments = heard.tool_calls.get(each.index, ("", ""))
            heard.tool_calls[each.index] = (
                name + (each.function.name or ""),
                arguments + (each.function.arguments or ""),
            )
        heard.finish_reason = part.choices[0].finish_reason or heard.finish_reason


def raw_request(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> dict[str, Any]:
    """The arguments of aiohttp's `post` for a streamed request without LiteLLM."""
    message = {"role": "user", "content": prompt}
    match wire:
        case "openai":
            path, headers = "/v1/chat/completions", {"Authorization": "Bearer sk-test"}
            body: dict[str, Any] = {"model": model, "messages": [message], "stream": True}
        case "anthropic":
            path, headers = "/v1/messages", {"x-api-key": "sk-test"}
            body = {"model": model, "messages": [message], "stream": True, "max_tokens": 4096}
        case _:
            path, headers = f"/v1beta/models/{model}:streamGenerateContent?alt=sse", {"x-goog-api-key": "sk-test"}
            body = {"contents": [{"role": "user", "parts": [{"text": prompt}]}]}
    return {"url": url + path, "headers": headers, "json": {**body, **options}}


async def read_stream(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> bytes:
    """The bytes of a streamed answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(**raw_request(url, wire, model, prompt, **options)) as response,
    ):
        return await response.read()


async def read_writes(url: str, wire: str, model: str, prompt: str = PROMPT, **options: Any) -> list[bytes]:
    """The bytes of a streamed answer, as they were written: each write is one chunk of HTTP.

    Read from the socket, since aiohttp's client does not keep the bounds of chunks that arrive in pieces.
    """
    request = raw_request(url, wire, model, prompt, **options)
    address = urlsplit(request["url"])
    body = json.dumps(request["json"]).encode()
    headers = {"Host": address.netloc, "Content-Length": str(len(body)), "Connection": "close", **request["headers"]}
    lines = [f"POST {address.path}?{address.query} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    _, _, rest = answer.partition(b"\r\n\r\n")
    return list(http_chunks(rest))


def http_chunks(body: bytes) -> Iterator[bytes]:
    """The chunks of a body in HTTP's chunked encoding, without the empty one at the end."""
    start = 0
    while True:
        line_end = body.index(b"\r\n", start)
        length = int(body[start:line_end], 16)
        if not length:
            return
        start = line_end + 2
        yield body[start : start + length]
        start += length + 2
