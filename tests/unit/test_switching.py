from __future__ import annotations

import pytest

from ai_studio.switching import NO_AGENT, STRATEGIES, AgentSwitch, Strategy, detect, render, strategy_for

CODER, WRITER, NOBODY = ("a-1", "Coder"), ("a-2", "Writer"), (None, None)


@pytest.mark.parametrize(
    ("previous", "current", "switch"),
    [
        pytest.param(None, CODER, None, id="nothing was answered yet"),
        pytest.param(None, NOBODY, None, id="nothing was answered yet, without an agent"),
        pytest.param(CODER, CODER, None, id="the same agent"),
        pytest.param(("a-1", "Old name"), CODER, None, id="the same agent under a new name"),
        pytest.param(NOBODY, NOBODY, None, id="never an agent"),
        pytest.param(CODER, WRITER, AgentSwitch("Coder", "Writer"), id="another agent"),
        pytest.param(NOBODY, CODER, AgentSwitch(None, "Coder"), id="an agent takes over"),
        pytest.param(CODER, NOBODY, AgentSwitch("Coder", None), id="the agent goes"),
    ],
)
def test_a_switch_is_found_from_who_answered_last(previous, current, switch):
    assert detect(previous=previous, current=current) == switch


@pytest.mark.parametrize(
    ("provider", "model", "strategy"),
    [
        ("anthropic", "claude-opus-4-1", Strategy.XML_HIGH),
        ("anthropic", "claude-3-OPUS-20240229", Strategy.XML_HIGH),
        ("anthropic", "claude-sonnet-4-5", Strategy.XML_DEFAULT),
        ("anthropic", "claude-2.1", Strategy.SIMPLE),
        ("anthropic", "claude-instant-1", Strategy.SIMPLE),
        ("openai", "gpt-5", Strategy.HIERARCHICAL_DEFAULT),
        ("openai", "gpt-4-turbo-2024", Strategy.HIERARCHICAL_HIGH),
        ("openai", "gpt-3.5-turbo", Strategy.DIRECT_SIMPLE),
        ("openai", "o3", Strategy.REASONING),
        ("openai", "o4-mini-high", Strategy.SIMPLE),
        ("gemini", "gemini-2.5-pro", Strategy.DIRECT_COMMAND),
        ("gemini", "gemini-2.5-flash", Strategy.DIRECT_SIMPLE),
        ("gemini", "gemini-2.5-flash-lite", Strategy.SIMPLE),
        ("gemini", "gemini-1.5-flash-8b", Strategy.SIMPLE),
        ("gemini", "gemini-1.0-pro", Strategy.SIMPLE),
        ("mistral", "claude-opus", Strategy.SIMPLE),
        ("openai", "vendor/o3", Strategy.REASONING),
        ("ollama", "", Strategy.SIMPLE),
    ],
)
def test_each_model_family_has_its_strategy(provider, model, strategy):
    assert strategy_for(provider, model) is strategy


def test_every_strategy_is_of_use_to_some_model():
    assert {strategy for _, _, strategy in STRATEGIES} == set(Strategy)
    assert len(set(Strategy)) == 8


@pytest.mark.parametrize("strategy", Strategy)
def test_the_new_agent_s_name_and_instructions_are_said_in_every_strategy(strategy):
    text = render(AgentSwitch("Coder", "Writer"), "Write plainly.", strategy)
    assert "Writer" in text
    assert "Write plainly." in text
    assert "$" not in text


@pytest.mark.parametrize("strategy", [strategy for strategy in Strategy if strategy is not Strategy.SIMPLE])
def test_the_earlier_agent_is_named_so_that_the_model_can_leave_it(strategy):
    assert "Coder" in render(AgentSwitch("Coder", "Writer"), "Write plainly.", strategy)


@pytest.mark.parametrize("strategy", Strategy)
def test_placeholders_in_names_and_instructions_stay_as_they_are(strategy):
    text = render(AgentSwitch("$agent", "${previous}"), "Cost: $5, $instructions, $$, {name}", strategy)
    assert "Cost: $5, $instructions, $$, {name}" in text
    assert "${previous}" in text


def test_an_agent_that_goes_leaves_a_general_assistant():
    text = render(AgentSwitch("Coder", None), "", Strategy.HIERARCHICAL_DEFAULT)
    assert f"Your role now: {NO_AGENT}" in text
    assert "helpful general assistant" in text
    assert "Earlier role: Coder" in text


def test_an_agent_that_takes_over_from_nobody_follows_the_general_assistant():
    assert f"Earlier role: {NO_AGENT}" in render(AgentSwitch(None, "Coder"), "Code.", Strategy.HIERARCHICAL_DEFAULT)


def test_the_platform_s_rules_are_asked_before_the_built_in_ones():
    rules = [("anthropic", "*sonnet*", Strategy.SIMPLE), ("*", "*sonnet*", Strategy.REASONING)]
    assert strategy_for("anthropic", "claude-sonnet-4-5", rules) is Strategy.SIMPLE
    assert strategy_for("openai", "vendor/Sonnet", rules) is Strategy.REASONING
    assert strategy_for("anthropic", "claude-opus-4-1", rules) is Strategy.XML_HIGH
