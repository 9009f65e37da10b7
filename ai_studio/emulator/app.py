"""The emulator's web application: three wire formats and the record of what came in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web

from ai_studio.emulator import inspection
from ai_studio.emulator.anthropic import AnthropicWire
from ai_studio.emulator.completions import CompletionRequest, ErrorKind, ProviderError
from ai_studio.emulator.gemini import GeminiWire
from ai_studio.emulator.openai import OpenAIWire
from ai_studio.emulator.playback import Playback
from ai_studio.emulator.record import Moment, ReceivedRequest, Record
from ai_studio.emulator.replies import close_connection, error_response, json_response, page_response, whole_response
from ai_studio.emulator.script import Refusal
from ai_studio.emulator.scripts import script_for
from ai_studio.emulator.wire import InvalidBody, Wire

MAX_BODY = 64 * 2**20
MODELS = (
    "story", "story-slow", "showcase", "echo", "reasoning", "tool-call", "unicode", "refusal", "tokens-300-rate-77",
    "stall", "error-429", "overloaded", "cut",
)  # fmt: skip
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app() -> web.Application:
    """The application; its record starts empty."""
    app = web.Application(client_max_size=MAX_BODY)
    app[inspection.RECORD] = Record()
    openai, anthropic, gemini = OpenAIWire(), AnthropicWire(), GeminiWire()
    answer_openai, answer_anthropic = completion_handler(openai), completion_handler(anthropic)
    answer_gemini = completion_handler(gemini)
    list_models = models_handler(openai, anthropic, gemini)
    # LiteLLM appends the version to Anthropic's base URL, and none to the others': each is served with and without.
    for prefix in ("", "/v1", "/v1beta"):
        app.router.add_post(f"{prefix}/chat/completions", answer_openai)
        app.router.add_post(f"{prefix}/messages", answer_anthropic)
        app.router.add_post(
            f"{prefix}/models/{{model:.+}}:{{method:streamGenerateContent|generateContent}}", answer_gemini
        )
        app.router.add_get(f"{prefix}/models", list_models)
    inspection.add_routes(app)
    return app


def completion_handler(wire: Wire) -> Handler:
    """The handler of one format's completion requests."""

    async def handle(http_request: web.Request) -> web.StreamResponse:
        record = http_request.app[inspection.RECORD]
        received = record.receive(http_request.path, http_request.headers)
        key = wire.api_key(http_request.headers, http_request.query)
        request = CompletionRequest(model=http_request.match_info.get("model", ""), prompt="", api_key=key)
        refused = check_key(key)
        if refused is not None:
            return error_response(wire, refused, request)
        body = await http_request.read()
        record.keep_body(received, body)
        try:
            request = wire.parse(orjson.loads(body), key, http_request.match_info)
        except (InvalidBody, orjson.JSONDecodeError) as error:
            return error_response(wire, ProviderError(ErrorKind.BAD_REQUEST, detail=str(error)), request)
        received.model = request.model
        script = script_for(request)
        if script.refusal is not None and is_due(script.refusal, request, record):
            return refusal_response(http_request, wire, request, script.refusal)
        if request.is_streamed:
            return await stream_response(http_request, Playback(wire, request, script), received)
        return await whole_response(http_request, wire, request, script)

    return handle


def models_handler(openai: Wire, anthropic: Wire, gemini: Wire) -> Handler:
    """The handler of GET /models, a path that the formats share; the headers tell them apart."""

    async def handle(http_request: web.Request) -> web.Response:
        headers, query = http_request.headers, http_request.query
        wire = openai
        if "x-goog-api-key" in headers or "key" in query or http_request.path.startswith("/v1beta"):
            wire = gemini
        elif "x-api-key" in headers or "anthropic-version" in headers:
            wire = anthropic
        key = wire.api_key(headers, query)
        refused = check_key(key)
        if refused is not None:
            return error_response(wire, refused, CompletionRequest(model="", prompt="", api_key=key))
        return json_response(wire.models(MODELS))

    return handle


def check_key(key: str) -> ProviderError | None:
    """The error that a missing key, or one that starts with `invalid`, gets."""
    if not key:
        return ProviderError(ErrorKind.MISSING_KEY)
    return ProviderError(ErrorKind.INVALID_KEY) if key.startswith("invalid") else None


def is_due(refusal: Refusal, request: CompletionRequest, record: Record) -> bool:
    """Whether this attempt at the request is one of those to refuse."""
    if refusal.error is None or refusal.error.times is None:
        return True
    return record.attempt((request.api_key, request.model, request.prompt)) <= refusal.error.times


def refusal_response(
    http_request: web.Request, wire: Wire, request: CompletionRequest, refusal: Refusal
) -> web.StreamResponse:
    """What comes in place of the answer."""
    if refusal.error is not None:
        return error_response(wire, refusal.error, request)
    if refusal.html_status is not None:
        return page_response(refusal.html_status)
    close_connection(http_request)
    return web.Response()


async def stream_response(
    http_request: web.Request, playback: Playback, received: ReceivedRequest
) -> web.StreamResponse:
    """Streams the answer. The task is cancelled the moment the client closes the connection, even within a stall."""
    record = http_request.app[inspection.RECORD]
    stream = record.start(received)
    headers = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    response = web.StreamResponse(headers=headers)
    try:
        await response.prepare(http_request)
        await playback.play(response, stream, record)
        if playback.is_cut():
            close_connection(http_request)
        stream.finished = Moment()
    except (asyncio.CancelledError, ConnectionResetError):
        stream.closed_by_client = Moment()
        raise
    finally:
        record.notify()
    return response
