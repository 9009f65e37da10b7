"""Model and agent of a session: what a switch leaves on the screen, and what a model gets to hear of it."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.llm import TextDelta
from ai_studio.llm.errors import InvalidRequest, ServerError
from ai_studio.models import Agent, Instructions, LanguageModel
from ai_studio.switching import NO_AGENT
from chat.models import Generation, Message
from tests import factories
from tests.integration.conftest import usable_model
from tests.integration.models import STARTED, text
from tests.integration.tabs import Refused, Tab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(people) -> LanguageModel:
    return usable_model(people.team, display_name="Second", model_id="second")


@pytest.fixture
def coder(people) -> Agent:
    return factories.make_agent(people.team, name="Coder", instructions="Review code.")


@pytest.fixture
def writer(people) -> Agent:
    return factories.make_agent(people.team, name="Writer", instructions="Write plainly.")


async def switch(tab: Tab, session: str, *, model: LanguageModel | None = None, agent: Agent | None = None) -> dict:
    result = await tab.command(
        "switch", session=session, model=model.pk if model else None, agent=agent.pk if agent else None
    )
    return dict(result["session"])


async def transitions(session: str) -> list[dict]:
    rows = Message.objects.filter(session=session, role="transition").order_by("created_at")
    return [row.parts[0]["data"] async for row in rows]


async def test_a_switch_leaves_a_transition_for_each_that_changed(open_tab, alice, model, second, coder):
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    await other.command("subscribe", session=session, generation=None, after=None)
    changed = await switch(tab, session, model=second, agent=coder)
    assert (changed["model"]["name"], changed["agent"]["name"]) == ("Second", "Coder")
    assert await transitions(session) == [
        {"kind": "model", "from": None, "to": "Second"},
        {"kind": "agent", "from": None, "to": "Coder"},
    ]
    for each in (tab, other):
        await each.settle()
        shown = [frame["message"] for frame in each.frames if frame["type"] == "message"][-2:]
        assert [message["parts"][0]["type"] for message in shown] == ["data-transition", "data-transition"]
        assert [message["role"] for message in shown] == ["transition", "transition"]
        assert shown[0]["parent"] == sent["answer"]["id"]
        assert shown[1]["parent"] == shown[0]["id"]
    assert changed["leaf"] == shown[1]["id"]


async def test_a_switch_and_back_leave_both(open_tab, alice, model, second):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await tab.ask(session)
    await switch(tab, session, model=second)
    await switch(tab, session)
    assert await transitions(session) == [
        {"kind": "model", "from": None, "to": "Second"},
        {"kind": "model", "from": "Second", "to": None},
    ]


async def test_a_switch_before_the_first_message_leaves_nothing_to_see(open_tab, alice, model, second, coder):
    tab = await open_tab(alice)
    session = await tab.new_session()
    changed = await switch(tab, session, model=second, agent=coder)
    assert (changed["model"]["name"], changed["leaf"]) == ("Second", None)
    assert await transitions(session) == []


async def test_a_switch_to_the_same_leaves_nothing(open_tab, alice, model, second):
    tab = await open_tab(alice)
    session = await tab.new_session(model=second.pk)
    await tab.ask(session)
    await switch(tab, session, model=second)
    assert await transitions(session) == []


async def test_what_was_chosen_and_is_gone_may_stay_chosen(open_tab, alice, model, second):
    tab = await open_tab(alice)
    session = await tab.new_session(model=second.pk)
    await LanguageModel.objects.filter(pk=second.pk).aupdate(is_enabled=False)
    changed = await switch(tab, session, model=second)
    assert changed["model"]["name"] == "Second"


async def test_a_switch_counts_from_the_next_message_on(open_tab, alice, model, second):
    gate = model.will_wait("Once")
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.say(session)
    await tab.until_text(first["generation"], "Once")
    changed = await switch(tab, session, model=second)
    gate.set()
    await tab.until_end(first["generation"])
    await tab.ask(session, "And now?", parent=changed["leaf"])
    names = [row.model_name async for row in Generation.objects.order_by("created_at")]
    assert names == ["Story", "Second"]
    assert [request.target.model for request in model.requests] == ["story", "second"]


async def test_no_model_gets_to_see_a_transition(open_tab, alice, model, second, coder):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await tab.ask(session, "First")
    changed = await switch(tab, session, model=second, agent=coder)
    await tab.ask(session, "Second", parent=changed["leaf"])
    assert [(message.role, message.text) for message in model.requests[-1].messages] == [
        ("user", "First"),
        ("assistant", "Hello."),
        ("user", "Second"),
    ]


async def test_the_first_answer_after_a_switch_of_agent_is_told_of_it_and_no_later_one(
    open_tab, alice, model, coder, writer
):
    tab = await open_tab(alice)
    session = await tab.new_session(agent=coder.pk)
    await tab.ask(session)
    changed = await switch(tab, session, agent=writer)
    second = await tab.ask(session, parent=changed["leaf"])
    await tab.ask(session, parent=second["answer"]["id"])
    before, first, later = (request.instructions for request in model.requests)
    assert "Review code." in before
    assert "Earlier role: Coder" in first
    assert "Your role now: Writer" in first
    assert "Write plainly." in first
    assert "Review code." not in first
    assert "Coder" not in later
    assert "Write plainly." in later


async def test_an_answer_that_failed_did_not_hear_of_the_switch(open_tab, alice, model, coder, writer):
    tab = await open_tab(alice)
    session = await tab.new_session(agent=coder.pk)
    await tab.ask(session)
    changed = await switch(tab, session, agent=writer)
    model.will_say(InvalidRequest("no"))
    failed = await tab.ask(session, parent=changed["leaf"])
    await tab.ask(session, parent=failed["answer"]["id"])
    assert ["Earlier role" in request.instructions for request in model.requests] == [False, True, True]


async def test_an_agent_that_goes_leaves_the_general_assistant(open_tab, alice, model, coder):
    tab = await open_tab(alice)
    session = await tab.new_session(agent=coder.pk)
    await tab.ask(session)
    changed = await switch(tab, session)
    await tab.ask(session, parent=changed["leaf"])
    assert f"Your role now: {NO_AGENT}" in model.requests[-1].instructions
    assert [each["to"] for each in await transitions(session)] == [None]


async def test_two_switches_between_two_answers_are_one(open_tab, alice, model, coder, writer):
    tab = await open_tab(alice)
    session = await tab.new_session(agent=coder.pk)
    await tab.ask(session)
    await switch(tab, session, agent=writer)
    changed = await switch(tab, session, agent=coder)
    await tab.ask(session, parent=changed["leaf"])
    assert "Earlier role" not in model.requests[-1].instructions


async def test_each_model_family_is_told_in_its_own_way(open_tab, people, alice, model, coder, writer):
    opus = await sync_to_async(usable_model)(people.team, provider_key="anthropic", model_id="claude-opus-5")
    tab = await open_tab(alice)
    session = await tab.new_session(model=opus.pk, agent=coder.pk)
    await tab.ask(session)
    changed = await switch(tab, session, model=opus, agent=writer)
    await tab.ask(session, parent=changed["leaf"])
    said = model.requests[-1].instructions
    assert '<role_change priority="highest">' in said
    assert said.count("<agent_instructions>") == 1


async def test_an_agent_brings_its_model_and_parameters(open_tab, people, alice, model, second, story):
    story.parameters = {"temperature": 0.2, "top_p": 0.9}
    await sync_to_async(story.save)()
    agent = await sync_to_async(factories.make_agent)(people.team, model=second, parameters={"temperature": 1.0})
    tab = await open_tab(alice)
    await tab.ask(await tab.new_session(agent=agent.pk))
    await tab.ask(await tab.new_session(agent=agent.pk, model=story.pk))
    first, second_request = model.requests
    assert (first.target.model, first.parameters) == ("second", {"temperature": 1.0})
    assert (second_request.target.model, second_request.parameters) == ("story", {"temperature": 1.0, "top_p": 0.9})


async def test_what_was_decided_is_kept_with_the_answer(open_tab, alice, model, coder, second):
    await LanguageModel.objects.filter(pk=second.pk).aupdate(is_enabled=False)
    await sync_to_async(Instructions.objects.create)(level="user", user=alice, text="Call me {user_name}.")
    tab = await open_tab(alice)
    session = await tab.new_session(agent=coder.pk)
    await sync_to_async(type(coder).objects.filter(pk=coder.pk).update)(model=second)
    sent = await tab.ask(session)
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert [(step["origin"], step["verdict"]) for step in generation.resolution] == [
        ("agent", "disabled"),
        ("team_default", "chosen"),
    ]
    prompt = model.requests[0].instructions
    said = {p["level"]: prompt[p["start"] : p["end"]] for p in generation.provenance}
    assert said == {"agent": "Review code.", "user": "Call me Alice."}
    assert len(generation.prompt_hash) == 64
    assert (generation.agent_name, generation.model_name) == ("Coder", "Story")


# --- History ----------------------------------------------------------------------------------------------------------


async def test_the_newest_messages_that_fit_are_sent(open_tab, alice, model, story, settings):
    settings.SUMMARIES = False
    story.context_window, story.max_output_tokens = 400, 100
    await sync_to_async(story.save)()
    tab = await open_tab(alice)
    session, parent = await tab.new_session(), None
    for number in range(6):
        model.will_say(*text(f"answer {number} " + "x" * 120))
        sent = await tab.ask(session, f"question {number} " + "y" * 120, parent=parent)
        parent = sent["answer"]["id"]
    first, *_, last = model.requests[-1].messages
    assert last.text.startswith("question 5")
    assert (first.role, first.text[:10]) == ("user", "question 3")


async def test_a_failed_answer_is_not_shown_to_the_next_one(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    model.will_say([STARTED, TextDelta("Half of an ans")], ServerError("gone"))
    failed = await tab.ask(session, "First")
    await tab.ask(session, "Second", parent=failed["answer"]["id"])
    assert [message.text for message in model.requests[-1].messages] == ["First\n\nSecond"]


@pytest.mark.parametrize("status", ["disabled", "archived", "not for the team"])
async def test_no_other_model_answers_in_place_of_the_chosen_one(open_tab, alice, people, model, second, status):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await switch(tab, session, model=second)
    if status == "not for the team":
        await second.team_models.all().adelete()
    else:
        second.is_enabled, second.status = False, "archived" if status == "archived" else second.status
        await second.asave()
    with pytest.raises(Refused) as refused:
        await tab.command("send", session=session, parent=None, text="Hello")
    assert refused.value.code == "model_unavailable"
    assert "Second" in refused.value.args[0]["text"]
    assert not await Message.objects.filter(session=session, role="user").aexists()
    assert model.requests == []
    await switch(tab, session)
    sent = await tab.ask(session)
    assert (await Generation.objects.aget(pk=sent["generation"])).status == "completed"


async def test_an_answer_by_another_model_is_still_to_be_had_from_a_chat_whose_model_is_gone(
    open_tab, alice, model, second
):
    tab = await open_tab(alice)
    session = await tab.new_session()
    await switch(tab, session, model=second)
    sent = await tab.ask(session)
    second.is_enabled = False
    await second.asave()
    fields = {"session": session, "message": sent["answer"]["id"]}
    with pytest.raises(Refused) as refused:
        await tab.command("regenerate", **fields)
    assert refused.value.code == "model_unavailable"
    other = await LanguageModel.objects.exclude(pk=second.pk).aget()
    again = await tab.command("regenerate", **fields, model=other.pk)
    assert (await tab.until_end(again["generation"])).last_part["type"] == "finish"
