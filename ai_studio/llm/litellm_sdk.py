"""OpenAI's SDK, which LiteLLM sends OpenAI's format through, without what it would do for each call although nobody needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import openai
from openai._utils import is_given
from openai.resources.chat.completions import completions


async def _as_it_is(body: Mapping[str, Any], _expected_type: Any) -> dict[str, Any]:
    return {name: value for name, value in body.items() if is_given(value)}


# It holds every value of a request against its types, to find what has another name on the wire: in this format nothing
# has. For a chat of 200 messages that takes 16 times as long as all the rest of a call, and no stream moves meanwhile.
vars(completions)["async_maybe_transform"] = _as_it_is


def sdk_client(address: str, api_key: str, http_client: httpx.AsyncClient) -> openai.AsyncOpenAI:
    """A client of one call alone, since it keeps the key; making one costs 60 µs, what it stands on is shared."""
    client = openai.AsyncOpenAI(api_key=api_key, base_url=address, http_client=http_client, max_retries=0)
    # Each new client would first ask a thread what machine this is, to tell the provider: that is nobody's business.
    client._platform = "Unknown"
    return client
