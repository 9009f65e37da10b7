from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ai_studio.llm import errors as llm_errors
from ai_studio.llm.errors import LLMError
from chat import errors, failures
from chat.errors import ChatError


def family(kind: type[Any]) -> Iterator[type[Any]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


CHAT_ERRORS = [kind for kind in family(ChatError) if not kind.__name__.startswith("_")]
MODEL_CALL_ERRORS = list(family(LLMError))


@pytest.mark.parametrize("kind", CHAT_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_says_what_clients_need(kind):
    assert kind().as_json() == {"code": kind.code, "text": kind.text, "retryable": kind.retryable, "retry_after": None}
    assert kind.text.endswith(".")
    assert kind.http_status in {400, 401, 403, 404, 409, 413, 415, 429, 500, 503}


def test_no_two_errors_share_a_code():
    codes = [kind.code for kind in CHAT_ERRORS if kind not in (ChatError,)]
    assert sorted(codes) == sorted(set(codes))


def test_a_sentence_of_its_own_takes_the_place_of_the_class_s():
    problem = errors.InvalidCommand("Only an answer can be produced again.")
    assert problem.as_json()["text"] == str(problem) == "Only an answer can be produced again."
    assert "sentence" not in problem.as_json()  # the text is the key


def test_what_a_program_is_told_goes_beside_what_people_read():
    told = errors.InvalidCommand(detail="`after` must be a whole number from 0, or null.").as_json()
    assert told["text"] == "`after` must be a whole number from 0, or null."
    assert (told["sentence"], told["values"]) == (errors.InvalidCommand.text, {})


def test_details_are_told_in_english_and_apart():
    sentence, values = (
        "{file} has {length} characters, {share} of {limit}.",
        {"length": 40_001, "limit": 3, "share": 0.5},
    )
    told = errors.MessageTooLong(sentence, {**values, "file": "a {limit}.txt"}).as_json()
    assert told["text"] == "a {limit}.txt has 40,001 characters, 0.5 of 3."
    assert (told["sentence"], told["values"]) == (sentence, {**values, "file": "a {limit}.txt"})


@pytest.mark.parametrize(("count", "text"), [(1, "One file."), (0, "0 files."), (1200, "1,200 files.")])
def test_the_form_goes_by_the_count(count, text):
    assert str(errors.TooManyFiles("One file.|{count} files.", {"count": count})) == text


def test_a_wait_is_told():
    assert errors.RateLimitReached(retry_after=12.5).as_json()["retry_after"] == 12.5


@pytest.mark.parametrize("kind", MODEL_CALL_ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_of_a_model_call_has_a_sentence_and_never_the_providers_words(kind):
    told = failures.failure(kind("sk-secret was refused by api.example.com"))
    assert told == {
        "code": kind.code,
        "text": failures.MODEL_CALL_TEXTS[kind.code],
        "retryable": kind.retryable,
        "retry_after": None,
    }
    assert "secret" not in str(told)


def test_every_sentence_belongs_to_an_error_of_a_model_call():
    assert set(failures.MODEL_CALL_TEXTS) == {kind.code for kind in MODEL_CALL_ERRORS}


def test_the_wait_that_a_provider_asks_for_is_told():
    assert failures.failure(llm_errors.RateLimited("", retry_after=7))["retry_after"] == 7
