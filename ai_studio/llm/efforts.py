"""How hard a model can be asked to think, in LiteLLM's words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""From the least to the most."""

USUAL = ("low", "medium", "high")
"""What nearly every model that thinks takes."""

_LEFT_OUT = frozenset({"none", "minimal", "low"})
"""Taken, as LiteLLM reads its list, unless the list says no; what is beyond `high` only where it says yes."""


def efforts_of(entry: Mapping[str, Any], twin: Mapping[str, Any]) -> tuple[str, ...]:
    """The words of `EFFORTS` that a model takes, by its entry in LiteLLM's list; none for one that does not think.

    `twin`: the entry of the same model without its provider, which often knows more. One of which the list says nothing
    further gets the usual ones: LiteLLM would try all of them, and providers refuse some.
    """
    if entry.get("supports_reasoning") is not True:
        return ()
    declared = _told(entry, twin, "reasoning_effort_levels")
    if declared is not None:
        return tuple(effort for effort in EFFORTS if effort in declared)
    flags = {effort: _told(entry, twin, f"supports_{effort}_reasoning_effort") for effort in EFFORTS}
    if all(flag is None for flag in flags.values()):
        return USUAL
    return tuple(effort for effort, flag in flags.items() if _is_taken(effort, flag, entry))


def _told(entry: Mapping[str, Any], twin: Mapping[str, Any], key: str) -> Any:
    own = entry.get(key)
    return twin.get(key) if own is None else own


def _is_taken(effort: str, flag: Any, entry: Mapping[str, Any]) -> bool:
    if effort in ("medium", "high") or flag is not None:
        return flag is not False
    # Azure's refuse to be switched off unless they say that they can be.
    return effort in _LEFT_OUT and not (effort == "none" and entry.get("litellm_provider") == "azure")
