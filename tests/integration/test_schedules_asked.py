"""Scheduled prompts: who asks them, how often, and what becomes of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from ai_studio.models import LanguageModel
from chat import services
from chat.draining import drain
from chat.errors import RateLimitReached
from chat.generation.registry import registry
from chat.models import Folder, Message, Schedule, Session
from chat.services import scheduled, sessions
from tests import factories
from tests.factories import People
from tests.integration.background import background_done
from tests.integration.conftest import OpenTab
from tests.integration.models import PacedModel

pytestmark = pytest.mark.django_db(transaction=True)


async def due(people: People, **fields: Any) -> Schedule:
    return await sync_to_async(factories.make_schedule)(people.alice, **fields)


def is_to_come(schedule: Schedule) -> bool:
    return schedule.next_at is not None and schedule.next_at > timezone.now()


async def asked() -> list[Session]:
    await asyncio.gather(*(live.ended.wait() for live in list(registry().live.values())))
    await background_done()
    return [session async for session in Session.objects.select_related("leaf").order_by("created_at")]


async def said(session: Session) -> list[tuple[str, str]]:
    return [(one.role, one.text) async for one in session.messages.order_by("created_at", "id")]


async def test_it_is_asked_in_a_chat_of_its_own_and_comes_again(people, model: PacedModel, story: LanguageModel):
    folder = await Folder.objects.acreate(id="folder-0123456789", user=people.alice, team=people.team, name="News")
    schedule = await due(people, folder=folder, model=story)
    assert await scheduled.run_due() == 1
    (session,) = await asked()
    assert (session.title, session.is_title_chosen, session.folder_id) == ("Morning", True, folder.pk)
    assert (session.user_id, session.team_id, session.model_id) == (people.alice.pk, people.team.pk, story.pk)
    assert session.is_unread
    assert await said(session) == [("user", "What is new?"), ("assistant", "Hello.")]
    assert model.title_requests == []
    await schedule.arefresh_from_db()
    assert schedule.next_at is not None
    assert timezone.now() < schedule.next_at <= timezone.now() + timedelta(days=1)
    assert schedule.next_at.astimezone(UTC).time() == time(9)
    assert (schedule.session_id, schedule.error, schedule.is_on, schedule.claimed_at) == (session.pk, None, True, None)
    assert await scheduled.run_due() == 0


async def test_open_tabs_see_it_come(people, model, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    await due(people)
    await scheduled.run_due()
    (session,) = await asked()
    frame = await tab.until(lambda frame: frame["type"] == "session" and frame["session"]["id"] == session.pk)
    assert frame["session"]["title"] == "Morning"


async def test_what_was_missed_for_days_is_asked_once(people, model):
    await due(people, next_at=timezone.now() - timedelta(days=3))
    assert [await scheduled.run_due() for _ in range(2)] == [1, 0]
    assert len(await asked()) == 1


async def test_of_several_processes_one_asks(people, model):
    for _ in range(7):
        await due(people)
    while sum(await asyncio.gather(*(scheduled.run_due() for _ in range(3)))):
        pass
    assert len(await asked()) == 7
    assert await Message.objects.filter(role="user").acount() == 7


async def test_a_run_that_was_not_written_down_is_found_and_not_asked_twice(people, model, monkeypatch):
    schedule = await due(people)

    def gone(*_: Any) -> None:
        raise DatabaseError("the process is gone")

    with monkeypatch.context() as patch:
        patch.setattr(scheduled, "_write_down", gone)
        with pytest.raises(DatabaseError):
            await scheduled.run_due()
    assert await scheduled.run_due() == 0  # it is claimed
    await Schedule.objects.aupdate(claimed_at=timezone.now() - timedelta(seconds=scheduled.CLAIMED_SECONDS + 1))
    assert await scheduled.run_due() == 1
    (session,) = await asked()
    assert len(await said(session)) == 2
    await schedule.arefresh_from_db()
    assert schedule.session_id == session.pk


async def test_a_chat_that_was_deleted_before_it_was_written_down_does_not_come_back(people, model, monkeypatch):
    schedule = await due(people)
    assert schedule.next_at is not None
    run_id = scheduled._run_id(schedule.pk, schedule.next_at)
    deleted = {"user": people.alice, "team": people.team, "deleted_at": timezone.now()}
    await Session.objects.acreate(id=run_id, **deleted)
    assert await scheduled.run_due() == 1
    await schedule.arefresh_from_db()
    assert is_to_come(schedule)
    assert await Message.objects.acount() == 0


async def test_what_can_not_be_asked_says_why_and_leaves_no_empty_chat(people, model, story: LanguageModel):
    schedule = await due(people, model=story)
    story.is_enabled = False
    await story.asave()
    await scheduled.run_due()
    assert await asked() == []
    await schedule.arefresh_from_db()
    assert schedule.error is not None
    assert schedule.error["code"] == "model_unavailable"
    assert (schedule.is_on, schedule.session_id) == (True, None)
    assert is_to_come(schedule)
    story.is_enabled = True
    await story.asave()
    await Schedule.objects.aupdate(next_at=timezone.now())
    await scheduled.run_due()
    await schedule.arefresh_from_db()
    assert schedule.error is None
    assert schedule.session_id is not None


async def test_a_fault_of_ours_stops_no_other(people, model, monkeypatch):
    first = await due(people, name="First", next_at=timezone.now() - timedelta(hours=1))
    await due(people, name="Second")

    def faulty(user_id: str, wanted: Any) -> Any:
        if wanted.title == "First":
            raise ZeroDivisionError
        return sessions.add_session(user_id, wanted)

    monkeypatch.setattr(scheduled, "add_session", faulty)
    await scheduled.run_due()
    assert [session.title for session in await asked()] == ["Second"]
    await first.arefresh_from_db()
    assert first.error is not None
    assert first.error["code"] == "internal_error"
    assert is_to_come(first)


async def test_too_much_at_once_is_asked_a_little_later(people, model, monkeypatch):
    schedule = await due(people)

    async def refuse(**_: Any) -> None:
        raise RateLimitReached(retry_after=30)

    with monkeypatch.context() as patch:
        patch.setattr(scheduled, "send_message", refuse)
        await scheduled.run_due()
    was_due = schedule.next_at
    await schedule.arefresh_from_db()
    assert (schedule.next_at, schedule.error) == (was_due, None)
    await Schedule.objects.aupdate(claimed_at=None)
    await scheduled.run_due()
    assert len(await asked()) == 1


async def test_a_process_that_leaves_begins_nothing(people, model, monkeypatch):
    await due(people)
    monkeypatch.setattr(drain, "is_draining", True)
    assert await scheduled.run_due() == 0
    assert await asked() == []


async def test_nothing_is_asked_for_who_may_not_ask(people, model, settings):
    await due(people)
    people.alice.is_active = False
    await people.alice.asave()
    assert await scheduled.run_due() == 0
    people.alice.is_active = True
    await people.alice.asave()
    await people.alice.memberships.all().adelete()
    assert await scheduled.run_due() == 0
    settings.SCHEDULES_PER_PERSON = 0
    assert await scheduled.run_due() == 0
    assert await asked() == []


async def test_now_is_also_for_one_that_is_off(people, api, model):
    schedule = await due(people, is_on=False, next_at=None)
    assert await scheduled.run_due() == 0
    assert (await sync_to_async(api.post)(f"/api/schedules/{schedule.pk}/run")).status_code == 202
    assert await scheduled.run_due() == 1
    assert len(await asked()) == 1
    await schedule.arefresh_from_db()
    assert (schedule.is_on, schedule.next_at) == (False, None)


async def test_one_that_comes_once_is_off_after_that(people, model):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    schedule = await due(people, weekdays=[], day=yesterday.date())
    await scheduled.run_due()
    assert len(await asked()) == 1
    await schedule.arefresh_from_db()
    assert (schedule.is_on, schedule.next_at) == (False, None)


async def test_one_that_is_changed_while_it_runs_keeps_its_new_time(people, model, monkeypatch):
    schedule, later = await due(people), timezone.now() + timedelta(days=5)

    async def meanwhile(**given: Any) -> Any:
        await Schedule.objects.filter(pk=schedule.pk).aupdate(next_at=later)
        return await services.send_message(**given)

    monkeypatch.setattr(scheduled, "send_message", meanwhile)
    await scheduled.run_due()
    (session,) = await asked()
    await schedule.arefresh_from_db()
    assert (schedule.next_at, schedule.session_id) == (later, session.pk)
