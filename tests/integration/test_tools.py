"""An agent's tools: the model calls, the tool runs, the model goes on, all within one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from ai_studio.llm import Finished, FinishReason, Role, TextDelta, Tool, ToolCallDelta, Usage
from ai_studio.llm.errors import ServerError
from ai_studio.models import Agent, Completion, LanguageModel
from ai_studio.tools.base import BuiltinTool, ToolContext, ToolFailed
from ai_studio.tools.registry import BUILTIN
from ai_studio.tools.running import RESULT_CHARACTERS
from chat import parts
from chat.models import Generation, Message
from tests import factories
from tests.factories import People
from tests.integration.conftest import OpenTab, usable_model
from tests.integration.models import FINISHED, STARTED, PacedModel, text

pytestmark = pytest.mark.django_db(transaction=True)

CALLED = Finished(FinishReason.TOOL_CALLS, Usage(input_tokens=100, output_tokens=7))


def called(name: str, arguments: str = "{}", *, call_id: str = "call_1", index: int = 0) -> ToolCallDelta:
    return ToolCallDelta(index, call_id, name, arguments)


class Library:
    """A tool of these tests: what it does is the test's to say. `contexts` are those that it ran for."""

    def __init__(self) -> None:
        self.contexts: list[ToolContext] = []
        self.gate: asyncio.Event | None = None
        self.was_cancelled = asyncio.Event()
        self.gives: Any = "Chapter one."

    async def run(self, context: ToolContext, arguments: Mapping[str, Any]) -> Any:
        self.contexts.append(context)
        if self.gate is not None:
            try:
                await self.gate.wait()
            except asyncio.CancelledError:
                self.was_cancelled.set()
                raise
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    declared = Tool("search", "Searches.", {"type": "object", "properties": {"query": {"type": "string"}}})
    monkeypatch.setitem(BUILTIN, "search", BuiltinTool("Search", "Searches.", declared, library.run))
    return library


@pytest.fixture
def agent(people: People, story: LanguageModel, library: Library) -> Agent:
    story.capabilities = ["tools"]
    story.save()
    return factories.make_agent(people.team, name="Librarian", tools=["current_time", "search"])


async def stored(generation: str) -> list[dict]:
    return (await Message.objects.aget(generation=generation)).parts


async def test_the_model_goes_on_with_the_result(open_tab: OpenTab, people, model: PacedModel, agent, library):
    model.will_say([STARTED, TextDelta("Let me look.")], [called("search", '{"query": "boats"}')], [CALLED])
    model.will_say(*text("It says so."))
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk)
    sent = await tab.ask(session)
    heard = tab.generations[sent["generation"]]
    assert heard.message == await stored(sent["generation"]) == [
        {"type": "text", "text": "Let me look."},
        {"type": "dynamic-tool", "toolCallId": "call_1", "toolName": "search", "state": "output-available",
         "input": {"query": "boats"}, "output": "Chapter one."},
        {"type": "text", "text": "It says so."},
    ]  # fmt: skip
    assert [part["type"] for part in heard.said].count("start-step") == 2
    assert library.contexts == [ToolContext(people.alice.pk, people.team.pk, agent.pk, session)]
    first, second = model.requests
    assert [tool.name for tool in first.tools] == ["current_time", "search"]
    (said,) = second.messages[len(first.messages) :]
    assert (said.text, said.calls[0].arguments, said.calls[0].result) == (
        "Let me look.", '{"query":"boats"}', "Chapter one.",
    )  # fmt: skip
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert generation.status == "completed"
    assert (generation.metadata["input_tokens"], generation.metadata["output_tokens"]) == (112, 41)
    completion = await Completion.objects.aget(generation_id=generation.pk, purpose="answer")
    assert (completion.input_tokens, completion.output_tokens) == (112, 41)


async def test_calls_of_a_round_run_at_once_and_each_result_comes_when_it_is_there(
    open_tab: OpenTab, people, model, agent, library
):
    library.gate = asyncio.Event()
    model.will_say(
        [STARTED, called("search"), called("current_time", '{"time_zone": "Asia/Tokyo"}', call_id="call_2", index=1)],
        [CALLED],
    )
    tab = await open_tab(people.alice)
    sent = await tab.say(await tab.new_session(agent=agent.pk))
    outputs = await until_result(tab, sent["generation"])
    assert [(part["toolCallId"], part["output"]["time_zone"]) for part in outputs] == [("call_2", "Asia/Tokyo")]
    late = await open_tab(people.alice)  # comes in the middle, and sees what is there
    await late.command("subscribe", session=sent["session"]["id"], generation=None, after=None)
    library.gate.set()
    for viewer in (tab, late):
        await viewer.until_end(sent["generation"])
        assert [part.get("state", "text") for part in viewer.generations[sent["generation"]].message] == [
            "output-available", "output-available", "text",
        ]  # fmt: skip


async def until_result(tab: Any, generation: str) -> list[dict]:
    while True:
        heard = tab.generations.get(generation)
        if found := [part for part in (heard.said if heard else ()) if part["type"] == "tool-output-available"]:
            return found
        await tab.receive()


@pytest.mark.parametrize(
    ("gives", "call", "told"),
    [
        (ToolFailed("There is no such book."), called("search"), "There is no such book."),
        (RuntimeError("secret"), called("search"), "The tool failed"),
        (object(), called("search"), "The tool failed"),
        ("x", called("fly"), "There is no tool 'fly'. There are: current_time, search."),
        ("x", called("search", "[1]"), "The arguments must be a JSON object."),
        ("x", called("search", '{"q'), "arguments that are not JSON"),
        ("x", called("current_time", '{"time_zone": "../etc/passwd"}'), "is no time zone"),
    ],
    ids=["refused", "broken", "no JSON", "unknown", "no object", "cut arguments", "no zone"],
)
async def test_a_call_that_fails_is_told_to_the_model_and_shown(
    open_tab: OpenTab, people, model, agent, library, gives, call, told
):
    library.gives = gives
    model.will_say([STARTED, call], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    failed, answer = await stored(sent["generation"])
    assert failed["state"] == "output-error"
    assert told in failed["errorText"]
    assert answer == {"type": "text", "text": "Hello."}
    assert told in model.requests[1].messages[-1].calls[0].result


async def test_a_tool_that_takes_too_long_is_given_up(open_tab, people, model, agent, library, settings):
    settings.TOOL_SECONDS = 0.01
    library.gate = asyncio.Event()
    model.will_say([STARTED, called("search")], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    assert (await stored(sent["generation"]))[0]["errorText"] == "The tool had not ended after 0.01 seconds."
    assert library.was_cancelled.is_set()


async def test_a_long_result_is_cut(open_tab, people, model, agent, library):
    library.gives = {"pages": ["x" * RESULT_CHARACTERS]}
    model.will_say([STARTED, called("search")], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    output = (await stored(sent["generation"]))[0]["output"]
    assert output.startswith('{"pages":["xxx')
    assert output.endswith("This is its beginning.]")
    assert model.requests[1].messages[-1].calls[0].result == output


async def test_stop_during_a_call(open_tab: OpenTab, people, model, agent, library):
    library.gate = asyncio.Event()
    model.will_say([STARTED, TextDelta("Let me look.")], [called("search")], [CALLED])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk)
    sent = await tab.say(session)
    await until_called(library)
    assert (await tab.command("stop", generation=sent["generation"]))["status"] == "stopped"
    assert library.was_cancelled.is_set()
    await tab.until_end(sent["generation"])
    assert [part.get("state") for part in await stored(sent["generation"])] == [None, "input-available"]
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert (generation.metadata["output_tokens"], generation.metadata["is_estimated"]) == (7, False)
    # The next turn goes on, and the call of which nothing came is not told.
    await tab.ask(session, "Never mind", parent=sent["answer"]["id"])
    assert [(message.role, message.text, message.calls) for message in model.requests[-1].messages] == [
        (Role.USER, "Hello", ()),
        (Role.ASSISTANT, "Let me look.", ()),
        (Role.USER, "Never mind", ()),
    ]


async def until_called(library: Library) -> None:
    async with asyncio.timeout(10):
        while not library.contexts:
            await asyncio.sleep(0.01)


async def test_later_turns_hold_calls_and_results(open_tab, people, model, agent, library):
    model.will_say([STARTED, called("search", call_id="an id that no other provider takes")], [CALLED])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk)
    sent = await tab.ask(session)
    await tab.ask(session, "More", parent=sent["answer"]["id"])
    _, made, said, _ = model.requests[-1].messages
    assert [(call.id, call.name, call.result) for call in made.calls] == [("call00001", "search", "Chapter one.")]
    assert (said.text, said.calls) == ("Hello.", ())


async def test_a_model_that_calls_no_tools_gets_none_and_no_calls(open_tab, people, model, agent, library, story):
    model.will_say([STARTED, TextDelta("Let me look."), called("search")], [CALLED])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk)
    sent = await tab.ask(session)
    await LanguageModel.objects.filter(pk=story.pk).aupdate(capabilities=[])
    await sync_to_async(story.refresh_from_db)()
    await sync_to_async(story.save)()  # what is remembered of it is forgotten
    await tab.ask(session, "More", parent=sent["answer"]["id"])
    assert model.requests[-1].tools == ()
    assert [message.text for message in model.requests[-1].messages] == ["Hello", "Let me look.\n\nHello.", "More"]
    assert not any(message.calls for message in model.requests[-1].messages)


async def test_rounds_have_an_end(open_tab, people, model, agent, library, settings):
    settings.TOOL_ROUNDS = 2
    for _ in range(3):
        model.will_say([STARTED, called("search", call_id="the same each time")], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    assert [request.is_last_round for request in model.requests] == [False, False, True]
    assert [part["state"] for part in await stored(sent["generation"])] == [
        "output-available", "output-available", "output-error",
    ]  # fmt: skip
    assert len({part["toolCallId"] for part in await stored(sent["generation"])}) == 3
    assert len(library.contexts) == 2
    assert (await Generation.objects.aget(pk=sent["generation"])).status == "completed"


async def test_only_the_first_round_falls_back(open_tab, people, model, agent, library):
    await sync_to_async(usable_model)(people.team, display_name="Other", priority=9, capabilities=["tools"])
    model.will_say([STARTED, called("search")], [CALLED])
    for _ in range(3):
        model.will_say(ServerError("gone"))
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert (generation.status, generation.model_name) == ("failed", "Story")
    assert {request.target.model for request in model.requests} == {model.requests[0].target.model}
    # Continued, it goes on from the result: the tool does not run again.
    continued = await tab.command("continue", session=sent["session"]["id"], message=sent["answer"]["id"])
    await tab.until_end(continued["generation"])
    assert [part.get("state") for part in await stored(continued["generation"])] == ["output-available", None]
    assert model.requests[-1].messages[-1].calls[0].result == "Chapter one."
    assert len(library.contexts) == 1


async def test_an_answer_that_broke_off_after_a_result_is_continued_in_its_words(
    open_tab, people, model, agent, library
):
    model.will_say([STARTED, called("search")], [CALLED])
    model.will_say([STARTED, TextDelta("It says")], ServerError("gone"))
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=agent.pk))
    model.will_say([STARTED, TextDelta(" so."), called("search", call_id="call_2")], [CALLED])
    model.will_say([STARTED, TextDelta("Done.")], [FINISHED])
    continued = await tab.command("continue", session=sent["session"]["id"], message=sent["answer"]["id"])
    heard = await tab.until_end(continued["generation"])
    assert heard.message == await stored(continued["generation"])
    assert [part.get("text") for part in heard.message] == [None, "It says so.", None, "Done."]
    assert parts.fold(parts.unfold(heard.message)) == heard.message
