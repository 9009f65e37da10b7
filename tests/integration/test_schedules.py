"""Scheduled prompts, over REST: written by a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai_studio.models import LanguageModel
from chat.models import Folder, Schedule
from tests import factories
from tests.factories import People
from tests.integration.rest import assert_refused, post, put, signed_in
from tests.integration.test_protocol_examples import EXAMPLES, assert_like

pytestmark = pytest.mark.django_db(transaction=True)

MORNING: dict[str, Any] = {
    "name": "Morning", "prompt": "What is new?\n", "at": "09:00", "zone": "Europe/Lisbon", "weekdays": [5, 1],
}  # fmt: skip


def added(api: Client, **changes: Any) -> dict[str, Any]:
    response = post(api, "/api/schedules", MORNING | changes)
    assert response.status_code == 201, response.content
    schedule: dict[str, Any] = response.json()
    return schedule


def listed(api: Client) -> list[dict[str, Any]]:
    schedules: list[dict[str, Any]] = api.get("/api/schedules").json()["schedules"]
    return schedules


def test_one_is_written_changed_and_deleted(api, people, story):
    agent = factories.make_agent(people.team, name="Editor")
    folder = Folder.objects.create(id="folder-0123456789", user=people.alice, team=people.team, name="News")
    made = added(api, model=story.pk, agent=agent.pk, folder=folder.pk)
    assert_like(EXAMPLES["rest", "schedules"], {"schedules": [made]})
    assert {**made, "id": "", "next_at": ""} == {
        "id": "", "team": str(people.team.pk), "name": "Morning", "prompt": "What is new?\n",
        "model": {"id": story.pk, "name": "Story"}, "agent": {"id": agent.pk, "name": "Editor"}, "folder": folder.pk,
        "at": "09:00", "zone": "Europe/Lisbon", "weekdays": [1, 5], "month_day": None, "day": None, "enabled": True,
        "next_at": "", "ran_at": None, "session": None, "error": None,
    }  # fmt: skip
    assert made["next_at"] > timezone.now().isoformat()
    assert listed(api) == [made]
    path = f"/api/schedules/{made['id']}"
    changed = put(api, path, MORNING | {"name": "Payday", "weekdays": [], "month_day": 31}).json()
    assert (changed["name"], changed["weekdays"], changed["month_day"]) == ("Payday", [], 31)
    assert (changed["model"], changed["agent"], changed["folder"]) == (None, None, None)
    off = put(api, path, MORNING | {"enabled": False}).json()
    assert (off["enabled"], off["next_at"]) == (False, None)
    assert api.delete(path).status_code == 204
    assert listed(api) == []


def test_the_next_to_come_is_first_and_those_that_are_off_are_last(api):
    tomorrow = timezone.now().date() + timedelta(days=2)
    added(api, name="Off", enabled=False)
    added(api, name="Later", weekdays=[], day=str(tomorrow + timedelta(days=30)))
    added(api, name="Sooner", weekdays=[], day=str(tomorrow))
    assert [schedule["name"] for schedule in listed(api)] == ["Sooner", "Later", "Off"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "invalid_command"),
        ({"name": "x" * 101}, "invalid_command"),
        ({"prompt": " \n"}, "invalid_command"),
        ({"prompt": "x" * 100_001}, "message_too_long"),
        ({"at": "25:00"}, "invalid_command"),
        ({"zone": "Mars/Olympus"}, "invalid_command"),
        ({"zone": "../../etc/passwd"}, "invalid_command"),
        ({"weekdays": []}, "invalid_command"),
        ({"weekdays": [0]}, "invalid_command"),
        ({"weekdays": [8]}, "invalid_command"),
        ({"weekdays": "Monday"}, "invalid_command"),
        ({"month_day": 3}, "invalid_command"),  # and weekdays
        ({"weekdays": [], "month_day": 0}, "invalid_command"),
        ({"weekdays": [], "month_day": 32}, "invalid_command"),
        ({"weekdays": [], "day": "2026-02-30"}, "invalid_command"),
        ({"weekdays": [], "day": "2001-02-03"}, "schedule_is_past"),
        ({"model": "m-of-somebody-else"}, "model_unavailable"),
        ({"agent": "a-of-somebody-else"}, "agent_unavailable"),
        ({"folder": "f-of-somebody-else"}, "folder_not_found"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(api, changes, code):
    response = post(api, "/api/schedules", MORNING | changes)
    assert_refused(response, response.status_code, code)
    assert 400 <= response.status_code < 500
    assert not Schedule.objects.exists()


def test_a_change_that_is_refused_changes_nothing(api):
    made = added(api)
    assert_refused(put(api, f"/api/schedules/{made['id']}", MORNING | {"zone": "Nowhere"}), 400, "invalid_command")
    assert listed(api) == [made]


def test_there_are_no_more_than_the_platform_allows(api, settings):
    settings.SCHEDULES_PER_PERSON = 2
    added(api)
    added(api)
    assert_refused(post(api, "/api/schedules", MORNING), 409, "too_many_schedules")


def test_those_of_others_are_absent(api, people: People, story: LanguageModel):
    made, others = added(api), signed_in(people.bob)
    path = f"/api/schedules/{made['id']}"
    assert listed(others) == []
    assert_refused(put(others, path, MORNING), 404, "schedule_not_found")
    assert_refused(others.delete(path), 404, "schedule_not_found")
    assert_refused(post(others, f"{path}/run", {}), 404, "schedule_not_found")
    assert_refused(api.delete("/api/schedules/no!id"), 404, "schedule_not_found")
    assert listed(api) == [made]


def test_in_a_team_that_one_has_left_they_are_absent(api, people):
    made = added(api)
    people.alice.memberships.all().delete()
    assert listed(api) == []
    assert_refused(api.delete(f"/api/schedules/{made['id']}"), 404, "schedule_not_found")


def test_they_are_taken_along_and_deleted_with_everything(api):
    made = added(api)
    taken = api.post("/settings/export/", {"format": "json"})
    assert made["id"] in b"".join(taken.streaming_content).decode()
    api.post("/settings/delete/", {"sure": "on"})
    assert not Schedule.objects.exists()


def test_the_pages_do_the_same(api, people, story):
    assert "None yet." in api.get("/schedules/").content.decode()
    assert "As new chats have it" in api.get("/schedules/new/").content.decode()
    form = {"name": "Morning <b>", "prompt": "What is new?", "repeats": "weekly", "weekdays": [1, 2, 3, 4, 5],
            "at": "09:00", "zone": "Europe/Lisbon", "model": story.pk, "agent": "", "folder": ""}  # fmt: skip
    assert api.post("/schedules/new/", form)["Location"] == "/schedules/"
    (made,) = listed(api)
    page = api.get("/schedules/").content.decode()
    assert "Morning &lt;b&gt;" in page
    assert "Monday to Friday, 09:00 (Europe/Lisbon)" in page
    path = f"/schedules/{made['id']}/"
    assert 'value="09:00"' in api.get(path).content.decode()
    api.post(path, form | {"name": "Payday", "repeats": "monthly", "month_day": 31})
    page = api.get("/schedules/").content.decode()
    assert "On day 31 of each month" in page
    api.post(f"{path}switch/", {"on": "false"})
    api.post(path, form | {"repeats": "weekly", "weekdays": [7]})  # saving does not switch it on
    assert [(each["enabled"], each["weekdays"]) for each in listed(api)] == [(False, [7])]
    api.post(f"{path}switch/", {"on": "true"})
    assert listed(api)[0]["enabled"]
    assert "is asked within a few seconds" in api.post(f"{path}run/", follow=True).content.decode()
    api.post(f"{path}delete/")
    assert listed(api) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weekdays": []}, "Choose on which days."),
        ({"repeats": "monthly", "month_day": ""}, "Choose on which days."),
        ({"repeats": "once", "day": "2001-02-03"}, "This time is past."),
        ({"repeats": "never"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
        ({"prompt": "x" * 100_001}, "What is asked is too long."),
        ({"model": "somebody-else-s-model"}, "Select a valid choice."),
    ],
)
def test_the_form_says_what_is_wrong_and_keeps_what_was_written(api, changes, said):
    form = {
        "name": "Morning",
        "prompt": "What is new?",
        "repeats": "weekly",
        "weekdays": [1],
        "at": "09:00",
        "zone": "UTC",
    }
    page = api.post("/schedules/new/", form | changes).content.decode()
    assert said in page
    assert 'value="09:00"' in page
    assert listed(api) == []


def test_the_pages_of_somebody_else_are_absent(api, people):
    path, others = f"/schedules/{added(api)['id']}/", signed_in(people.bob)
    assert others.get(path).status_code == 404
    assert [others.post(path + verb, {"on": "false"}).status_code for verb in ("switch/", "run/", "delete/")] == [
        404
    ] * 3
    assert listed(api)[0]["enabled"]


def test_a_run_that_failed_says_why_and_one_that_went_leads_to_its_chat(api, alice, story):
    session = factories.make_session(alice, title="Morning")
    told = {"code": "model_unavailable", "text": "Story is disabled.", "retryable": False, "retry_after": None}
    schedule = factories.make_schedule(alice, ran_at=timezone.now(), session=session)
    assert f'href="/c/{session.pk}"' in api.get("/schedules/").content.decode()
    Schedule.objects.update(session=None, error=told)
    assert "Its model can&#x27;t be used now." in api.get("/schedules/").content.decode()
    assert listed(api)[0]["error"] == told
    Schedule.objects.update(session=session, error=None)
    api.delete(f"/api/sessions/{session.pk}")
    assert f'href="/c/{session.pk}"' not in api.get("/schedules/").content.decode()
    assert listed(api)[0]["session"] is None
    assert schedule.pk == listed(api)[0]["id"]


def test_a_platform_without_them_offers_none(api, settings):
    assert '"schedules": "/schedules/"' in api.get("/").content.decode()
    settings.SCHEDULES_PER_PERSON = 0
    assert '"schedules": ""' in api.get("/").content.decode()
    assert "/schedules/" not in api.get("/settings/").content.decode()


def test_a_platform_admin_sees_whose_they_are_and_switches_them_off_and_reads_none(alice, people):
    root = signed_in(factories.make_user("Root", is_superuser=True))
    schedule = factories.make_schedule(alice, name="A secret", prompt="A secret question")
    address = "/admin/chat/schedule/"
    for page in (root.get(address), root.get(f"{address}{schedule.pk}/change/")):
        assert page.status_code == 200
        assert alice.email in page.content.decode()
        assert "secret" not in page.content.decode()
    assert root.get(f"{address}add/").status_code == 403
    assert root.post(f"{address}{schedule.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "switch_off", "_selected_action": [schedule.pk]}
    for others in (alice, people.bob):
        signed_in(others).post(address, action)
        assert Schedule.objects.get().is_on
    assert "1 switched off." in root.post(address, action, follow=True).content.decode()
    schedule.refresh_from_db()
    assert (schedule.is_on, schedule.next_at) == (False, None)
