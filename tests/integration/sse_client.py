"""A client of the server-sent events, in this process: what a program, or `useChat`, would send."""

from __future__ import annotations

from typing import Any

import orjson
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.test import AsyncClient
from knox.models import AuthToken

from ai_studio.ids import new_id
from ai_studio.models import User
from chat.parts import fold
from tests.integration.ui_stream import Part, parse

SESSION = "s-Wk3vP9dZq7LmXc2A"
STREAM = "/api/chat/stream"


class SSEClient:
    """`authorization` is the header's value; empty for none. CSRF is checked, as for everybody."""

    def __init__(self, authorization: str = "") -> None:
        self.client = AsyncClient(enforce_csrf_checks=True)
        # Given with each request: Django's async client loses default headers.
        self._headers = {"Authorization": authorization} if authorization else {}

    @classmethod
    async def signed_in(cls, user: User) -> SSEClient:
        """By an API token."""
        _, token = await sync_to_async(AuthToken.objects.create)(user)
        return cls(f"Token {token}")

    async def get(self, path: str) -> Any:
        # A thread of its own for each request, as the server has: Django's test client has them share one.
        async with ThreadSensitiveContext():
            return await self.client.get(path, headers=self._headers)

    async def post(self, body: Any, path: str = STREAM, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        async with ThreadSensitiveContext():
            return await self.client.post(path, data, content_type="application/json", headers=self._headers | headers)

    async def stream(self, body: Any) -> list[Part]:
        """The whole stream, checked."""
        response = await self.post(body)
        assert response.status_code == 200, response.content
        return parse(await body_of(response))

    async def resume(self, session: str = SESSION) -> Any:
        return await self.get(f"/api/chat/{session}/stream")

    async def stop(self, session: str = SESSION, **headers: str) -> Any:
        return await self.post(b"", f"/api/chat/{session}/stop", **headers)


def submission(said: str = "What is a monad?", **changes: Any) -> dict[str, Any]:
    """What `useChat` sends with a new message."""
    message = {"id": new_id(), "role": "user", "parts": [{"type": "text", "text": said}]}
    return {"id": SESSION, "trigger": "submit-message", "messages": [message]} | changes


async def body_of(response: Any) -> bytes:
    return b"".join([piece async for piece in response.streaming_content])


def text_of(parts: list[Part]) -> str:
    """What was said aloud so far."""
    return "".join(part["text"] for part in fold(parts) if part["type"] == "text")


def assert_refused(response: Any, status: int, code: str) -> None:
    assert response.status_code == status, getattr(response, "content", "a stream")
    assert response["Content-Type"] == "application/json"
    error = response.json()["error"]
    assert error.keys() - {"sentence", "values"} == {"code", "text", "retryable", "retry_after"}
    assert error["code"] == code
