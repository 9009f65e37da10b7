from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ai_studio.validators import validate_capabilities, validate_efforts, validate_parameters, validate_starters


@pytest.mark.parametrize("capabilities", ["vision", {"vision": True}, [1], [""], None])
def test_capabilities_are_words(capabilities: object):
    with pytest.raises(ValidationError, match="list of words"):
        validate_capabilities(capabilities)


@pytest.mark.parametrize("starters", ["Hello", [""], ["  "], [1], None])
def test_starters_are_texts(starters: object):
    with pytest.raises(ValidationError, match="list of texts"):
        validate_starters(starters)


@pytest.mark.parametrize("efforts", ["low", ["enormous"], [1], [["low"]], None])
def test_efforts_are_a_closed_list(efforts: object):
    with pytest.raises(ValidationError, match="a list out of none, minimal, low"):
        validate_efforts(efforts)


def test_good_ones_pass():
    validate_efforts(["low", "max"])
    validate_capabilities(["vision", "something-new"])
    validate_starters(["x" * 200] * 6)
    validate_parameters({"temperature": 1})


def test_each_fault_of_the_parameters_is_said():
    with pytest.raises(ValidationError) as refused:
        validate_parameters({"temperature": 9, "api_base": "x"})
    assert len(refused.value.messages) == 2
