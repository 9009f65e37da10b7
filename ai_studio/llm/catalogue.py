"""The models that LiteLLM knows, with their prices and abilities, from the list that comes with its package.

The list is read from its file: importing LiteLLM for it would take seconds and 160 MB in every command that asks.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ai_studio.llm.efforts import efforts_of

FILE_NAME = "model_prices_and_context_window_backup.json"

# Its price fields are dollars per token, ours per million tokens.
MILLION_DIGITS = 6

CAPABILITIES: Mapping[str, str] = {
    "supports_assistant_prefill": "prefill",
    "supports_audio_input": "audio",
    "supports_function_calling": "tools",
    "supports_pdf_input": "pdf",
    "supports_prompt_caching": "caching",
    "supports_reasoning": "reasoning",
    "supports_response_schema": "json",
    "supports_vision": "vision",
    "supports_web_search": "search",
}


@dataclass(frozen=True, slots=True)
class CatalogueModel:
    """A chat model as LiteLLM lists it. `model` is its id within the provider.

    Windows are tokens, prices US dollars per million tokens; None where the list does not say. `capabilities` holds words
    of `CAPABILITIES`, `efforts` those of `efforts.EFFORTS` that it can be asked for.
    """

    provider: str
    model: str
    context_window: int | None
    max_output_tokens: int | None
    input_price: Decimal | None
    output_price: Decimal | None
    cached_input_price: Decimal | None
    capabilities: frozenset[str]
    efforts: tuple[str, ...] = ()


class Unreadable(Exception):
    """The list that comes with LiteLLM has another shape than the one that is known here. The text says where."""


def catalogue(providers: Collection[str]) -> list[CatalogueModel]:
    """The chat models of these LiteLLM provider keys, by provider and id. Raises Unreadable."""
    try:
        return _catalogue(providers)
    except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise Unreadable(f"LiteLLM's catalogue can't be read by this version: {error}") from error


def _catalogue(providers: Collection[str]) -> list[CatalogueModel]:
    models: dict[tuple[str, str], CatalogueModel] = {}
    entries = _entries()
    for key, entry in entries.items():
        provider: str = entry.get("litellm_provider", "")
        if provider in providers and entry.get("mode") == "chat":
            # An id may stand there twice, with and without its provider; ids of fine-tuned models are only beginnings.
            model = key.removeprefix(f"{provider}/")
            if not model.startswith("ft:"):
                twin = entries.get(model, {})
                models.setdefault((provider, model), _model(provider, model, entry, twin))
    return [models[key] for key in sorted(models)]


def _entries() -> dict[str, dict[str, Any]]:
    package = importlib.util.find_spec("litellm")
    assert package is not None
    assert package.submodule_search_locations is not None
    path = Path(package.submodule_search_locations[0]) / FILE_NAME
    entries: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return entries


def _model(provider: str, model: str, entry: Mapping[str, Any], twin: Mapping[str, Any]) -> CatalogueModel:
    return CatalogueModel(
        provider=provider,
        model=model,
        context_window=_count(entry.get("max_input_tokens") or entry.get("max_tokens")),
        max_output_tokens=_count(entry.get("max_output_tokens")),
        input_price=_price(entry.get("input_cost_per_token")),
        output_price=_price(entry.get("output_cost_per_token")),
        cached_input_price=_price(entry.get("cache_read_input_token_cost")),
        capabilities=frozenset(word for field, word in CAPABILITIES.items() if entry.get(field) is True),
        efforts=efforts_of(entry, twin),
    )


def _count(value: Decimal | int | None) -> int | None:
    return None if value is None else int(value)


def _price(value: Decimal | int | None) -> Decimal | None:
    # By way of its plain digits: 10 and not 1E+1.
    return None if value is None else Decimal(f"{Decimal(value).scaleb(MILLION_DIGITS):f}")
