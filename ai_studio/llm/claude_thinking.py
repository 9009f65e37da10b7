"""What Claude does not take while it thinks, or takes only with room to answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

THINKING = frozenset({"thinking", "reasoning_effort"})
SAMPLING = frozenset({"temperature", "top_p", "top_k"})
"""Claude takes none of it while it thinks."""

ROOM = 1024
"""Tokens that are left to answer with. Anthropic refuses a limit that its budget to think fills; one that it nearly fills would end
the answer before it says anything. No budget may be smaller, either."""

_BUDGETS = {"max": 16_384, "xhigh": 8192, "high": 4096, "medium": 2048, "low": 1024, "minimal": 1024}
"""What LiteLLM makes of an effort (its constants DEFAULT_REASONING_EFFORT_…), the greatest first."""


def fitting(parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """With no more thinking than leaves ROOM in the limit of the answer: less of it, or none; and no sampling beside what is left."""
    limit = parameters.get("max_tokens") or parameters.get("max_completion_tokens")
    effort, thinking = (parameters.get(name) for name in ("reasoning_effort", "thinking"))
    changed: dict[str, Any] = {}
    if limit is not None and effort in _BUDGETS and _BUDGETS[effort] > limit - ROOM:
        changed["reasoning_effort"] = next((each for each, budget in _BUDGETS.items() if budget <= limit - ROOM), None)
    if limit is not None and thinking is not None and "budget_tokens" in thinking:
        budget = min(thinking["budget_tokens"], limit - ROOM)
        changed["thinking"] = {**thinking, "budget_tokens": budget} if budget >= ROOM else None
    fitted = {name: value for name, value in {**parameters, **changed}.items() if value is not None}
    return {name: value for name, value in fitted.items() if name not in SAMPLING} if _thinks(fitted) else fitted


def _thinks(parameters: Mapping[str, Any]) -> bool:
    effort, thinking = (parameters.get(name) for name in ("reasoning_effort", "thinking"))
    return effort not in (None, "none") or (thinking is not None and thinking["type"] != "disabled")
