"""How hard a model is asked to think: who says so, and where it is seen afterwards."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from ai_studio.llm.errors import ServerError
from ai_studio.models import Agent, LanguageModel
from chat.ids import new_id
from chat.models import Generation, Session
from tests import factories
from tests.integration.background import background_done
from tests.integration.conftest import api_client, usable_model
from tests.integration.tabs import Refused, Tab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def thinker(people) -> LanguageModel:
    return usable_model(people.team, display_name="Thinker", model_id="thinker", efforts=["none", "low", "high"])


@pytest.fixture
def brisk(people) -> Agent:
    return factories.make_agent(people.team, name="Brisk", parameters={"reasoning_effort": "none"})


async def switch(tab: Tab, session: str, model: LanguageModel, effort: str | None, agent: Agent | None = None) -> dict:
    chosen = {"model": model.pk, "agent": agent.pk if agent else None, "effort": effort}
    return dict((await tab.command("switch", session=session, **chosen))["session"])


async def used(sent: dict) -> dict | None:
    return (await Generation.objects.aget(pk=sent["generation"])).metadata["effort"]


async def test_the_person_wins_over_the_agent_and_every_tab_knows(open_tab, alice, model, thinker, brisk):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    assert (await switch(tab, session, thinker, "high", brisk))["effort"] == "high"
    await other.until(lambda frame: frame["type"] == "session" and frame["session"]["effort"] == "high")
    sent = await tab.ask(session)
    assert model.requests[-1].parameters == {"reasoning_effort": "high"}
    assert await used(sent) == {"level": "high", "by": "chat"}
    await switch(tab, session, thinker, None, brisk)
    sent = await tab.ask(session, parent=sent["answer"]["id"])
    assert model.requests[-1].parameters == {"reasoning_effort": "none"}
    assert await used(sent) == {"level": "none", "by": "agent"}


async def test_a_model_that_cannot_answers_as_if_nothing_was_chosen(open_tab, alice, model, story, thinker):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await switch(tab, session, story, "high")
    sent = await tab.ask(session)
    assert model.requests[-1].parameters == {}
    assert await used(sent) is None
    shown = await switch(tab, session, thinker, "high")
    sent = await tab.ask(session, parent=shown["leaf"])
    assert await used(sent) == {"level": "high", "by": "chat"}


async def test_what_is_tried_next_takes_it_only_if_it_can(open_tab, alice, model, story, thinker):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await switch(tab, session, thinker, "high")
    for _ in range(2):  # a route that is not the last gets a second try
        model.will_say(ServerError("down"))
    await tab.ask(session)
    asked = {request.target.model: request.parameters for request in model.requests}
    assert asked == {"thinker": {"reasoning_effort": "high"}, "story": {}}


async def test_a_title_is_not_thought_about_harder(open_tab, alice, model, thinker):
    tab = await open_tab(alice)
    session = await tab.new_session(model=thinker.pk, effort="high")
    await tab.ask(session)
    await background_done()
    assert [request.parameters for request in model.title_requests] == [{}]


async def test_a_fork_keeps_it(open_tab, alice, model, thinker):
    tab = await open_tab(alice)
    session = await tab.new_session(model=thinker.pk, effort="low")
    sent = await tab.ask(session)
    forked = await tab.command("fork", session=session, message=sent["answer"]["id"], target=new_id())
    assert forked["session"]["effort"] == "low"


@pytest.mark.parametrize("effort", ["enormous", "High", "", 3, ["low"]])
async def test_another_word_is_refused_at_every_door(open_tab, alice, model, thinker, effort):
    tab = await open_tab(alice)
    session = await tab.new_session()
    for command in ("switch", "create"):
        with pytest.raises(Refused) as refused:
            await tab.command(command, session=session, model=thinker.pk, agent=None, effort=effort)
        assert refused.value.code == "invalid_command"
    said = [{"role": "user", "content": "Hello"}]
    bodies = {
        "/api/sessions": {"effort": effort},
        "/api/chat/stream": {"id": new_id(), "messages": said, "effort": effort},
    }
    async with api_client(alice) as client:
        for address, body in bodies.items():
            response = await client.post(address, json=body)
            assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid_command")
    assert [each.effort async for each in Session.objects.all()] == [""]


async def test_rest_makes_a_chat_with_it(alice, thinker):
    async with api_client(alice) as client:
        made = await client.post("/api/sessions", json={"model": thinker.pk, "effort": "high"})
        assert (made.status_code, made.json()["effort"]) == (201, "high")
        (offered,) = (await client.get("/api/studio")).json()["models"]
    assert offered["efforts"] == ["none", "low", "high"]


async def test_it_reaches_the_provider(open_tab, people, emulator):
    model = await sync_to_async(usable_model)(
        people.team, model_id="echo-rate-0", base_url=f"{emulator}/v1", efforts=["minimal"], is_default=True
    )
    emulated.reset(emulator)
    tab = await open_tab(people.alice)
    session = await tab.new_session(model=model.pk, effort="minimal")
    await tab.ask(session, "Hello")
    assert emulated.received_requests(emulator)[0]["body"]["reasoning_effort"] == "minimal"
