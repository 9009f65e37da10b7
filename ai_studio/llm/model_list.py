"""Providers' own lists of models, in the three formats: where they are, and what they say.

OpenAI     GET BASE/models            {"data": [{"id", …}]}; compatible servers add a name, a window, prices
Anthropic  GET BASE/v1/models         {"data": [{"id", "display_name"}], "has_more", "last_id"}
Gemini     GET BASE/models            {"models": [{"name", "displayName", "inputTokenLimit", …}], "nextPageToken"}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ai_studio.llm.errors import MalformedResponse
from ai_studio.llm.types import ModelTarget, WireFormat

PAGE = 1000
MOST_PAGES = 20

ANTHROPIC_URL = "https://api.anthropic.com"
ANTHROPIC_VERSION = "2023-06-01"
GEMINI_URL = "https://generativelanguage.googleapis.com/v1beta"


@dataclass(frozen=True, slots=True)
class ListedModel:
    """What a provider says of one of its models. `name` is empty and windows are None where it does not say."""

    model: str
    name: str = ""
    context_window: int | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the address of the next page, None after the last one."""

    models: tuple[ListedModel, ...]
    next: str | None


def first_page(target: ModelTarget, own_address: str | None) -> tuple[str, dict[str, str]]:
    """The address and the headers. `own_address`: the provider's, where LiteLLM knows it. Raises MalformedResponse."""
    key = target.token.reveal()
    base = (target.base_url or own_address or "").rstrip("/")
    match target.wire_format:
        case WireFormat.ANTHROPIC:
            base = (target.base_url or ANTHROPIC_URL).rstrip("/").removesuffix("/v1")
            return f"{base}/v1/models?limit={PAGE}", {"x-api-key": key, "anthropic-version": ANTHROPIC_VERSION}
        case WireFormat.GEMINI:
            base = (target.base_url or GEMINI_URL).rstrip("/")
            return f"{base}/models?pageSize={PAGE}", {"x-goog-api-key": key}
        case WireFormat.OPENAI if base:
            return f"{base}/models", {"authorization": f"Bearer {key}"}
        case _:
            raise MalformedResponse("this kind of provider has no list of models that is known here")


def parse(body: object, address: str, wire_format: WireFormat) -> Page:
    """Raises MalformedResponse for anything that is no such list: nothing is guessed from a part of it."""
    if not isinstance(body, dict):
        raise MalformedResponse("the list of models is not a JSON object")
    field = "models" if wire_format is WireFormat.GEMINI else "data"
    rows = body.get(field)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise MalformedResponse(f"the list of models has no “{field}” that is a list of objects")
    if wire_format is WireFormat.GEMINI:
        models = tuple(_gemini(row) for row in rows if "generateContent" in row.get("supportedGenerationMethods", ()))
        token = body.get("nextPageToken")
        return Page(models, _with(address, "pageToken", token) if token else None)
    last = body.get("last_id") if wire_format is WireFormat.ANTHROPIC and body.get("has_more") else None
    return Page(tuple(_openai(row) for row in rows), _with(address, "after_id", last) if last else None)


def _openai(row: Mapping[str, Any]) -> ListedModel:
    window = row.get("context_length") or row.get("max_model_len") or row.get("max_context_length")
    return ListedModel(_id(row.get("id")), _text(row.get("display_name") or row.get("name")), _count(window))


def _gemini(row: Mapping[str, Any]) -> ListedModel:
    return ListedModel(
        _id(row.get("name")).removeprefix("models/"),
        _text(row.get("displayName")),
        _count(row.get("inputTokenLimit")),
        _count(row.get("outputTokenLimit")),
    )


def _id(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedResponse("a model in the list has no id")
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None


def _with(address: str, name: str, value: object) -> str:
    """The address of the first page with the place where the next one begins."""
    start = address.partition(f"&{name}=")[0]
    return f"{start}&{name}={quote(str(value), safe='')}"
