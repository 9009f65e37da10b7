from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.resolution import ModelFacts, Origin, Resolution, Step, Verdict, in_team_order, resolve

USABLE = {
    "is_enabled": True,
    "is_active": True,
    "is_provider_enabled": True,
    "is_enabled_for_team": True,
    "has_token": True,
}


def facts(model_id: str, **changes) -> ModelFacts:
    return ModelFacts(**{"id": model_id, "name": model_id.title(), **USABLE, **changes})


def catalogue(*models: ModelFacts) -> dict[str, ModelFacts]:
    return {model.id: model for model in models}


ALL = catalogue(*(facts(name) for name in ("explicit", "session", "agent", "preference", "priority")),
                facts("default", is_team_default=True))  # fmt: skip
NAMED = {"explicit": "explicit", "session": "session", "agent": "agent", "preference": "preference"}


@pytest.mark.parametrize(
    ("named", "chosen", "origin"),
    [
        (["explicit", "session", "agent", "preference"], "explicit", Origin.EXPLICIT),
        (["session", "agent", "preference"], "session", Origin.SESSION),
        (["agent", "preference"], "agent", Origin.AGENT),
        (["preference"], "preference", Origin.PREFERENCE),
        ([], "default", Origin.TEAM_DEFAULT),
    ],
)
def test_the_first_who_names_a_usable_model_decides(named, chosen, origin):
    resolution = resolve(ALL, **{name: NAMED[name] for name in named})
    assert resolution == Resolution(chosen, (Step(origin, chosen, chosen.title(), Verdict.CHOSEN),))


def test_without_a_default_the_team_s_priority_decides_then_the_name():
    models = catalogue(facts("b", priority=1), facts("z", priority=0), facts("a", priority=0), facts("c", priority=2))
    assert resolve(models).model_id == "a"
    assert resolve(models).steps == (Step(Origin.TEAM_PRIORITY, "a", "A", Verdict.CHOSEN),)


@pytest.mark.parametrize(
    ("against", "verdict"),
    [
        ({"is_active": False}, Verdict.ARCHIVED),
        ({"is_enabled": False}, Verdict.DISABLED),
        ({"is_provider_enabled": False}, Verdict.PROVIDER_DISABLED),
        ({"is_enabled_for_team": False}, Verdict.NOT_ENABLED_FOR_TEAM),
        ({"has_token": False}, Verdict.NO_TOKEN),
        ({"is_active": False, "is_enabled": False, "has_token": False}, Verdict.ARCHIVED),
        ({"is_enabled": False, "has_token": False}, Verdict.DISABLED),
        ({}, Verdict.CHOSEN),
    ],
)
def test_a_verdict_is_the_first_thing_against_a_model(against, verdict):
    assert facts("m", **against).verdict() is verdict


def test_what_could_not_be_used_is_remembered_with_the_reason():
    models = catalogue(
        facts("old", is_active=False), facts("dear", has_token=False), facts("default", is_team_default=True)
    )
    resolution = resolve(models, explicit="old", session="gone", agent="dear")
    assert resolution.model_id == "default"
    assert [step.as_json() for step in resolution.steps] == [
        {"origin": "explicit", "model": "old", "name": "Old", "verdict": "archived"},
        {"origin": "session", "model": "gone", "name": "", "verdict": "unknown"},
        {"origin": "agent", "model": "dear", "name": "Dear", "verdict": "no_token"},
        {"origin": "team_default", "model": "default", "name": "Default", "verdict": "chosen"},
    ]


def test_a_model_is_looked_at_once_however_often_it_is_named():
    models = catalogue(facts("m", has_token=False, is_team_default=True))
    resolution = resolve(models, explicit="m", session="m", agent="m", preference="m")
    assert resolution == Resolution(None, (Step(Origin.EXPLICIT, "m", "M", Verdict.NO_TOKEN),))


def test_a_team_without_models_resolves_to_nothing():
    assert resolve({}) == Resolution(None, ())


def test_a_model_that_is_not_the_team_s_is_only_a_candidate_when_it_is_named():
    models = catalogue(facts("foreign", is_enabled_for_team=False))
    assert resolve(models).steps == ()
    assert resolve(models, explicit="foreign").steps[0].verdict is Verdict.NOT_ENABLED_FOR_TEAM


flags = st.fixed_dictionaries({name: st.booleans() for name in USABLE})
some_id = st.sampled_from([None, "a", "b", "c", "unknown"])


@given(
    st.dictionaries(st.sampled_from(["a", "b", "c"]), flags),
    st.fixed_dictionaries(dict.fromkeys(NAMED, some_id)),
)
def test_whatever_is_chosen_is_usable_and_all_before_it_is_not(flags_by_id, named):
    models = {name: facts(name, **changes) for name, changes in flags_by_id.items()}
    resolution = resolve(models, **named)
    verdicts = [step.verdict for step in resolution.steps]
    if resolution.model_id is None:
        assert Verdict.CHOSEN not in verdicts
        assert not any(model.verdict() is Verdict.CHOSEN for model in models.values())
    else:
        assert models[resolution.model_id].verdict() is Verdict.CHOSEN
        assert verdicts.index(Verdict.CHOSEN) == len(verdicts) - 1


def test_the_team_s_order_is_default_then_priority_then_name():
    models = [facts("c", priority=1), facts("b"), facts("a"), facts("z", is_team_default=True, priority=9)]
    foreign = facts("0", is_enabled_for_team=False)
    assert [model.id for model in in_team_order([*models, foreign])] == ["z", "a", "b", "c"]


def test_a_choice_of_the_session_that_can_not_be_used_is_told():
    models = catalogue(facts("a", is_team_default=True), facts("b", is_active=False))
    refused = resolve(models, session="b").refused_choice
    assert refused is not None
    assert (refused.model_id, refused.verdict) == ("b", Verdict.ARCHIVED)
    assert resolve(models, session="a").refused_choice is None
    assert resolve(models, explicit="a", session="b").refused_choice is None
    assert resolve(models, preference="b").refused_choice is None
