"""How the tests of `LLMClient`s ask and listen."""

from __future__ import annotations

from typing import Any

from ai_studio.llm import (
    CompletionEvent,
    CompletionRequest,
    LLMClient,
    LLMError,
    Message,
    ModelTarget,
    Role,
    Secret,
    TextDelta,
    Tool,
)
from ai_studio.llm.events import merged

BASE_PATHS = {"anthropic": "", "gemini": "/v1beta"}
PROVIDERS = ("openai", "anthropic", "gemini", "hosted_vllm", "mistral", "groq", "databricks", "synthetic")
"""Each way through LiteLLM: the three formats, OpenAI's by LiteLLM's HTTP client, its iterator on our client and on its own."""

TOOL = Tool("get_weather", "Tells the weather.", {"type": "object", "properties": {}})
KEY = "sk-a-very-secret-token"


def ask(
    emulator: str,
    provider: str,
    model: str,
    prompt: str = "Tell me about boats",
    *,
    key: str = KEY,
    tools: tuple[Tool, ...] = (),
    **parameters: Any,
) -> CompletionRequest:
    target = ModelTarget(provider, model, Secret(key), emulator + BASE_PATHS.get(provider, "/v1"))
    return CompletionRequest(target, "Be brief.", (Message(Role.USER, prompt),), parameters, tools)


async def listen(client: LLMClient, request: CompletionRequest) -> list[CompletionEvent]:
    return merged([event async for batch in client.stream(request) for event in batch])


async def listen_to_the_end(
    client: LLMClient, request: CompletionRequest
) -> tuple[list[CompletionEvent], LLMError | None]:
    """What was heard, and the error that ended it."""
    heard: list[CompletionEvent] = []
    try:
        async for batch in client.stream(request):
            heard += batch
    except LLMError as error:
        return merged(heard), error
    return merged(heard), None


def text(events: list[CompletionEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
