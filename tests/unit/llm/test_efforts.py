"""Which efforts a model takes, by what LiteLLM's list says of it."""

from __future__ import annotations

import pytest

from ai_studio.llm.catalogue import catalogue
from ai_studio.llm.efforts import EFFORTS, USUAL, efforts_of

THINKS = {"supports_reasoning": True}


@pytest.mark.parametrize(
    ("entry", "twin", "expected"),
    [
        ({}, THINKS, ()),
        ({"supports_reasoning": False, "supports_max_reasoning_effort": True}, {}, ()),
        (THINKS, {}, USUAL),
        ({**THINKS, "reasoning_effort_levels": ["max", "low", "new"]}, {}, ("low", "max")),
        ({**THINKS, "reasoning_effort_levels": []}, {}, ()),
        (THINKS, {"reasoning_effort_levels": ["medium"]}, ("medium",)),
        (
            {**THINKS, "supports_none_reasoning_effort": False, "supports_xhigh_reasoning_effort": True},
            {},
            ("minimal", "low", "medium", "high", "xhigh"),
        ),
        (THINKS, {"supports_minimal_reasoning_effort": False}, ("none", "low", "medium", "high")),
        (
            {**THINKS, "litellm_provider": "azure"},
            {"supports_minimal_reasoning_effort": False},
            ("low", "medium", "high"),
        ),
        (
            {**THINKS, "litellm_provider": "azure", "supports_none_reasoning_effort": True},
            {},
            ("none", "minimal", "low", "medium", "high"),
        ),
    ],
    ids=[
        "does not think", "thinks no more", "nothing further", "declared", "declared to take none", "declared by its twin",
        "flags", "flags of its twin", "azure is not switched off", "azure says that it can be",
    ],
)  # fmt: skip
def test_what_a_model_can_be_asked_for(entry, twin, expected):
    assert efforts_of(entry, twin) == expected


def test_of_the_list_that_comes_with_litellm():
    known = {(each.provider, each.model): each for each in catalogue({"openai", "anthropic", "azure"})}
    assert known["openai", "gpt-4o"].efforts == ()
    assert known["openai", "gpt-5"].efforts == ("minimal", "low", "medium", "high")
    assert "none" in known["openai", "gpt-5.1"].efforts
    assert known["anthropic", "claude-sonnet-4-5"].efforts == USUAL
    assert "max" in known["anthropic", "claude-opus-4-6"].efforts
    assert all(("reasoning" in each.capabilities) or not each.efforts for each in known.values())
    assert all(set(each.efforts) <= set(EFFORTS) for each in known.values())
