"""Temporary chats: in no list, search, export or link, without a title and a kept prompt, and gone soon after their last use."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from ai_studio.models import Completion, Instructions, Prompt
from chat.ids import new_id
from chat.models import Generation, Message, Session
from tests import factories
from tests.integration.background import background_done
from tests.integration.conftest import OpenTab, api_client
from tests.integration.keeping import aged, answer, left, purge
from tests.integration.models import text
from tests.integration.rest import assert_refused, patch, post
from tests.integration.tabs import Tab
from tests.integration.test_prompt_inspector import until_stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def temporary(alice) -> Session:
    """With a question about a walrus, and tags, pin and folder that no door would have given it."""
    session = factories.make_session(
        alice, title="Temporary chat", is_temporary=True, tags=["walrus"], pinned_at=timezone.now()
    )
    factories.make_message(session, "a walrus")
    return session


async def begin_temporary(tab: Tab) -> str:
    session = new_id()
    await tab.command("create", session=session, model=None, agent=None, folder=None, temporary=True)
    return session


def test_it_is_in_no_list_search_or_export(api, temporary):
    assert api.get("/api/sessions").json() == {"sessions": [], "pinned": [], "next": None}
    for scope in ("archived", "deleted"):
        assert api.get(f"/api/sessions?scope={scope}").json()["sessions"] == []
    assert api.get("/api/sessions?tag=walrus").json()["sessions"] == []
    assert api.get("/api/folders").json()["tags"] == []
    for query in ("walrus", "Temporary"):
        found = api.get(f"/api/search?q={query}").json()
        assert (found["sessions"], found["messages"]) == ([], [])
    taken = json.loads(b"".join(api.post("/settings/export/", {"format": "json"}).streaming_content))
    assert taken["chats"] == []
    named = {"sessions": [temporary.pk], "format": "json"}
    assert_refused(post(api, "/api/sessions/exported", named), 404, "session_not_found")


def test_its_owner_reads_it_by_its_address(api, temporary):
    shown = api.get(f"/api/sessions/{temporary.pk}").json()
    assert (shown["temporary"], shown["title"]) == (True, "Temporary chat")
    assert len(api.get(f"/api/sessions/{temporary.pk}/messages").json()["messages"]) == 1


@pytest.mark.parametrize(
    "change", [{"title": "Mine"}, {"pinned": True}, {"archived": True}, {"tags": ["x"]}, {"folder": None}]
)
def test_it_can_not_be_organised(api, temporary, change):
    path = f"/api/sessions/{temporary.pk}"
    before = api.get(path).json()
    assert_refused(patch(api, path, change), 400, "temporary_session")
    assert api.get(path).json() == before


def test_it_can_not_be_shared_nor_begin_in_a_folder(api, alice, temporary):
    link = {"audience": "anyone", "live": True}
    assert_refused(post(api, f"/api/sessions/{temporary.pk}/shares", link), 400, "temporary_session")
    folder = factories.make_folder(alice)
    filed = {"temporary": True, "folder": folder.pk}
    assert_refused(post(api, "/api/sessions", filed), 400, "temporary_session")
    assert_refused(post(api, "/api/sessions", {"temporary": "perhaps"}), 400, "invalid_command")
    assert post(api, "/api/sessions", {"temporary": True}).json()["temporary"] is True
    assert post(api, "/api/sessions", {}).json()["temporary"] is False


async def test_it_gets_no_title_and_its_prompt_is_not_kept(alice, model, open_tab: OpenTab):
    await Instructions.objects.acreate(level="platform", text="Be patient.")
    model.title = text("A title")
    tab = await open_tab(alice)
    session = await begin_temporary(tab)
    sent = await tab.ask(session, "A secret walrus")
    await background_done()
    stored = await Session.objects.aget(pk=session)
    assert (stored.title, stored.is_temporary, model.title_requests) == ("Temporary chat", True, [])
    assert "Be patient." in model.requests[-1].instructions
    generation = await Generation.objects.aget(pk=sent["generation"])
    completion = await Completion.objects.aget()
    assert completion.prompt_hash == generation.prompt_hash != ""
    assert not await Prompt.objects.aexists()


async def test_not_even_a_long_answer_keeps_its_prompt(alice, model, open_tab: OpenTab):
    await Instructions.objects.acreate(level="platform", text="Be patient.")
    model.will_wait("Begun")
    tab = await open_tab(alice)
    session = await begin_temporary(tab)
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Begun")
    await until_stored(sent["generation"])
    assert not await Prompt.objects.aexists()


async def test_its_answer_outlives_a_reload(alice, model, open_tab: OpenTab):
    tab = await open_tab(alice)
    session = await begin_temporary(tab)
    sent = await tab.ask(session, "Hello")
    await tab.close()
    again = await open_tab(alice)
    known = await again.command("subscribe", session=session, generation=None, after=None)
    assert known["session"]["temporary"] is True
    async with api_client(alice) as api:
        shown = (await api.get(f"/api/sessions/{session}/messages")).json()["messages"]
    assert [message["id"] for message in shown][-1] == sent["answer"]["id"]


async def test_who_looks_at_it_keeps_it(alice, open_tab: OpenTab):
    tab = await open_tab(alice)
    session = await begin_temporary(tab)
    other = await tab.new_session()
    long_ago = timezone.now() - timedelta(hours=23)
    await Session.objects.aupdate(updated_at=long_ago)
    for one in (session, other):
        await tab.command("subscribe", session=one, generation=None, after=None)
    assert (await Session.objects.aget(pk=session)).updated_at > long_ago
    assert (await Session.objects.aget(pk=other)).updated_at == long_ago


def test_it_goes_by_itself_when_nothing_happens_in_it(alice, settings):
    settings.TEMPORARY_KEPT_HOURS = 24
    old, new, running, plain = (
        aged(factories.make_session(alice, is_temporary=hours != 30), hours=hours) for hours in (25, 23, 26, 30)
    )
    factories.make_message(old)
    answer(running, status="streaming")
    assert purge() == {"temporary": 1}
    assert left() == {new.pk, running.pk, plain.pk}


async def test_its_owner_ends_it_at_once_in_the_middle_of_an_answer(alice, model, open_tab: OpenTab):
    tab, other = await open_tab(alice), await open_tab(alice)
    model.will_wait("Begun")
    session = await begin_temporary(tab)
    await tab.say(session)
    async with api_client(alice) as api:
        assert (await api.delete(f"/api/sessions/{session}")).status_code == 204
        assert (await other.until_type("session-deleted"))["session"] == session
        restored = await api.post("/api/sessions/restored", json={"sessions": [session]})
        assert restored.status_code == 404
    for kind in (Session, Message, Generation):
        assert not await kind.objects.aexists()


async def test_a_fork_of_it_is_temporary_too(alice, model, open_tab: OpenTab):
    tab = await open_tab(alice)
    session = await begin_temporary(tab)
    sent = await tab.ask(session, "Hello")
    forked = await tab.command("fork", session=session, message=sent["answer"]["id"], target=new_id())
    assert forked["session"]["temporary"] is True
    assert (await Session.objects.aget(pk=forked["session"]["id"])).is_title_chosen
