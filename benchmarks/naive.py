"""The row `naive`: what one writes first. LiteLLM's stream is iterated, each token goes through the channel layer.

Channels on Daphne with the in-memory layer as it comes (100 messages a channel, then it drops). Nobody is asked who they
are, nothing is stored, nothing can be stopped or resumed.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import Any

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-benchmarks",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)
django.setup()

# After Django is set up, and with LiteLLM kept from fetching its price list.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
import litellm  # noqa: E402
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402


class NaiveConsumer(AsyncJsonWebsocketConsumer):
    """Answers in a task of its own: within `receive_json` nothing would be sent before the answer's end."""

    async def connect(self) -> None:
        self.group = uuid.uuid4().hex
        self.answering: asyncio.Task[None] | None = None
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: dict[str, Any], **kwargs: object) -> None:
        self.answering = asyncio.create_task(self._answer(content["prompt"]))

    async def _answer(self, prompt: str) -> None:
        stream = await litellm.acompletion(
            model="openai/bench",
            api_base=os.environ["BENCHMARK_PROVIDER"] + "/v1",
            api_key="benchmark",
            messages=[{"role": "user", "content": prompt}],
            stream=True,
        )
        async for delta in stream:
            if token := delta.choices[0].delta.content:
                await self.channel_layer.group_send(self.group, {"type": "token", "token": token})
        await self.channel_layer.group_send(self.group, {"type": "done"})

    async def token(self, event: dict[str, Any]) -> None:
        """A token from the channel layer."""
        await self.send_json(event)

    async def done(self, event: dict[str, Any]) -> None:
        """The end, from the channel layer."""
        await self.send_json(event)


application = ProtocolTypeRouter({"websocket": NaiveConsumer.as_asgi()})
