from __future__ import annotations

import pytest

from ai_studio.llm.providers import PARAMETERS as SENT_BY_THE_CLIENT
from ai_studio.parameters import PARAMETERS, Effort, beside, capped, decided, problems


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({}, id="none"),
        pytest.param({"temperature": 0}, id="lowest temperature"),
        pytest.param({"temperature": 2, "top_p": 0.5, "max_tokens": 4000}, id="the usual ones"),
        pytest.param({"stop": "END"}, id="one stop"),
        pytest.param({"stop": ["END", "###"]}, id="two stops"),
        pytest.param({"thinking": {"type": "enabled", "budget_tokens": 4000}}, id="thinking"),
        pytest.param({"thinking": {"type": "disabled"}}, id="no thinking"),
        pytest.param({"reasoning_effort": "low", "verbosity": "high", "seed": 7, "top_k": 40}, id="the others"),
        pytest.param({"parallel_tool_calls": False, "frequency_penalty": -2, "presence_penalty": 2}, id="penalties"),
    ],
)
def test_parameters_that_may_be_sent(parameters):
    assert problems(parameters) == []


@pytest.mark.parametrize(
    "name",
    [
        "api_base",
        "base_url",
        "api_key",
        "extra_headers",
        "custom_llm_provider",
        "messages",
        "model",
        "stream",
        "headers",
    ],
)
def test_what_could_send_a_token_elsewhere_is_refused_by_name(name):
    found = problems({name: "https://elsewhere.example.com"})
    assert len(found) == 1
    assert name in found[0]


@pytest.mark.parametrize(
    "parameters",
    [
        pytest.param({"temperature": 2.1}, id="too hot"),
        pytest.param({"temperature": -0.1}, id="too cold"),
        pytest.param({"temperature": "0.7"}, id="text for a number"),
        pytest.param({"temperature": True}, id="true is not 1"),
        pytest.param({"temperature": float("nan")}, id="not a number"),
        pytest.param({"max_tokens": 0}, id="nothing to say"),
        pytest.param({"max_tokens": 10.5}, id="half a token"),
        pytest.param({"stop": [""]}, id="an empty stop"),
        pytest.param({"stop": ["a", "b", "c", "d", "e"]}, id="five stops"),
        pytest.param({"reasoning_effort": "enormous"}, id="an unknown effort"),
        pytest.param({"thinking": True}, id="thinking as a switch"),
        pytest.param({"thinking": {"type": "enabled", "api_base": "x"}}, id="something hidden in thinking"),
        pytest.param({"thinking": {"type": "enabled", "budget_tokens": -1}}, id="a negative budget"),
        pytest.param({"parallel_tool_calls": "yes"}, id="text for a switch"),
        pytest.param([], id="a list"),
        pytest.param(None, id="nothing"),
        pytest.param("temperature", id="a text"),
    ],
)
def test_parameters_that_are_refused(parameters):
    assert problems(parameters)


def test_each_fault_is_named():
    assert len(problems({"temperature": 9, "api_base": "x", "seed": 1})) == 2


def test_everything_that_can_be_set_is_sent():
    assert set(PARAMETERS) <= set(SENT_BY_THE_CLIENT)


@pytest.mark.parametrize(
    ("parameters", "limit", "sent"),
    [
        ({}, None, {}),
        ({"max_tokens": 9}, None, {"max_tokens": 9}),
        ({}, 5, {"max_tokens": 5}),
        ({"max_tokens": 9, "seed": 1}, 5, {"max_tokens": 5, "seed": 1}),
        ({"max_tokens": 3}, 5, {"max_tokens": 3}),
        ({"max_completion_tokens": 9}, 5, {"max_completion_tokens": 5}),
    ],
)
def test_the_longest_answer_is_the_smaller_of_both(parameters, limit, sent):
    assert capped(parameters, limit) == sent


@pytest.mark.parametrize(
    ("model", "agent", "chosen", "sent", "effort"),
    [
        ({"seed": 1}, {}, None, {"seed": 1}, None),
        ({"reasoning_effort": "low"}, {}, None, {"reasoning_effort": "low"}, Effort("low", "model")),
        (
            {"reasoning_effort": "low"},
            {"reasoning_effort": "none", "seed": 2},
            None,
            {"reasoning_effort": "none", "seed": 2},
            Effort("none", "agent"),
        ),
        ({}, {"reasoning_effort": "none"}, "high", {"reasoning_effort": "high"}, Effort("high", "chat")),
        ({"thinking": {"type": "enabled"}}, {}, "low", {"reasoning_effort": "low"}, Effort("low", "chat")),
        ({"thinking": {"type": "enabled"}}, {}, None, {"thinking": {"type": "enabled"}}, None),
    ],
    ids=["nobody", "the model", "the agent", "the person", "not both ways", "another way"],
)
def test_who_is_nearest_to_the_person_says_how_hard_to_think(model, agent, chosen, sent, effort):
    assert decided(model, agent, chosen=chosen) == (sent, effort)


@pytest.mark.parametrize(
    ("effort", "kept"), [(Effort("max", "chat"), set()), (Effort("low", "agent"), {"reasoning_effort"}), (None, set())]
)
def test_what_was_chosen_for_answers_is_not_asked_of_titles(effort, kept):
    parameters = {"seed": 1, **({"reasoning_effort": effort.level} if effort else {})}
    assert beside(parameters, effort).keys() == {"seed", *kept}


def test_an_effort_says_where_it_is_from():
    assert Effort("high", "chat").as_json() == {"level": "high", "by": "chat"}
