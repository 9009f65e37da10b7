"""Answers that come in one piece, and the lack of one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import orjson
from aiohttp import web

from ai_studio.emulator.completions import CompletionRequest, ErrorKind, ProviderError
from ai_studio.emulator.script import BreakKind, Script
from ai_studio.emulator.wire import Wire

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{status} {title}</title></head>
<body><center><h1>{status} {title}</h1></center><hr><center>nginx</center></body></html>
"""
TITLES = {
    200: "Welcome",
    403: "Forbidden",
    404: "Not Found",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
}


def json_response(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """`body` as JSON."""
    return web.Response(body=orjson.dumps(body), status=status, headers=headers, content_type="application/json")


def error_response(wire: Wire, error: ProviderError, request: CompletionRequest) -> web.Response:
    """The error as the provider words it."""
    status, body = wire.error(error, request)
    headers = {} if error.retry_after is None else {"Retry-After": f"{error.retry_after:g}"}
    return json_response(body, status, headers)


def page_response(status: int) -> web.Response:
    """A web page, as a proxy answers."""
    text = PAGE.format(status=status, title=TITLES.get(status, "Error"))
    return web.Response(text=text, status=status, content_type="text/html")


async def whole_response(
    http_request: web.Request, wire: Wire, request: CompletionRequest, script: Script
) -> web.StreamResponse:
    """The answer to a request that is not streamed, when its last token is due."""
    answer = script.answer(request)
    await asyncio.sleep(script.pace.duration(answer.token_count))
    if script.broken is None:
        return json_response(wire.body(request, answer))
    match script.broken.kind:
        case BreakKind.ERROR_EVENT:
            return error_response(wire, ProviderError(ErrorKind.OVERLOADED), request)
        case BreakKind.CUT:
            return await cut_response(http_request, orjson.dumps(wire.body(request, answer)))
        case BreakKind.MALFORMED | BreakKind.TRUNCATED:
            data = orjson.dumps(wire.body(request, answer))
            return web.Response(body=data[: len(data) // 2], content_type="application/json")


async def cut_response(http_request: web.Request, data: bytes) -> web.StreamResponse:
    """Half of `data` under a Content-Length for all of it."""
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(data))})
    await response.prepare(http_request)
    await response.write(data[: len(data) // 2])
    close_connection(http_request)
    return response


def close_connection(http_request: web.Request) -> None:
    """Closes the connection once what was written is out; whatever HTTP would have to say after it is not sent."""
    if http_request.transport is not None:
        http_request.transport.close()
