"""Own instructions are kept in prompts too, which the ledger names for ever: they go with the last chat that was told them."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync

from ai_studio import gateway
from ai_studio.instructions import Level
from ai_studio.models import Completion, Instructions, LegalHold, Prompt, User
from chat.models import Generation, Session
from chat.services.purging import erase, purge_now
from tests import factories
from tests.integration.keeping import hold

pytestmark = pytest.mark.django_db(transaction=True)

OWN = {Level.USER, Level.MEMORY, Level.FOLDER}


def tell(user: User, level: Level, *, name: str) -> Session:
    """A chat whose one answer was given a kept prompt with a paragraph of that level."""
    Prompt.objects.get_or_create(hash=name, text="I am a secret.", provenance=[{"level": str(level)}])
    session = factories.make_session(user)
    answer = factories.make_message(session, "Well.", role="assistant")
    Generation.objects.create(
        id=f"of-{answer.pk}", session=session, message=answer, status="completed", prompt_hash=name
    )
    Completion.objects.create(user=user, purpose="answer", generation_id=f"of-{answer.pk}", prompt_hash=name)
    return session


def kept() -> set[str]:
    return set(Prompt.objects.values_list("hash", flat=True))


@pytest.mark.parametrize("level", Level)
def test_a_prompt_with_own_words_goes_with_its_chat(alice, level):
    erase(Session.objects.filter(pk=tell(alice, level, name="told").pk))
    assert kept() == (set() if level in OWN else {"told"})
    assert Completion.objects.get().prompt_hash == "told"


def test_it_stays_while_another_chat_was_told_the_same(alice):
    first, second = (tell(alice, Level.USER, name="told") for _ in range(2))
    erase(Session.objects.filter(pk=first.pk))
    assert kept() == {"told"}
    erase(Session.objects.filter(pk=second.pk))
    assert kept() == set()


def test_deleting_one_s_data_takes_them_and_nobody_else_s(api, people, alice):
    tell(alice, Level.USER, name="hers")
    tell(alice, Level.TEAM, name="the team's")
    tell(people.bob, Level.USER, name="his")
    Prompt.objects.create(hash="trial", text="I am a secret.", provenance=[{"level": "user"}])
    Completion.objects.create(user=alice, purpose="trial", generation_id="none", prompt_hash="trial")
    api.post("/settings/delete/", {"sure": "on"})
    assert kept() == {"the team's", "his"}


def test_a_held_chat_keeps_what_it_was_told_as_long_as_itself(api, alice):
    tell(alice, Level.USER, name="told")
    hold(alice)
    api.post("/settings/delete/", {"sure": "on"})
    assert kept() == {"told"}
    LegalHold.objects.all().delete()
    async_to_sync(purge_now)()
    assert not Session.objects.exists()
    assert kept() == set()


def test_an_account_takes_its_own_words_along(people, alice):
    tell(alice, Level.USER, name="hers")
    for person in (alice, people.bob):
        gateway.save_own_instructions(person.pk, text="I am a secret.", enabled=True)
    bob, gone = people.bob.pk, alice.pk
    alice.delete()
    assert kept() == set()
    history = Instructions.history  # type: ignore[attr-defined]
    assert set(history.values_list("user_id", flat=True)) == {bob}
    assert not Instructions.objects.filter(user_id=gone).exists()
