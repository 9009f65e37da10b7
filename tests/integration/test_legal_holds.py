"""Legal holds: while one lasts, nothing of it is deleted for good, by whichever way; when it is lifted, what was due goes."""

from __future__ import annotations

import pytest
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from ai_studio.models import LegalHold, SecurityEvent, Team, User
from chat.models import Folder, Message, Session
from tests import factories
from tests.integration.admin_world import client_of
from tests.integration.keeping import aged, deleted, hold, keep_for, left, purge
from tests.integration.rest import assert_refused, post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["team", "person"])
def held(request, people) -> LegalHold:
    """A hold on Alice, or on her team."""
    return hold(people.team if request.param == "team" else people.alice)


def test_nothing_is_due_while_it_lasts_and_all_of_it_afterwards(people, held):
    keep_for(people.team, 30)
    kept = {
        aged(factories.make_session(people.alice), days=31).pk,
        deleted(factories.make_session(people.alice), days=8).pk,
        aged(factories.make_session(people.alice, is_temporary=True), days=2).pk,
    }
    factories.make_message(Session.objects.first(), "a walrus")
    other = factories.make_session(people.charlie)
    deleted(other, days=8)
    assert purge() == {"deleted": 1}
    assert left() == kept
    held.delete()
    assert sum(purge().values()) == 3
    assert not Session.objects.exists()
    assert not Message.objects.exists()


def test_lifting_one_of_two_lifts_nothing(people):
    first, second = hold(people.team, "Case 1"), hold(people.alice, "Case 2")
    deleted(factories.make_session(people.alice), days=8)
    first.delete()
    assert purge() == {}
    second.delete()
    assert purge() == {"deleted": 1}


def test_a_hold_on_a_person_is_none_on_the_team(people):
    hold(people.alice)
    deleted(factories.make_session(people.bob), days=8)
    assert purge() == {"deleted": 1}


def test_what_is_deleted_under_a_hold_stays_invisible(api, people, held):
    session = factories.make_session(people.alice, title="Walrus")
    assert api.delete(f"/api/sessions/{session.pk}").status_code == 204
    assert [one["id"] for one in api.get("/api/sessions?scope=deleted").json()["sessions"]] == [session.pk]
    deleted(session, days=8)
    assert api.get("/api/sessions?scope=deleted").json()["sessions"] == []
    assert_refused(api.get(f"/api/sessions/{session.pk}"), 404, "session_not_found")
    assert_refused(post(api, "/api/sessions/restored", {"sessions": [session.pk]}), 404, "session_not_found")
    assert left() == {session.pk}


def test_an_ended_temporary_chat_is_kept_and_seen_by_nobody(api, people, held):
    session = factories.make_session(people.alice, is_temporary=True)
    assert api.delete(f"/api/sessions/{session.pk}").status_code == 204
    assert left() == {session.pk}
    assert api.get("/api/sessions?scope=deleted").json()["sessions"] == []
    assert_refused(api.get(f"/api/sessions/{session.pk}"), 404, "session_not_found")
    held.delete()
    assert purge() == {"erased": 1}


def test_deleting_one_s_data_says_that_it_is_deferred_and_not_why(api, people, held):
    folder = factories.make_folder(people.alice, name="Thesis")
    factories.make_session(people.alice, folder=folder)
    factories.make_session(people.alice, deleted_at=timezone.now())
    before = api.get("/settings/").content.decode()
    assert "your organisation must keep them" in before
    page = api.post("/settings/delete/", {"sure": "on"}, follow=True).content.decode()
    assert "your organisation must keep them" in page
    for told in (before, page):
        assert "Case 12" not in told
        assert "legal" not in told.lower()
    assert api.get("/api/sessions").json()["sessions"] == []
    assert api.get("/api/sessions?scope=deleted").json()["sessions"] == []
    assert api.get("/api/folders").json()["folders"] == []
    assert (Session.objects.count(), Folder.objects.count()) == (2, 1)
    held.delete()
    assert purge() == {"erased": 2, "folders": 1}
    assert "your organisation" not in api.get("/settings/").content.decode()


def test_deleting_one_s_data_takes_what_is_not_held(api, people):
    hold(people.other_team)
    factories.join(people.alice, people.other_team)
    kept = factories.make_session(people.alice, team=people.other_team)
    factories.make_session(people.alice, team=people.team)
    page = api.post("/settings/delete/", {"sure": "on"}, follow=True).content.decode()
    assert "Some are kept" in page
    assert left() == {kept.pk}


def test_a_removed_folder_is_kept_unseen(api, people, held):
    folder = factories.make_folder(people.alice)
    assert api.delete(f"/api/folders/{folder.pk}").status_code == 204
    assert_refused(api.delete(f"/api/folders/{folder.pk}"), 404, "folder_not_found")
    assert Folder.objects.exists()


# --- Deleting the team or the person -----------------------------------------------------------------------------------


def test_neither_the_team_nor_the_person_can_be_deleted(people, held):
    factories.make_session(people.alice)
    for row in (people.team, people.alice):
        with pytest.raises(ProtectedError):
            row.delete()
    held.delete()
    people.alice.delete()
    people.team.delete()
    assert not Session.objects.exists()


def test_others_can_be_deleted(people):
    hold(people.alice)
    factories.make_session(people.charlie)
    people.charlie.delete()
    people.other_team.delete()
    people.bob.delete()
    assert not Session.objects.exists()


@pytest.mark.parametrize("what", ["team", "user"])
def test_the_admin_refuses_with_the_reason(people, held, what):
    factories.make_session(people.alice)
    row = {"team": people.team, "user": people.alice}[what]
    root = client_of(factories.make_user("Root", is_superuser=True, is_staff=True))
    page = reverse(f"admin:ai_studio_{what}_delete", args=[row.pk])
    for answer in (root.get(page, follow=True), root.post(page, {"post": "yes"}, follow=True)):
        told = answer.content.decode()
        assert "can’t be deleted" in told or "can&#x27;t be deleted" in told
        assert "Case 12" in told
    assert type(row).objects.filter(pk=row.pk).exists()
    held.delete()
    assert root.post(page, {"post": "yes"}).status_code == 302
    assert not type(row).objects.filter(pk=row.pk).exists()


# --- The page of the admin ---------------------------------------------------------------------------------------------


@pytest.fixture
def root(people):
    return client_of(factories.make_user("Root", is_superuser=True, is_staff=True))


def place(root, **fields: str):
    return root.post(reverse("admin:ai_studio_legalhold_add"), {"team": "", "email": "", "reason": "Case 7"} | fields)


def test_a_hold_is_placed_and_lifted_and_the_log_keeps_both(root, people):
    assert place(root, team=people.team.pk).status_code == 302
    assert place(root, email="ALICE@example.com").status_code == 302
    on_team, on_alice = LegalHold.objects.get(team=people.team), LegalHold.objects.get(user=people.alice)
    assert (on_team.placed_by, on_team.reason) == ("root@example.com", "Case 7")
    page = reverse("admin:ai_studio_legalhold_delete", args=[on_alice.pk])
    assert "Case 7" in root.get(page).content.decode()
    assert root.post(page, {"post": "yes"}).status_code == 302
    told = SecurityEvent.objects.filter(event__startswith="hold_").order_by("pk")
    assert [(line.event, line.subject, line.team, line.actor) for line in told] == [
        ("hold_placed", "Research", "Research", "root@example.com"),
        ("hold_placed", "alice@example.com", "", "root@example.com"),
        ("hold_lifted", "alice@example.com", "", "root@example.com"),
    ]
    assert {line.details["reason"] for line in told} == {"Case 7"}
    assert LegalHold.objects.get() == on_team


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "name one of the two"),
        ({"team": "both", "email": "alice@example.com"}, "name one of the two"),
        ({"email": "nobody@example.com"}, "Nobody has an account"),
        ({"email": "alice@example.com", "reason": ""}, "This field is required"),
    ],
)
def test_a_hold_on_nothing_or_everything_is_refused(root, people, fields, said):
    if fields.get("team") == "both":
        fields = fields | {"team": people.team.pk}
    answer = place(root, **fields)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_a_hold_is_not_changed_and_not_lifted_in_bulk(root, people, held):
    page = reverse("admin:ai_studio_legalhold_change", args=[held.pk])
    assert root.post(page, {"reason": "Another"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [held.pk], "post": "yes"}
    root.post(reverse("admin:ai_studio_legalhold_changelist"), chosen)
    assert LegalHold.objects.get().reason == "Case 12"


def test_an_account_can_be_closed_under_a_hold(people, held):
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    Team.objects.filter(pk=people.team.pk).update(name="Renamed")
    assert not User.objects.get(pk=people.alice.pk).is_active
