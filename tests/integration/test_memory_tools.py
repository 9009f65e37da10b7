"""What a model does with what is remembered of the person whose chat it answers in."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async

from ai_studio import gateway, remembered_facts
from ai_studio.emulator import testing as emulated
from ai_studio.llm import Finished, FinishReason, ToolCallDelta, Usage
from ai_studio.models import PersonalMemory, User
from ai_studio.tools.base import ToolContext
from ai_studio.tools.running import ToolOutput, run
from chat.models import Message
from tests.integration.conftest import usable_model
from tests.integration.models import STARTED, text

pytestmark = pytest.mark.django_db(transaction=True)

OFFERED = ("remember", "forget")
CALLED = Finished(FinishReason.TOOL_CALLS, Usage(input_tokens=100, output_tokens=7))
NURSE = "Works as a nurse."


@pytest.fixture
def remembered(alice: User) -> User:
    gateway.memories.switch(alice.pk, on=True)
    return alice


@pytest.fixture
def context(remembered: User, people) -> ToolContext:
    return ToolContext(remembered.pk, people.team.pk, None, "s-Wk3vP9dZq7LmXc2A")


async def call(context: ToolContext, name: str, **arguments: object) -> ToolOutput:
    return await run(name, arguments, context, offered=OFFERED, seconds=30)


@sync_to_async
def kept(user: User) -> list[str]:
    return [memory.text for memory in gateway.memories.memories_of(user.pk)]


async def test_it_remembers_replaces_and_forgets(context, remembered):
    first = (await call(context, "remember", text=f"{NURSE} ")).value
    row = await PersonalMemory.objects.aget()
    assert first == {"memory": row.pk, "number": 1, "remembered": NURSE}
    assert (row.by, row.session_id) == ("assistant", context.session_id)
    second = (await call(context, "remember", text="Lives in Porto.", replaces=0)).value
    assert second["number"] == 2
    changed = (await call(context, "remember", text="Works as a doctor.", replaces=1)).value
    assert changed == {**first, "remembered": "Works as a doctor.", "replaced": NURSE}
    assert (await call(context, "forget", number=2)).value == {"number": 2, "forgotten": "Lives in Porto."}
    assert await kept(remembered) == ["Works as a doctor."]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("remember", {}, "Say in `text`"),
        ("remember", {"text": 7}, "Say in `text`"),
        ("remember", {"text": " "}, "nothing to remember"),
        ("remember", {"text": "x" * 501}, "501 characters"),
        ("remember", {"text": "a\x00b"}, "can't be written"),
        ("remember", {"text": "Well.", "replaces": 9}, "no remembered fact"),
        ("remember", {"text": "Well.", "replaces": "one"}, "Say in `replaces`"),
        ("forget", {}, "Say in `number`"),
        ("forget", {"number": True}, "Say in `number`"),
        ("forget", {"number": 0}, "no remembered fact"),
        ("forget", {"number": 10**30}, "no remembered fact"),
    ],
)
async def test_what_it_does_wrong_it_is_told(context, remembered, name, arguments, said):
    assert said in (await call(context, name, **arguments)).error
    assert await kept(remembered) == []


async def test_when_there_are_too_many_it_is_told_to_replace_one(context, remembered):
    await PersonalMemory.objects.abulk_create(
        PersonalMemory(user=remembered, number=number, text=f"Fact {number}.", by="person")
        for number in range(1, remembered_facts.MOST + 1)
    )
    assert "which is the most" in (await call(context, "remember", text=NURSE)).error
    assert not (await call(context, "remember", text=NURSE, replaces=3)).error


async def test_many_at_once_get_a_number_each(context, remembered):
    async with asyncio.timeout(60):
        outputs = await asyncio.gather(*(call(context, "remember", text=f"Fact {each}.") for each in range(8)))
    assert sorted(output.value["number"] for output in outputs) == list(range(1, 9))


async def test_a_number_is_never_another_fact_s(context, remembered):
    """A chat that was told of the second one, forgotten meanwhile in another chat, must not forget a third by it."""
    for fact in ("First.", "Second."):
        await call(context, "remember", text=fact)
    stale = await User.objects.aget(pk=remembered.pk)
    await call(context, "forget", number=2)
    assert (await call(context, "remember", text="Third.")).value["number"] == 3
    assert (await call(context, "forget", number=2)).error
    await stale.asave()  # as an admin does who had opened the person's page before
    assert (await call(context, "remember", text="Fourth.")).value["number"] == 4
    await sync_to_async(gateway.memories.forget_all)(remembered.pk)
    assert (await call(context, "remember", text="Fifth.")).value["number"] == 5


async def test_it_can_t_reach_anybody_else_s(context, people):
    await sync_to_async(gateway.memories.add)(people.bob.pk, "Plays chess.")
    assert (await call(context, "forget", number=1)).error
    assert await kept(people.bob) == ["Plays chess."]


@pytest.mark.parametrize("off", ["person", "platform"])
async def test_nothing_is_kept_once_it_is_switched_off_in_the_middle_of_an_answer(context, remembered, settings, off):
    settings.MEMORY = off != "platform"
    await sync_to_async(gateway.memories.switch)(remembered.pk, on=settings.MEMORY and off != "person")
    assert "switched" in (await call(context, "remember", text=NURSE)).error
    assert not await PersonalMemory.objects.aexists()


async def test_what_one_chat_remembers_the_next_is_told(open_tab, remembered, story, model):
    story.capabilities = ["tools"]
    await story.asave()
    arguments = f'{{"text": "{NURSE}"}}'
    model.will_say([STARTED, ToolCallDelta(0, "call_1", "remember", arguments)], [CALLED])
    model.will_say(*text("Noted."))
    tab = await open_tab(remembered)
    session = await tab.new_session()
    sent = await tab.ask(session, "I am a nurse.")
    parts = (await Message.objects.aget(generation=sent["generation"])).parts
    assert [part.get("output", {}).get("remembered") for part in parts] == [NURSE, None]
    assert (await PersonalMemory.objects.aget()).session_id == session
    await tab.ask(await tab.new_session(), "What am I?")
    assert f"1. {NURSE}" in model.requests[-1].instructions
    temporary = "s-temporary-Wk3vP9dZq7"
    await tab.command("create", session=temporary, model=None, agent=None, folder=None, temporary=True)
    await tab.ask(temporary, "What am I?")
    assert (model.requests[-1].instructions, model.requests[-1].tools) == ("", ())


async def test_over_real_http_with_a_model_that_calls_of_itself(open_tab, remembered, people, emulator):
    await sync_to_async(usable_model)(
        people.team, model_id="tool-call-rate-0", provider_key="openai", base_url=f"{emulator}/v1",
        is_default=True, capabilities=["tools"],
    )  # fmt: skip
    emulated.reset(emulator)
    tab = await open_tab(remembered)
    await tab.ask(await tab.new_session(), "Zurich?")
    (fact,) = await kept(remembered)
    assert fact.casefold() == "zurich"
    await tab.ask(await tab.new_session(), "Where?")
    asked = [each["body"] for each in emulated.received_requests(emulator) if each["body"].get("tools")]
    told = [body["messages"][0]["content"] for body in asked if body["messages"][0]["role"] in ("system", "developer")]
    assert f"1. {fact}" in told[-1]
    assert "# What you remember about the person" in told[-1]
    assert [tool["function"]["name"] for tool in asked[-1]["tools"]] == list(OFFERED)
