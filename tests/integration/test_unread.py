"""What is unread is unread on all devices, until one of them has shown it."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from chat.generation import recovery
from chat.ids import new_id
from chat.models import Generation, Session
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.rest import assert_refused, post

pytestmark = pytest.mark.django_db(transaction=True)


async def test_an_answer_is_unread_until_somebody_has_seen_it(people, model, open_tab: OpenTab):
    tab, phone = await open_tab(people.alice), await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    ended = await phone.until(lambda frame: frame["type"] == "session" and frame["session"]["unread"])
    assert ended["session"]["generation"] is None
    async with api_client(people.alice) as api:
        assert (await api.get("/api/sessions")).json()["sessions"][0]["unread"] is True
        read = await api.post(f"/api/sessions/{session}/read", json={"leaf": sent["answer"]["id"]})
        assert read.json()["unread"] is False
        assert read.json() == (await api.get(f"/api/sessions/{session}")).json()
    for one in (tab, phone):
        last = await one.until(lambda frame: frame["type"] == "session" and not frame["session"]["unread"] and frame["session"]["leaf"] is not None and frame["session"]["generation"] is None)  # fmt: skip
        assert last["session"]["id"] == session


async def test_a_stopped_answer_was_seen_by_whoever_stopped_it(people, model, open_tab: OpenTab):
    model.will_wait("Once upon")
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Once upon")
    await tab.command("stop", generation=sent["generation"], seen=None)
    assert not (await Session.objects.aget(pk=session)).is_unread


def test_an_answer_that_came_after_the_one_that_was_seen_stays_unread(api, alice):
    session = factories.make_session(alice, is_unread=True)
    seen = factories.make_message(session, "One")
    factories.make_message(session, "Two")
    path = f"/api/sessions/{session.pk}/read"
    assert post(api, path, {"leaf": seen.pk}).json()["unread"] is True
    assert post(api, path, {"leaf": new_id()}).json()["unread"] is True
    assert post(api, path, {"leaf": session.leaf_id}).json()["unread"] is False
    assert post(api, path, {"leaf": session.leaf_id}).json()["unread"] is False
    wrong: list[object] = [{}, {"leaf": None}, {"leaf": "short"}, []]
    for body in wrong:
        assert_refused(post(api, path, body), 400, "invalid_command")


async def test_reading_twice_rings_once(people, open_tab: OpenTab):
    session = await sync_to_async(factories.make_session)(people.alice, is_unread=True)
    message = await sync_to_async(factories.make_message)(session)
    tab = await open_tab(people.alice)
    async with api_client(people.alice) as api:
        for _ in range(2):
            await api.post(f"/api/sessions/{session.pk}/read", json={"leaf": message.pk})
    await tab.until_type("session")
    await tab.settle()
    assert [frame["type"] for frame in tab.frames].count("session") == 1


@pytest.mark.parametrize(("status", "is_unread"), [("streaming", True), ("stopping", False)])
def test_an_answer_whose_process_is_gone_is_unread_unless_it_was_stopped(alice, status, is_unread):
    session = factories.make_session(alice)
    answer = factories.make_message(session, "Half", role="assistant")
    generation = Generation.objects.create(id=new_id(), session=session, message=answer, status=status)
    Generation.objects.filter(pk=generation.pk).update(heartbeat_at="2000-01-01T00:00:00Z")
    assert recovery.interrupt(generation) is not None
    assert Session.objects.get(pk=session.pk).is_unread is is_unread
