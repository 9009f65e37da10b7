"""Asking for a connection test as an admin page does."""

from __future__ import annotations

from typing import Any

import orjson
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from ai_studio import services
from ai_studio.ids import new_id
from ai_studio.models import LanguageModel, ProviderToken
from tests.factories import make_model, make_provider

CANARY = "canary-Wk3vP9dZq7LmXc2A"
Steps = list[dict[str, Any]]


@sync_to_async
def stored(behaviour: str, base_url: str, *, wire: str = "openai", key: str = CANARY) -> tuple[LanguageModel, Any]:
    """A model of that behaviour with a platform token of that key."""
    provider = make_provider(provider_key=wire, base_url=base_url)
    model = make_model(provider, model_id=f"{new_id()}-{behaviour}", input_price="2", output_price="10")
    token = services.set_provider_token(token=ProviderToken(provider=provider), value=key, by=None)
    return model, token


@sync_to_async
def client_of(person: Any) -> AsyncClient:
    client = AsyncClient()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(row: Any) -> str:
    return reverse(f"admin:ai_studio_{row._meta.model_name}_test", args=[row.pk])


async def steps_of(client: AsyncClient, row: Any, **fields: str) -> Steps:
    response: Any = await client.post(address(row), {"prompt": "Hello?", **fields})
    assert response.status_code == 200, response.content
    body = b"".join([piece async for piece in response.streaming_content])
    return [orjson.loads(line) for line in body.splitlines()]
