"""What commands say of answers that stand side by side."""

from __future__ import annotations

import pytest

from chat import commands
from chat.errors import InvalidCommand
from tests.unit.chat.test_commands import GENERATION, WELL_FORMED

MODELS = ["m-gH4kT7bV1nQxYz0c", "m-Lk3jHg5fDs7aPo9i"]


@pytest.mark.parametrize("kind", ["send", "regenerate"])
def test_models_answer_side_by_side(kind):
    frame = {**WELL_FORMED[kind], "model": None}
    assert commands.parse({**frame, "beside": MODELS}).beside == tuple(MODELS)
    assert commands.parse({**frame, "beside": []}).beside == ()
    assert commands.parse({**frame, "beside": None}).beside is commands.parse(frame).beside is None


@pytest.mark.parametrize(
    "beside",
    ["m-gH4kT7bV1nQxYz0c", {}, [1], [None], ["short"], [MODELS], [MODELS[0]] * 2, [f"m-{n:016}" for n in range(4)]],
)
@pytest.mark.parametrize("kind", ["send", "regenerate"])
def test_models_beside_are_a_short_list_of_ids_that_differ(kind, beside):
    with pytest.raises(InvalidCommand, match="beside"):
        commands.parse({**WELL_FORMED[kind], "model": None, "beside": beside})


def test_an_answer_is_asked_again_or_others_beside_it():
    with pytest.raises(InvalidCommand, match="beside"):
        commands.parse({**WELL_FORMED["regenerate"], "beside": MODELS})


def test_a_subscription_says_what_is_known_of_each_beside():
    known = [{"generation": GENERATION, "after": 3}, {"generation": "g-Vb6nMk8jHg4fDs2q"}]
    parsed = commands.parse({**WELL_FORMED["subscribe"], "beside": known})
    assert parsed.beside == ((GENERATION, 3), ("g-Vb6nMk8jHg4fDs2q", None))
    assert commands.parse({**WELL_FORMED["subscribe"], "beside": []}).beside == ()


@pytest.mark.parametrize(
    "beside",
    [
        "x",
        {},
        [1],
        [[]],
        [{}],
        [{"generation": "short"}],
        [{"generation": GENERATION, "after": -1}],
        [{"generation": GENERATION}] * 17,
    ],
)
def test_what_is_known_of_those_beside_is_a_list_of_positions(beside):
    with pytest.raises(InvalidCommand):
        commands.parse({**WELL_FORMED["subscribe"], "beside": beside})
