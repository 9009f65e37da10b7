"""Sessions in order: folders, pins, the archive, tags, many at once, and deleting with a way back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from django.test import Client
from django.utils import timezone

from chat import services
from chat.models import Folder, Generation, Session
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.rest import assert_refused, patch, post, put

pytestmark = pytest.mark.django_db(transaction=True)


def listed(api: Client, **parameters: Any) -> list[str]:
    return [session["id"] for session in api.get("/api/sessions", parameters).json()["sessions"]]


def test_a_chat_is_filed_tagged_pinned_and_archived(api, alice):
    session, folder = factories.make_session(alice, title="Monads"), factories.make_folder(alice)
    path = f"/api/sessions/{session.pk}"
    changed = patch(
        api, path, {"folder": folder.pk, "tags": [" deep  work", "Deep Work", "maths"], "pinned": True}
    ).json()
    assert changed == api.get(path).json()
    assert (changed["folder"], changed["tags"], changed["pinned"]) == (folder.pk, ["deep work", "maths"], True)
    assert (changed["title"], changed["archived"]) == ("Monads", False)
    archived = patch(api, path, {"archived": True}).json()
    assert (archived["archived"], archived["pinned"], archived["folder"]) == (True, False, folder.pk)
    out = patch(api, path, {"archived": False, "folder": None, "tags": []}).json()
    assert (out["archived"], out["folder"], out["tags"]) == (False, None, [])


@pytest.mark.parametrize(
    "body",
    [{}, {"pinned": "perhaps"}, {"tags": "one"}, {"tags": ["x" * 41]}, {"tags": [str(n) for n in range(11)]}, {"title": " "},
     {"title": "x" * 201}, {"folder": "short"}, {"archived": None}],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused_and_does_nothing(api, alice, body):
    session = factories.make_session(alice, title="Monads")
    before = api.get(f"/api/sessions/{session.pk}").json()
    assert_refused(patch(api, f"/api/sessions/{session.pk}", body), 400, "invalid_command")
    assert api.get(f"/api/sessions/{session.pk}").json() == before


def test_each_list_holds_what_is_said(api, alice):
    folder = factories.make_folder(alice)
    plain = factories.make_session(alice, tags=["née", "x"])
    filed = factories.make_session(alice, folder=folder, tags=["née"])
    pinned = factories.make_session(alice, folder=folder, pinned_at=timezone.now())
    archived = factories.make_session(alice, archived_at=timezone.now(), tags=["née"])
    deleted = factories.make_session(alice, deleted_at=timezone.now(), tags=["née"])
    assert listed(api) == [plain.pk]
    assert [one["id"] for one in api.get("/api/sessions").json()["pinned"]] == [pinned.pk]
    assert listed(api, folder=folder.pk) == [pinned.pk, filed.pk]
    assert listed(api, tag="née") == [filed.pk, plain.pk]
    assert listed(api, tag="né") == []
    assert listed(api, tag='x" OR 1=1') == []
    assert listed(api, scope="archived") == [archived.pk]
    assert listed(api, scope="deleted") == [deleted.pk]
    assert api.get("/api/folders").json()["tags"] == ["née", "x"]
    assert api.get("/api/sessions", {"folder": folder.pk}).json()["pinned"] == []


def test_ten_thousand_chats_come_in_pages_by_an_index(api, alice):
    now = timezone.now()
    Session.objects.bulk_create(
        [
            Session(id=f"session-number-{number:05}", user=alice, team=alice.active_team, updated_at=now + timedelta(seconds=number))
            for number in range(10_000)
        ]
    )  # fmt: skip
    page = api.get("/api/sessions", {"limit": 200}).json()
    assert [one["id"] for one in page["sessions"]] == [
        f"session-number-{number:05}" for number in range(9_999, 9_799, -1)
    ]
    following = api.get("/api/sessions", {"limit": 200, "before": page["next"]}).json()
    assert following["sessions"][0]["id"] == "session-number-09799"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Session.objects.filter(user=alice, deleted_at=None).order_by("-updated_at", "-id")[:51].explain()
    assert "session_of_user_newest_first" in plan


def test_many_chats_change_at_once_and_what_is_not_there_is_passed_over(api, people):
    own = [factories.make_session(people.alice).pk for _ in range(3)]
    foreign = factories.make_session(people.bob)
    folder = factories.make_folder(people.alice)
    ids = [*own, foreign.pk, "unknown-session-0123456789"]
    moved = post(api, "/api/sessions/changed", {"sessions": ids, "folder": folder.pk, "tags": ["x"]}).json()["sessions"]
    assert {one["id"] for one in moved} == set(own)
    assert {one["folder"] for one in moved} == {folder.pk}
    assert sorted(post(api, "/api/sessions/deleted", {"sessions": ids}).json()["deleted"]) == sorted(own)
    assert listed(api, folder=folder.pk) == []
    back = post(api, "/api/sessions/restored", {"sessions": ids}).json()["sessions"]
    assert {one["id"] for one in back} == set(own)
    assert Session.objects.get(pk=foreign.pk).tags == []
    assert_refused(post(api, "/api/sessions/restored", {"sessions": own}), 404, "session_not_found")
    assert_refused(post(api, "/api/sessions/changed", {"sessions": [], "archived": True}), 400, "invalid_command")
    assert_refused(post(api, "/api/sessions/changed", {"sessions": own, "title": "One"}), 400, "invalid_command")
    assert_refused(post(api, "/api/sessions/deleted", {"sessions": ["s" * 20] * 501}), 400, "invalid_command")


def test_a_deleted_chat_is_absent_everywhere_until_it_is_brought_back(api, alice):
    session = factories.make_session(alice, title="Walrus")
    factories.make_message(session, "a walrus")
    path = f"/api/sessions/{session.pk}"
    assert api.delete(path).status_code == 204
    assert_refused(api.get(path), 404, "session_not_found")
    assert_refused(api.get(f"{path}/messages"), 404, "session_not_found")
    assert_refused(api.delete(path), 404, "session_not_found")
    assert api.get("/api/search?q=walrus").json()["messages"] == []
    assert_refused(post(api, "/api/sessions", {"id": session.pk}), 409, "id_taken")
    assert post(api, "/api/sessions/restored", {"sessions": [session.pk]}).json()["sessions"][0]["title"] == "Walrus"
    assert len(api.get(f"{path}/messages").json()["messages"]) == 1
    assert len(api.get("/api/search?q=walrus").json()["messages"]) == 1


def test_what_was_deleted_long_ago_is_gone_for_good(api, alice, settings):
    settings.DELETED_KEPT_DAYS = 7
    old, new, kept = (factories.make_session(alice) for _ in range(3))
    message = factories.make_message(old, "a walrus")
    Session.objects.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(days=8))
    Session.objects.filter(pk=new.pk).update(deleted_at=timezone.now() - timedelta(days=6))
    assert async_to_sync(services.purge_now)() == {"deleted": 1}
    assert async_to_sync(services.purge_now)() == {}
    assert set(Session.objects.values_list("pk", flat=True)) == {new.pk, kept.pk}
    assert not type(message).objects.filter(pk=message.pk).exists()


async def test_deleting_stops_what_is_being_written_and_tells_every_tab(people, model, open_tab: OpenTab):
    tab, other = await open_tab(people.alice), await open_tab(people.alice)
    model.will_wait("Begun")
    session = await tab.new_session()
    sent = await tab.command("send", session=session, parent=None, text="Hello")
    async with api_client(people.alice) as api:
        assert (await api.delete(f"/api/sessions/{session}")).status_code == 204
        for one in (tab, other):
            assert (await one.until_type("session-deleted"))["session"] == session
        status = await Generation.objects.values_list("status", flat=True).aget(pk=sent["generation"])
        assert status == "stopped"
        other.frames.clear()
        restored = await api.post("/api/sessions/restored", json={"sessions": [session]})
        assert restored.json()["sessions"][0]["generation"] is None
        assert (await other.until_type("session"))["session"]["id"] == session


# --- Folders ----------------------------------------------------------------------------------------------------------


def test_a_folder_is_made_changed_and_removed_without_its_chats(api, people, story):
    agent = factories.make_agent(people.team, name="Coder")
    wanted = {"name": "  My  thesis ", "model": story.pk, "agent": agent.pk, "instructions": "Cite every source."}
    made = post(api, "/api/folders", wanted)
    assert made.status_code == 201
    folder = made.json()
    assert folder == {
        "id": folder["id"],
        "team": people.team.pk,
        "parent": None,
        "name": "My thesis",
        "model": {"id": story.pk, "name": "Story"},
        "agent": {"id": agent.pk, "name": "Coder"},
        "instructions": "Cite every source.",
        "shared": False,
    }
    assert api.get("/api/folders").json() == {"folders": [folder], "tags": []}
    session = post(api, "/api/sessions", {"folder": folder["id"]}).json()
    assert (session["folder"], session["model"], session["agent"]) == (folder["id"], folder["model"], folder["agent"])
    changed = put(api, f"/api/folders/{folder['id']}", {"name": "Thesis"}).json()
    assert changed == {**folder, "name": "Thesis", "model": None, "agent": None, "instructions": ""}
    assert api.delete(f"/api/folders/{folder['id']}").status_code == 204
    assert api.get(f"/api/sessions/{session['id']}").json()["folder"] is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_command"),
        ({"name": " "}, "invalid_command"),
        ({"name": "x" * 101}, "invalid_command"),
        ({"name": "a", "instructions": "x" * 20_001}, "invalid_command"),
        ({"name": "a", "model": "unknown-model-0123456789"}, "model_unavailable"),
        ({"name": "a", "agent": "unknown-agent-0123456789"}, "agent_unavailable"),
    ],
)
def test_a_folder_that_can_not_be_is_refused(api, body, code):
    assert_refused(post(api, "/api/folders", body), 400, code)
    assert not Folder.objects.exists()


def test_a_chat_of_another_team_does_not_fit(api, alice, people):
    folder, session = factories.make_folder(alice), factories.make_session(alice)
    factories.join(alice, people.other_team)
    elsewhere = factories.make_session(alice, team=people.other_team)
    assert_refused(patch(api, f"/api/sessions/{elsewhere.pk}", {"folder": folder.pk}), 404, "folder_not_found")
    assert_refused(post(api, "/api/sessions", {"folder": folder.pk}), 404, "folder_not_found")
    assert patch(api, f"/api/sessions/{session.pk}", {"folder": folder.pk}).status_code == 200


async def test_every_tab_hears_of_folders(people, open_tab: OpenTab):
    tab = await open_tab(people.alice)
    async with api_client(people.alice) as api:
        folder = (await api.post("/api/folders", json={"name": "Thesis"})).json()
        assert (await tab.until_type("folders"))["folders"] == [folder]
        tab.frames.clear()
        await api.delete(f"/api/folders/{folder['id']}")
        assert (await tab.until_type("folders"))["folders"] == []


async def test_the_instructions_of_a_folder_go_to_the_model(people, model, open_tab: OpenTab):
    make = sync_to_async(factories.make_folder)
    folder = await make(people.alice, instructions="Cite every source.")
    tab = await open_tab(people.alice)
    session = "s-Wk3vP9dZq7LmXc2A"
    await tab.command("create", session=session, model=None, agent=None, folder=folder.pk)
    sent = await tab.ask(session)
    generation = await Generation.objects.aget(pk=sent["generation"])
    (paragraph,) = [one for one in generation.provenance if one["level"] == "folder"]
    assert paragraph["source"] == f"folder:{folder.pk}"
    assert "Cite every source." in model.requests[-1].instructions
