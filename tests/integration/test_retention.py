"""How long chats are kept: the rules of the purge, several purges at once, and answers that begin meanwhile."""

from __future__ import annotations

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ai_studio import gateway
from ai_studio.models import Team
from chat.errors import SessionNotFound
from chat.models import Folder, Generation, Message, Session, Share
from chat.services import beginning, purging
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.keeping import aged, answer, deleted, in_thread, keep_for, left, purge
from tests.integration.rest import assert_refused

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_team_keeps_its_chats_for_ever_unless_it_says_otherwise(people):
    aged(factories.make_session(people.alice), days=30_000)
    assert purge() == {}


def test_what_is_older_than_a_team_keeps_goes_with_all_that_hangs_on_it(people):
    keep_for(people.team, 30)
    old = aged(factories.make_session(people.alice), days=31)
    answer(old)
    Share.objects.create(session=old, audience="anyone", is_live=True)
    archived = aged(factories.make_session(people.bob, archived_at=timezone.now(), pinned_at=timezone.now()), days=31)
    new = aged(factories.make_session(people.alice), days=29)
    elsewhere = aged(factories.make_session(people.charlie), days=31)
    assert purge() == {"retention": 2}
    assert left() == {new.pk, elsewhere.pk}
    assert archived.pk not in left()
    assert not any(kind.objects.exists() for kind in (Message, Generation, Share))


def test_each_team_keeps_for_its_own_time(people):
    keep_for(people.team, 1)
    keep_for(people.other_team, 400)
    gone = aged(factories.make_session(people.alice), hours=25)
    stays = [
        aged(factories.make_session(people.alice), hours=23),
        aged(factories.make_session(people.charlie), days=399),
    ]
    purge()
    assert left() == {session.pk for session in stays}
    assert gone.pk not in left()


def test_the_end_of_a_long_answer_is_activity(people):
    keep_for(people.team, 1)
    session = aged(factories.make_session(people.alice), hours=30)
    answer(session, finished_at=timezone.now() - timedelta(hours=2))
    assert purge() == {}
    Generation.objects.update(finished_at=timezone.now() - timedelta(hours=25))
    assert purge() == {"retention": 1}


@pytest.mark.parametrize("status", ["pending", "streaming", "stopping"])
def test_a_chat_with_a_running_answer_is_never_taken(people, status):
    keep_for(people.team, 1)
    by_age, by_owner = aged(factories.make_session(people.alice), days=9), factories.make_session(people.alice)
    deleted(by_owner, days=9)
    for session in (by_age, by_owner):
        answer(session, status=status)
    assert purge() == {}
    Generation.objects.update(status="interrupted", finished_at=timezone.now() - timedelta(days=8))
    assert purge() == {"deleted": 1, "retention": 1}


@pytest.mark.parametrize("days", [0, -1, 36_501])
def test_the_database_refuses_a_retention_that_is_none(people, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        Team.objects.filter(pk=people.team.pk).update(retention_days=days)


def test_what_goes_is_logged_as_numbers_and_by_the_command(people, caplog):
    keep_for(people.team, 1)
    for _ in range(3):
        aged(factories.make_session(people.alice, title="Secret walrus"), days=2)
    deleted(factories.make_session(people.charlie), days=8)
    with caplog.at_level(logging.INFO, logger="chat.services.purging"):
        purge()
        purge()
    (line,) = [record for record in caplog.records if record.name == "chat.services.purging"]
    assert line.purged == {"deleted": 1, "retention": 3}
    assert "walrus" not in str(line.__dict__)
    aged(factories.make_session(people.alice), days=2)
    said = StringIO()
    call_command("purge", stdout=said)
    call_command("purge", stdout=said)
    assert said.getvalue().splitlines() == ["retention: 1", "Nothing was due."]


async def test_tabs_hear_of_what_goes(people, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    await Session.objects.filter(pk=session).aupdate(updated_at=timezone.now() - timedelta(days=2))
    await Team.objects.filter(pk=people.team.pk).aupdate(retention_days=1)
    await purging.purge_now()
    assert (await tab.until_type("session-deleted"))["session"] == session
    async with api_client(people.alice) as api:
        assert (await api.get(f"/api/sessions/{session}")).status_code == 404


def test_the_page_is_told_how_long_chats_are_kept(api, people, settings):
    settings.TEMPORARY_KEPT_HOURS = 12
    assert api.get("/api/studio").json()["kept"] == {"days": None, "temporary_hours": 12}
    keep_for(people.team, 30)
    assert api.get("/api/studio").json()["kept"] == {"days": 30, "temporary_hours": 12}
    assert "keeps chats for 30 days" in api.get("/settings/").content.decode()


# --- Several at once ---------------------------------------------------------------------------------------------------


def test_two_purges_at_once_take_each_chat_once(people, monkeypatch):
    monkeypatch.setattr(purging, "PURGED_AT_ONCE", 7)
    keep_for(people.team, 1)
    stays = factories.make_session(people.alice)
    for _ in range(120):
        factories.make_message(aged(factories.make_session(people.alice), days=2))
    results: list[dict[str, int]] = []
    threads = [in_thread(purge, results) for _ in range(2)]
    for thread in threads:
        thread.join()
    assert sum(result.get("retention", 0) for result in results) == 120
    assert left() == {stays.pk}


def test_a_purge_passes_over_a_chat_in_which_an_answer_begins(people):
    keep_for(people.team, 1)
    session = aged(factories.make_session(people.alice), days=2)
    results: list[dict[str, int]] = []
    with transaction.atomic():
        Session.objects.filter(pk=session.pk).update(title="Locked by whoever begins")
        answer(session, status="pending")
        purging_thread = in_thread(purge, results)
        if connection.features.has_select_for_update_skip_locked:
            purging_thread.join()  # it does not wait; on SQLite it waits for the end of this transaction
    purging_thread.join()
    assert results == [{}]
    assert left() == {session.pk}


def test_an_answer_that_begins_in_a_chat_that_goes_finds_none(people, story, monkeypatch):
    session = factories.make_session(people.alice)
    plan = gateway.plan

    def slow_plan(wanted):
        purging.remove(Session.objects.filter(pk=session.pk))
        return plan(wanted)

    monkeypatch.setattr(gateway, "plan", slow_plan)
    monkeypatch.setattr(gateway, "_litellm_client", lambda: None)
    sent = beginning.Sent(None, "Hello")
    with pytest.raises(SessionNotFound):
        beginning.begin_send(people.alice.pk, session.pk, sent, "c-Ty6uJk8iOl0pMnBv", lambda *_: None)
    assert not any(kind.objects.exists() for kind in (Session, Message, Generation))


# --- At once, for their owner ------------------------------------------------------------------------------------------


def test_what_can_be_brought_back_is_no_longer_shown_than_that(api, alice, settings):
    settings.DELETED_KEPT_DAYS = 7
    new, old = (deleted(factories.make_session(alice), days=days) for days in (6, 8))
    assert [one["id"] for one in api.get("/api/sessions?scope=deleted").json()["sessions"]] == [new.pk]
    restored = api.post("/api/sessions/restored", {"sessions": [old.pk]}, content_type="application/json")
    assert_refused(restored, 404, "session_not_found")


def test_a_removed_folder_is_gone_and_its_chats_stay_outside(api, alice):
    folder = factories.make_folder(alice)
    session = factories.make_session(alice, folder=folder)
    assert api.delete(f"/api/folders/{folder.pk}").status_code == 204
    assert not Folder.objects.exists()
    assert Session.objects.get(pk=session.pk).folder_id is None
