"""The providers that LiteLLM knows and what each wants to be told, from the list that comes with its package."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ai_studio.llm.types import OPTIONS

FILE_NAME = "proxy/public_endpoints/provider_create_fields.json"

_TOLD = frozenset({"api_base", "api_key", *OPTIONS})
"""What a provider and its token can be told here. A provider that requires more can't be used."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that a provider is told with each call, besides an address and a token. `key` is LiteLLM's."""

    key: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Preset:
    """`key` is LiteLLM's. `missing`: what the provider requires and can't be told here, as LiteLLM names it."""

    key: str
    name: str
    needs_base_url: bool
    example_base_url: str
    options: tuple[Option, ...]
    missing: tuple[str, ...]


@cache
def presets() -> Mapping[str, Preset]:
    """By key, in the order of their names. Where LiteLLM lists a key twice, the less demanding one counts."""
    found: dict[str, Preset] = {}
    for entry in _entries():
        preset = _preset(entry)
        known = found.get(preset.key)
        if known is None or known.needs_base_url:
            found[preset.key] = preset
    return dict(sorted(found.items(), key=lambda item: item[1].name.lower()))


def _entries() -> list[dict[str, Any]]:
    package = importlib.util.find_spec("litellm")
    assert package is not None
    assert package.submodule_search_locations is not None
    entries: list[dict[str, Any]] = json.loads((Path(package.submodule_search_locations[0]) / FILE_NAME).read_text())
    return entries


def _preset(entry: Mapping[str, Any]) -> Preset:
    fields = {field["key"]: field for field in entry["credential_fields"]}
    required = [key for key, field in fields.items() if field.get("required")]
    return Preset(
        key=entry["litellm_provider"],
        name=entry["provider_display_name"],
        needs_base_url="api_base" in required,
        example_base_url=fields.get("api_base", {}).get("placeholder") or "",
        options=tuple(Option(key, bool(field.get("required"))) for key, field in fields.items() if key in OPTIONS),
        missing=tuple(key for key in required if key not in _TOLD),
    )
