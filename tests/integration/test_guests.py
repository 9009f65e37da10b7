"""What a guest in somebody's chat may do there, by every route and command, and what stays its owner's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from ai_studio.files import storage
from ai_studio.models import Membership, User
from chat.models import Participant, Session
from tests import factories
from tests.integration.asked_routes import Ids, calls
from tests.integration.conftest import OpenTab, api_client, end_everything
from tests.integration.tabs import Refused
from tests.integration.test_authorization_matrix import UNKNOWN, frames, ids  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)

ABSENT = {
    "changed", "deleted", "restored", "shares", "folder_shares", "share", "folder", "prompt", "memory", "run_schedule", "schedule",
}  # fmt: skip
"""Its owner keeps it in order, shares and deletes it; and what is no chat is nobody else's anyhow."""


@pytest.fixture
async def _nothing_left() -> AsyncIterator[None]:
    yield
    await end_everything()


@pytest.fixture
def guest(ids: Ids) -> User:  # noqa: F811
    """The owner keeps the chat in order, in words that are not the guest's to read."""
    folder = factories.make_folder(User.objects.get(name="Alice"), name="An owner's folder")
    order = {"tags": ["an-owners-tag"], "pinned_at": timezone.now(), "folder": folder}
    Session.objects.filter(pk=ids.session).update(**order)
    return User.objects.get(pk=ids.guest)


def is_the_owners(method: str, path: str, ids: Ids) -> bool:  # noqa: F811
    own = path == f"/api/sessions/{ids.session}" and method != "GET"
    return own or ids.unsent in path or (path.endswith("/people") and method == "POST")


@pytest.mark.usefixtures("_nothing_left", "model")
@pytest.mark.parametrize("route", sorted(calls(UNKNOWN)))
async def test_a_guest_gets_through_where_it_is_about_the_conversation(route, ids, guest, monkeypatch):  # noqa: F811
    monkeypatch.setattr(storage, "read", lambda key, form: b"What is stored")
    async with api_client(guest) as client:
        for method, path, body in calls(ids)[route]:
            response = await client.request(method, path, json=body)
            if route in ABSENT or is_the_owners(method, path, ids):
                assert response.status_code == 404, (path, response.text)
            else:
                assert response.status_code in (200, 201, 202, 204), response.text
            assert "owner" not in response.text.replace('"owner":', "")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("kind", sorted(frames(UNKNOWN)))
async def test_a_guest_may_send_every_command(kind, ids, guest, open_tab: OpenTab):  # noqa: F811
    tab = await open_tab(guest)
    result = await tab.command(kind, **frames(ids)[kind])
    if result.get("generation") and kind != "stop":
        await tab.until_end(result["generation"])
    await tab.settle()
    assert "an-owners-tag" not in str(tab.frames)
    sessions = [frame["session"] for frame in tab.frames if frame["type"] == "session"]
    shown = [one for one in [*sessions, result.get("session")] if isinstance(one, dict) and one["id"] == ids.session]
    for one in shown:
        assert (one["guest"], one["joint"], one["folder"], one["tags"], one["pinned"]) == (True, True, None, [], False)


async def leaves_the_team(guest: User, ids: Ids) -> None:  # noqa: F811
    await Membership.objects.filter(user=guest).adelete()


async def is_taken_out(guest: User, ids: Ids) -> None:  # noqa: F811
    await Participant.objects.filter(user=guest).adelete()


async def sees_it_deleted(guest: User, ids: Ids) -> None:  # noqa: F811
    await Session.objects.filter(pk=ids.session).aupdate(deleted_at=timezone.now())


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("end", [leaves_the_team, is_taken_out, sees_it_deleted])
async def test_whoever_is_no_guest_any_more_finds_nothing(end: Any, ids, guest, open_tab: OpenTab):  # noqa: F811
    await end(guest, ids)
    tab = await open_tab(guest)
    for kind, fields in frames(ids).items():
        with pytest.raises(Refused) as refused:
            await tab.command(kind, **fields)
        assert refused.value.code == ("generation_not_found" if kind == "stop" else "session_not_found"), kind
    async with api_client(guest) as client:
        for route in ("session", "messages", "outline", "people", "draft", "read", "attachment"):
            for method, path, body in calls(ids)[route]:
                assert (await client.request(method, path, json=body)).status_code == 404, path
        assert (await client.get("/api/sessions")).json()["sessions"] == []
        found = (await client.get("/api/search?q=secret")).json()
        assert not any((found["sessions"], found["messages"], found["files"]))


async def test_a_guest_finds_it_in_the_list_and_by_search(ids, guest):  # noqa: F811
    own = await sync_to_async(factories.make_session)(guest, title="My own")
    async with api_client(guest) as client:
        listed = (await client.get("/api/sessions")).json()
        assert {one["id"]: one["guest"] for one in listed["sessions"]} == {ids.session: True, own.pk: False}
        assert (listed["pinned"], (await client.get("/api/sessions?scope=archived")).json()["sessions"]) == ([], [])
        first = (await client.get("/api/sessions?limit=1")).json()
        second = (await client.get("/api/sessions", params={"limit": 1, "before": first["next"]})).json()
        assert {one["id"] for one in (*first["sessions"], *second["sessions"])} == {ids.session, own.pk}
        found = (await client.get("/api/search?q=secret")).json()
        assert {one["session"]["id"] for one in found["messages"]} == {ids.session}
        assert found["sessions"][0]["session"]["guest"] is True
        await Session.objects.filter(pk=ids.session).aupdate(archived_at=timezone.now())
        assert len((await client.get("/api/search?q=secret&archived=false")).json()["sessions"]) == 1
        assert (await client.get("/api/search?q=secret&archived=true")).json()["sessions"] == []
        exported = await client.post("/api/sessions/exported", json={"sessions": [ids.session], "format": "json"})
        assert "an-owners-tag" not in exported.text
        assert "A secret question" in exported.text
