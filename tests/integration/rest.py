"""Requests to REST, and the one shape of its errors."""

from __future__ import annotations

from typing import Any

from django.test import Client

from ai_studio.models import User

ERROR_KEYS = {"code", "text", "retryable", "retry_after"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def put(client: Client, path: str, body: object) -> Any:
    return client.put(path, body, content_type="application/json")


def post(client: Client, path: str, body: object) -> Any:
    return client.post(path, body, content_type="application/json")


def patch(client: Client, path: str, body: object) -> Any:
    return client.patch(path, body, content_type="application/json")


def assert_refused(response: Any, status: int, code: str) -> dict[str, Any]:
    """Every error has one shape. Returns it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() - {"sentence", "values"} == ERROR_KEYS
    assert body["error"]["code"] == code
    assert "Traceback" not in body["error"]["text"]
    return body["error"]
