"""The next message and a further answer beside the last one, begun by two tabs at the same moment: one of them is first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from chat.errors import GenerationInProgress
from chat.ids import new_id
from chat.models import Generation
from chat.services import beginning
from chat.services.beginning import Again, Beginning, Sent
from tests import factories
from tests.integration.conftest import usable_model

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 15


def test_the_next_message_and_another_answer_never_begin_both(people, alice, story, model):
    second = usable_model(people.team, display_name="Second")
    session = factories.make_session(alice, team=people.team)
    leaf = None
    for _ in range(ROUNDS):
        begun = beginning.begin_send(alice.pk, session.pk, Sent(leaf, "Hello"), new_id(), lambda *_: None)
        leaf = begun.answers[0]["id"]
        session.generations.update(status="completed")
        both = (
            lambda parent=leaf: beginning.begin_send(
                alice.pk, session.pk, Sent(parent, "More"), new_id(), lambda *_: None
            ),
            lambda answer=leaf: beginning.begin_regenerate(
                alice.pk, session.pk, Again(answer, beside=[second.pk]), new_id(), lambda *_: None
            ),
        )
        outcomes = at_once(both)
        assert sorted(outcomes) == ["begun", "refused"]
        assert Generation.objects.active().filter(session=session).count() == 1
        session.generations.update(status="completed")
        session.refresh_from_db()
        leaf = session.leaf_id


def at_once(calls: tuple[Callable[[], Beginning], ...]) -> list[str]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Beginning]) -> str:
        try:
            barrier.wait()
            call()
            return "begun"
        except GenerationInProgress:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
