"""Server-sent events: the AI SDK UI message stream v1, for `useChat` and for programs (docs/protocol.md)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from functools import wraps
from typing import Any

import orjson
from channels.db import database_sync_to_async
from django.core.exceptions import RequestDataTooBig
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from knox.auth import TokenAuthentication
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from chat import services
from chat.authentication import PageAuthentication
from chat.errors import ChatError, IdTaken, InternalError, MalformedFrame, NotAllowed, NotSignedIn, SessionNotFound
from chat.ids import new_id
from chat.parts import Part
from chat.submission import Merging, Regeneration, Submission, parse

logger = logging.getLogger(__name__)

PING_SECONDS = 15.0
HEADERS = {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "X-Accel-Buffering": "no",
    "x-vercel-ai-ui-message-stream": "v1",
}
View = Callable[..., Awaitable[HttpResponseBase]]


def answering_errors(view: View) -> Callable[..., Any]:
    """`ChatError` becomes JSON with the status of its code. CSRF is checked by `_user_id`, where a cookie signs in."""

    @csrf_exempt
    @wraps(view)
    async def wrapped(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        try:
            return await view(request, *args, **kwargs)
        except ChatError as problem:
            return _refusal(problem)
        except RequestDataTooBig:
            return _refusal(MalformedFrame("The request is too large. Send less at once."))

    return wrapped


@require_POST
@answering_errors
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Sends a message (or regenerates or merges answers) and answers with its stream."""
    user_id = await _user_id(request)
    submission = parse(request.body)
    answered = await _begin(user_id, submission)
    return _response(services.watch_parts(user_id=user_id, generation_id=answered.generation))


@require_GET
@answering_errors
async def resume(request: HttpRequest, session_id: str) -> HttpResponseBase:
    """The running generation from its start, then live; 204 when nothing runs."""
    user_id = await _user_id(request)
    running = (await services.subscribe(user_id=user_id, session_id=session_id)).generation
    if running is None:
        return HttpResponse(status=204)
    return _response(services.watch_parts(user_id=user_id, generation_id=running))


@require_POST
@answering_errors
async def stop(request: HttpRequest, session_id: str) -> HttpResponseBase:
    user_id = await _user_id(request)
    return JsonResponse({"status": await services.stop_session(user_id=user_id, session_id=session_id)})


async def _begin(user_id: str, submission: Submission | Regeneration | Merging) -> services.Answered:
    if isinstance(submission, Merging):
        return await services.merge(
            user_id=user_id,
            session_id=submission.session,
            message_ids=submission.messages,
            model_id=submission.model,
            client_id=new_id(),
        )
    if isinstance(submission, Regeneration):
        message = await services.answer_to_regenerate(
            user_id=user_id, session_id=submission.session, message_id=submission.message
        )
        return await services.regenerate(
            user_id=user_id,
            session_id=submission.session,
            message_id=message,
            guidance=submission.guidance,
            client_id=new_id(),
        )
    if submission.creates:
        try:
            await services.create_session(
                user_id=user_id,
                session_id=submission.session,
                model_id=submission.model,
                agent_id=submission.agent,
                effort=submission.effort,
            )
        except IdTaken as error:  # somebody else's session looks like one that does not exist
            raise SessionNotFound from error
    parent = await services.parent_for(user_id=user_id, session_id=submission.session, edited=submission.edited)
    return await services.send_message(
        user_id=user_id,
        session_id=submission.session,
        parent_id=parent,
        text=submission.text,
        client_id=submission.client_id,
        attachments=submission.attachments,
    )


async def _user_id(request: HttpRequest) -> str:
    """Who asks, by API token or by session cookie (then with a CSRF token). Raises NotSignedIn, NotAllowed."""
    return await database_sync_to_async(_authenticate)(request)


class _Unread(BaseParser):
    """Leaves the body alone: the CSRF check asks for form fields first, and these requests have none."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return {}


def _authenticate(request: HttpRequest) -> str:
    asked = Request(request, parsers=[_Unread()], authenticators=[TokenAuthentication(), PageAuthentication()])
    try:
        user = asked.user
    except APIException as error:
        if error.status_code == 403:
            raise NotAllowed("The CSRF token is missing or wrong. Reload the page.") from error
        raise NotSignedIn from error
    if not user.is_authenticated:
        raise NotSignedIn
    return str(user.pk)


def _refusal(problem: ChatError) -> JsonResponse:
    return JsonResponse({"error": problem.as_json()}, status=problem.http_status)


def _response(news: AsyncGenerator[list[Part], None]) -> StreamingHttpResponse:
    return StreamingHttpResponse(_events(news), content_type="text/event-stream", headers=HEADERS)


async def _events(news: AsyncGenerator[list[Part], None]) -> AsyncIterator[bytes]:
    try:
        async for batch in _with_pings(news):
            if batch is None:
                yield b": ping\n\n"
            else:
                yield b"".join(b"data: %b\n\n" % orjson.dumps(part) for part in batch)
    except ChatError as problem:
        yield _error(problem)
    except DatabaseFailure:
        # Told, because a stream that only breaks off looks complete to `useChat`.
        logger.exception("Watching a generation failed")
        yield _error(InternalError())
    yield b"data: [DONE]\n\n"


def _error(problem: ChatError) -> bytes:
    return b"data: %b\n\n" % orjson.dumps({"type": "error", "errorText": str(problem)})


async def _with_pings(news: AsyncGenerator[list[Part], None]) -> AsyncIterator[list[Part] | None]:
    """`news`, and None for each PING_SECONDS of silence: proxies cut connections that say nothing."""
    pending: asyncio.Task[list[Part]] | None = None
    try:
        while True:
            pending = pending or asyncio.ensure_future(anext(news))
            done, _ = await asyncio.wait({pending}, timeout=PING_SECONDS)
            if not done:
                yield None
                continue
            try:
                batch = pending.result()
            except StopAsyncIteration:
                return
            pending = None
            yield batch
    finally:
        if pending is not None and not pending.done():
            pending.cancel()
