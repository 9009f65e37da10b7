"""Every route and socket command, as everybody: only the owner gets through; to others what is there looks like what is not."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.db.models import Model
from django.utils import timezone
from knox.models import AuthToken

from ai_studio.files import storage
from ai_studio.ids import new_id
from ai_studio.models import Membership, PersonalMemory, SavedPrompt, User
from chat import commands
from chat.api.urls import urlpatterns
from chat.models import Attachment, Draft, Folder, Generation, Message, Schedule, Session, Share
from config.asgi import application
from tests import factories
from tests.factories import People
from tests.integration.asked_routes import HELLO, Ids, calls
from tests.integration.conftest import OpenTab, end_everything
from tests.integration.tabs import Refused

pytestmark = pytest.mark.django_db(transaction=True)

OTHERS = ["team mate", "team admin", "team owner", "platform admin", "stranger", "former member"]


FORK = "a-session-that-a-fork-makes"
UNKNOWN = Ids(*(f"unknown-{field.name}-0123456789" for field in dataclasses.fields(Ids)))


@pytest.fixture
def ids(people: People, model: object) -> Ids:
    """A question and an answer that broke off, in a thread, so that every command has something to do."""
    origin = factories.make_message(factories.make_session(people.alice, title="A secret origin"), "A secret")
    session = factories.make_session(people.alice, title="Alice's secret", is_title_chosen=True, forked_from=origin)
    question = factories.make_message(session, "A secret question")
    answer = factories.make_message(session, "A secret answer", role="assistant", parent=question)
    other = factories.make_message(session, "Another secret answer", role="assistant", parent=question)
    generation = Generation.objects.create(
        id=new_id(), session=session, message=answer, status="stopped", guidance="A secret wish"
    )
    deleted = factories.make_session(people.alice, title="Another secret", deleted_at=timezone.now())
    folder = factories.make_folder(people.alice, name="A secret folder")
    share = Share.objects.create(session=session, audience="anyone", is_live=True)
    prompt = factories.make_prompt(people.alice, name="alices-secret", title="A secret prompt")
    secret = {"name": "secret.png", "media_type": "image/png", "text": "", "width": 1, "height": 1}
    sent = factories.make_attachment(people.alice, session=session, state="sent", **secret)
    unsent = factories.make_attachment(people.alice, **secret)
    memory = PersonalMemory.objects.create(user=people.alice, number=1, text="A secret fact", by="person")
    schedule = factories.make_schedule(people.alice, name="A secret schedule", next_at=None)
    kept = (
        session,
        question,
        answer,
        other,
        generation,
        deleted,
        folder,
        share,
        prompt,
        sent,
        unsent,
        memory,
        schedule,
        factories.make_guest("Gina", session),
    )
    return Ids(*(one.pk for one in kept))


@pytest.fixture
def others(people: People) -> dict[str, User]:
    """Dora was in the team, and owned a session in it; the owner of the team is not Alice here."""
    dora, emil, root = (factories.make_user(name) for name in ("Dora", "Emil", "Root"))
    Membership.objects.filter(user=people.alice).update(role=Membership.Role.MEMBER)
    factories.join(emil, people.team, Membership.Role.ADMIN)
    owner = factories.make_user("Olga")
    factories.join(owner, people.team, Membership.Role.OWNER)
    User.objects.filter(pk=root.pk).update(is_superuser=True, is_staff=True)
    factories.join(root, people.other_team, Membership.Role.OWNER)
    factories.join(dora, people.team).delete()
    return dict(zip(OTHERS, (people.bob, emil, owner, root, people.charlie, dora), strict=True))


async def as_user(user: User | None) -> httpx.AsyncClient:
    headers = {}
    if user is not None:
        _, token = await sync_to_async(AuthToken.objects.create)(user)
        headers["Authorization"] = f"Token {token}"
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost", headers=headers)


# --- Routes -----------------------------------------------------------------------------------------------------------

WITHOUT_AN_OBJECT = {
    "studio", "sessions", "search", "folders", "instructions", "preferences", "prompts", "memories", "schedules", "attachments", "schema", "docs",
}  # fmt: skip
"""They show one's own or everybody's; the tests of each say so."""

NAMED = {name: name for name in ("folder", "share", "prompt", "memory", "schedule", "attachment")} | {
    "run_schedule": "schedule",
    "thumbnail": "attachment",
    "folder_shares": "folder",
}
"""What the error of a route calls what is not there, where it is not a session."""

ROUTES = sorted(calls(UNKNOWN))


def test_every_route_is_in_the_matrix():
    assert {pattern.name for pattern in urlpatterns} == set(ROUTES) | WITHOUT_AN_OBJECT


@pytest.fixture
async def _nothing_left() -> AsyncIterator[None]:
    yield
    await end_everything()


@pytest.mark.usefixtures("_nothing_left")
@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("who", OTHERS)
async def test_what_is_somebody_else_s_looks_like_what_is_not_there(who, route, ids, others):
    before = await everything()
    async with await as_user(others[who]) as client:
        for foreign, unknown in zip(calls(ids)[route], calls(UNKNOWN)[route], strict=True):
            for call in (foreign, unknown):
                response = await client.request(call[0], call[1], json=call[2])
                code = f"{NAMED.get(route, 'session')}_not_found"
                assert (response.status_code, response.json()["error"]["code"]) == (404, code), call
                assert "secret" not in response.text
            answers = [await client.request(method, path, json=body) for method, path, body in (foreign, unknown)]
            assert answers[0].json() == answers[1].json()
    assert await everything() == before


@pytest.mark.usefixtures("_nothing_left")
@pytest.mark.parametrize("route", ROUTES)
async def test_nobody_sees_anything_without_signing_in(route, ids):
    before = await everything()
    async with await as_user(None) as client:
        for known, unknown in zip(calls(ids)[route], calls(UNKNOWN)[route], strict=True):
            for method, path, body in (known, unknown):
                response = await client.request(method, path, json=body)
                assert (response.status_code, response.json()["error"]["code"]) == (401, "not_signed_in")
    assert await everything() == before


@pytest.mark.usefixtures("_nothing_left")
@pytest.mark.parametrize("route", ROUTES)
async def test_the_owner_gets_through(route, ids, people, model, monkeypatch):
    monkeypatch.setattr(storage, "read", lambda key, form: b"What is stored")
    async with await as_user(people.alice) as client:
        for method, path, body in calls(ids)[route]:
            response = await client.request(method, path, json=body)
            assert response.status_code in (200, 201, 202, 204), response.text


@pytest.mark.usefixtures("_nothing_left")
async def test_an_id_of_somebody_else_makes_no_session(ids, others):
    for who in OTHERS[:-1]:
        async with await as_user(others[who]) as client:
            body = {"id": ids.session, "messages": HELLO}
            response = await client.post("/api/chat/stream", json=body)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "session_not_found")
            response = await client.post("/api/sessions", json={"id": ids.session})
            assert (response.status_code, response.json()["error"]["code"]) == (409, "id_taken")


@pytest.mark.parametrize("who", OTHERS)
async def test_lists_hold_one_s_own_alone(who, ids, others):
    async with await as_user(others[who]) as client:
        for scope in ("active", "archived", "deleted"):
            listed = (await client.get(f"/api/sessions?scope={scope}")).json()
            assert listed == {"sessions": [], "pinned": [], "next": None}
        assert (await client.get("/api/prompts")).json() == {"prompts": []}
        assert (await client.get("/api/memories")).json() == {"enabled": False, "memories": []}
        assert (await client.get("/api/schedules")).json() == {"schedules": []}
        assert (await client.get("/api/folders")).json() == {"folders": [], "tags": []}
        assert (await client.get(f"/api/sessions?folder={ids.folder}")).status_code == 404
        taken = await client.post("/api/sessions", json={"folder": ids.folder})
        assert taken.json()["error"]["code"] == ("no_team" if who == "former member" else "folder_not_found")
        assert not any((await client.get("/api/search?q=secret")).json().values())
        assert "secret" not in (await client.get("/api/studio")).text


async def everything() -> list[Any]:
    """All that a request might have changed."""
    kinds: tuple[type[Model], ...] = (
        Session,
        Message,
        Generation,
        Share,
        Folder,
        SavedPrompt,
        PersonalMemory,
        Schedule,
        Attachment,
        Draft,
    )
    return [[row async for row in kind._default_manager.order_by("pk").values()] for kind in kinds]


# --- Socket commands --------------------------------------------------------------------------------------------------


def frames(ids: Ids) -> dict[str, dict[str, Any]]:
    """For each command that names an object, its fields."""
    return {
        "subscribe": {"session": ids.session, "generation": ids.generation, "after": 0},
        "send": {"session": ids.session, "parent": ids.answer, "text": "Hello"},
        "regenerate": {"session": ids.session, "message": ids.answer, "guidance": "Shorter."},
        "continue": {"session": ids.session, "message": ids.answer},
        "merge": {"session": ids.session, "messages": [ids.answer, ids.other], "model": None},
        "revise": {"session": ids.session, "message": ids.answer, "text": "Hello"},
        "show": {"session": ids.session, "message": ids.question},
        "fork": {"session": ids.session, "message": ids.answer, "target": FORK},
        "rate": {"session": ids.session, "message": ids.answer, "rating": "up", "reason": None},
        "stop": {"generation": ids.generation, "seen": None},
        "switch": {"session": ids.session, "model": None, "agent": None},
    }


WITHOUT_A_DOOR = {"create", "unsubscribe", "ping"}
"""They reach nothing of anybody's: `create` is in a test above, `unsubscribe` forgets in this tab alone."""


def test_every_command_is_in_the_matrix():
    names = {kind.__name__.lower() for kind in get_args(commands.Command)}
    assert names == set(frames(UNKNOWN)) | WITHOUT_A_DOOR


@pytest.mark.parametrize("who", OTHERS)
async def test_a_command_about_somebody_else_s_fails_like_one_about_nothing(who, ids, others, open_tab: OpenTab):
    before = await everything()
    tab = await open_tab(others[who])
    for kind in frames(ids):
        answers = []
        for fields in (frames(ids)[kind], frames(UNKNOWN)[kind]):
            with pytest.raises(Refused) as refused:
                await tab.command(kind, **fields)
            answers.append({**refused.value.args[0], "id": None})
        assert answers[0] == answers[1]
        assert answers[0]["code"] == ("generation_not_found" if kind == "stop" else "session_not_found")
    await tab.settle()
    assert "secret" not in str(tab.frames)
    assert {frame["type"] for frame in tab.frames} <= {"welcome", "error", "ack"}
    assert await everything() == before


async def test_a_session_of_one_s_own_opens_no_generation_of_others(ids, others, open_tab: OpenTab):
    tab = await open_tab(others["team mate"])
    session = await tab.new_session()
    await tab.command("subscribe", session=session, generation=ids.generation, after=0)
    error = await tab.until_type("error")
    assert error["code"] == "generation_not_found"
    assert "secret" not in str(tab.frames)


@pytest.mark.parametrize("kind", sorted(frames(UNKNOWN)))
async def test_the_owner_s_command_is_carried_out(kind, ids, people, open_tab: OpenTab, model):
    tab = await open_tab(people.alice)
    result = await tab.command(kind, **frames(ids)[kind])
    if result.get("generation") and kind != "stop":
        await tab.until_end(result["generation"])
