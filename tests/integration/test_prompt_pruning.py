"""Kept prompts go when nothing names them any more, and not before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ai_studio import ledger
from ai_studio.instructions import Composed
from ai_studio.models import Completion, Prompt
from tests import factories
from tests.integration.keeping import answer, in_thread, purge

pytestmark = pytest.mark.django_db(transaction=True)


def kept(text: str, *, hours: float = 25) -> str:
    """The hash of a prompt that was stored so long ago."""
    prompt = Composed(text, ())
    ledger.keep_prompts([prompt])
    Prompt.objects.filter(pk=prompt.hash).update(created_at=timezone.now() - timedelta(hours=hours))
    return prompt.hash


def test_a_prompt_that_nothing_names_goes_after_a_day(people):
    old, new, of_a_call, of_an_answer = kept("old"), kept("new", hours=23), kept("call"), kept("answer")
    Completion.objects.create(requested_model="story", prompt_hash=of_a_call)
    answer(factories.make_session(people.alice), prompt_hash=of_an_answer)
    assert purge() == {"prompts": 1}
    assert set(Prompt.objects.values_list("pk", flat=True)) == {new, of_a_call, of_an_answer}
    assert old not in set(Prompt.objects.values_list("pk", flat=True))


def test_it_goes_with_the_last_chat_that_names_it(people):
    prompt = kept("of one chat")
    session = factories.make_session(people.alice, deleted_at=timezone.now() - timedelta(days=8))
    answer(session, prompt_hash=prompt)
    assert purge() == {"deleted": 1, "prompts": 1}
    ledger.keep_prompts([Composed("of one chat", ())])
    assert Prompt.objects.filter(pk=prompt).exists()  # sent again, kept again


def test_those_that_are_named_do_not_stand_in_the_way_of_the_others(people, monkeypatch):
    monkeypatch.setattr(ledger, "PRUNED_AT_ONCE", 3)
    session = factories.make_session(people.alice)
    hashes = sorted(kept(f"prompt {number}") for number in range(12))
    for prompt in hashes[:6]:
        answer(session, prompt_hash=prompt)
    assert purge() == {"prompts": 6}
    assert sorted(Prompt.objects.values_list("pk", flat=True)) == hashes[:6]


def test_two_purges_at_once_delete_each_prompt_once(people, monkeypatch):
    monkeypatch.setattr(ledger, "PRUNED_AT_ONCE", 5)
    for number in range(60):
        kept(f"prompt {number}")
    results: list[dict[str, int]] = []
    threads = [in_thread(purge, results) for _ in range(2)]
    for thread in threads:
        thread.join()
    assert sum(result.get("prompts", 0) for result in results) == 60
    assert not Prompt.objects.exists()
