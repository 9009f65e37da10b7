"""What tests ask the emulator: which requests came, what became of the streams."""

from __future__ import annotations

import asyncio

from aiohttp import web

from ai_studio.emulator.record import Record
from ai_studio.emulator.replies import json_response

RECORD = web.AppKey("record", Record)
MOMENTS = frozenset({"started", "first_token", "finished", "closed_by_client"})


def add_routes(app: web.Application) -> None:
    """Adds everything under /_emulator/."""
    app.router.add_get("/_emulator/requests", show_requests)
    app.router.add_get("/_emulator/streams", show_streams)
    app.router.add_get("/_emulator/wait", wait)
    app.router.add_post("/_emulator/reset", reset)


async def show_requests(http_request: web.Request) -> web.Response:
    """GET /_emulator/requests: the last thousand, oldest first."""
    return json_response(http_request.app[RECORD].requests_as_json())


async def show_streams(http_request: web.Request) -> web.Response:
    """GET /_emulator/streams: the last thousand, oldest first."""
    return json_response(http_request.app[RECORD].streams_as_json())


async def wait(http_request: web.Request) -> web.Response:
    """GET /_emulator/wait?moment=closed_by_client&count=1&timeout=5&model=: the streams, once `count` came so far.

    `moment` is one of a stream's; `model` counts that model's streams alone; 408 when it takes over `timeout` seconds.
    """
    query = http_request.query
    moment = query.get("moment", "finished")
    if moment not in MOMENTS:
        return json_response({"error": f"moment must be one of {sorted(MOMENTS)}"}, 400)
    record = http_request.app[RECORD]
    try:
        async with asyncio.timeout(float(query.get("timeout", "5"))):
            await record.wait(moment, int(query.get("count", "1")), query.get("model"))
    except TimeoutError:
        return json_response(record.streams_as_json(), 408)
    return json_response(record.streams_as_json())


async def reset(http_request: web.Request) -> web.Response:
    """POST /_emulator/reset: forgets requests, streams and the counts of failures."""
    http_request.app[RECORD].reset()
    return json_response({})
