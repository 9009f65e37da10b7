"""What a model call would send, and how long it is: the real client in front of a network that is none.

Importing this module imports LiteLLM (2 to 3 s, 160 MB): import it lazily.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby

import httpx
import litellm

from ai_studio.llm.errors import LLMError
from ai_studio.llm.litellm_client import LiteLLMClient
from ai_studio.llm.providers import HTTP_HANDLER_PROVIDERS, OPENAI_SDK_PROVIDERS, SERVICE_ACCOUNT_PROVIDERS
from ai_studio.llm.types import CompletionRequest, Secret

LISTENED_TO = (OPENAI_SDK_PROVIDERS | HTTP_HANDLER_PROVIDERS) - SERVICE_ACCOUNT_PROVIDERS
"""Those that LiteLLM reaches through a client of ours, and without a key that it would have to ask for first."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as a provider would get it, without its headers. `path`: without a query, which may hold a key."""

    path: str
    body: bytes


async def requests_of(asked: Iterable[CompletionRequest]) -> list[SentRequest | None]:
    """The request of each, byte for byte, sent nowhere and signed with no key.

    None for a provider that LiteLLM reaches by a way of its own, which can't be listened to.
    """
    sent: list[SentRequest] = []

    def listen(request: httpx.Request) -> httpx.Response:
        sent.append(SentRequest(request.url.path, request.content))
        return httpx.Response(200)

    client = LiteLLMClient(network=httpx.MockTransport(listen))
    found: list[SentRequest | None] = []
    try:
        for request in asked:
            if request.target.provider not in LISTENED_TO:
                found.append(None)  # LiteLLM would really make this call, through a client of its own
                continue
            sent.clear()
            unsigned = replace(request, target=replace(request.target, token=Secret("")))
            with suppress(LLMError):  # there is no answer to read
                async for _ in client.stream(unsigned):
                    pass
            found.append(sent[0] if sent else None)
    finally:
        await client.aclose()
    return found


CONVERSATION = frozenset({"contents", "messages", "system", "systemInstruction", "system_instruction"})
"""Where a request of any format holds what was said."""


def declares_tools(asked: CompletionRequest, sent: SentRequest | None) -> bool:
    """Whether the model is told of the tools of `asked`: LiteLLM leaves them out, and says nothing, where it takes it that
    the provider or the model knows none.

    `sent`: the request of `asked`, as `requests_of` gives it.
    """
    if sent is None:
        taken = litellm.get_supported_openai_params(asked.target.model, custom_llm_provider=asked.target.provider)
        return "tools" in (taken or ())
    body = json.loads(sent.body)
    rest = json.dumps({name: value for name, value in body.items() if name not in CONVERSATION})
    return all(json.dumps(tool.name) in rest for tool in asked.tools)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """About how many tokens a model makes of each text: OpenAI's tokenizer, to which others come close.

    `ai_studio.llm.tokens` errs on the side of too many, for a budget; this one is for a price.
    """
    return [_count(text) for text in texts]


LONGEST_RUN = 2_000
"""Characters. The tokenizer takes time by the square of a word's length; longer ones are cut."""


def _count(text: str) -> int:
    return sum(len(litellm.encode(model="", text=piece)) for piece in _pieces(text))


def _pieces(text: str) -> Iterable[str]:
    """`text`, cut only where a word is longer than `LONGEST_RUN`."""
    if len(text) <= LONGEST_RUN:
        return [text]
    runs = ["".join(run) for _, run in groupby(text, key=str.isspace)]
    if max(map(len, runs)) <= LONGEST_RUN:
        return [text]
    return [run[start : start + LONGEST_RUN] for run in runs for start in range(0, len(run), LONGEST_RUN)]
