"""A model asks the person: the answer ends with the question, and the reply is an ordinary message after it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from asgiref.sync import sync_to_async

from ai_studio import gateway
from ai_studio.emulator import testing as emulated
from ai_studio.llm import Message as Said
from ai_studio.llm import Role, TextDelta
from ai_studio.models import Agent, LanguageModel
from ai_studio.trial import Trial, answer
from chat import exporting
from chat.models import Generation, Message, Session
from tests import factories
from tests.factories import People
from tests.integration.conftest import OpenTab, usable_model
from tests.integration.models import STARTED, PacedModel, text
from tests.integration.test_tools import CALLED, called

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = {"question": "Which colour?", "options": [{"label": "Red"}, {"label": "Blue", "description": "as the sea"}]}
WORDS = "Which colour?\n\n- Red\n- Blue: as the sea"
SHOWN = "The question is shown to the person. Their reply will be the next message."


def asked(arguments: Any = ASKED, *, call_id: str = "call_1", index: int = 0) -> Any:
    return called("ask_person", orjson.dumps(arguments).decode(), call_id=call_id, index=index)


@pytest.fixture
def painter(people: People, story: LanguageModel) -> Agent:
    story.capabilities = ["tools"]
    story.save()
    return factories.make_agent(people.team, name="Painter", tools=["current_time", "ask_person"])


async def stored(generation: str) -> Message:
    return await Message.objects.aget(generation=generation)


async def test_the_answer_ends_with_the_question(open_tab: OpenTab, people, model: PacedModel, painter):
    time = called("current_time", "{}", call_id="call_2", index=1)
    model.will_say([STARTED, TextDelta("One thing."), asked(), time], [CALLED])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=painter.pk)
    sent = await tab.ask(session)
    message = await stored(sent["generation"])
    _, question, other = message.parts
    assert (question["state"], question["input"], question["output"]) == ("output-available", ASKED, SHOWN)
    assert other["state"] == "output-available", "the other calls of the round have their results"
    assert message.parts == tab.generations[sent["generation"]].message
    assert message.text == f"One thing.\n\n{WORDS}"
    assert len([each for each in model.requests if each.tools]) == 1, "the model is not asked again"
    generation = await Generation.objects.aget(pk=sent["generation"])
    assert (generation.status, generation.finish_reason) == ("completed", "stop")
    assert generation.metadata["output_tokens"] == 7
    # The reply is a message as any other.
    model.will_say(*text("Red it is."))
    again = await tab.ask(session, "Red", parent=sent["answer"]["id"])
    assert (await stored(again["generation"])).text == "Red it is."
    told = next(each for each in model.requests if each.messages[-1].text == "Red")
    assert [(each.role, each.text, len(each.calls)) for each in told.messages] == [
        (Role.USER, "Hello", 0),
        (Role.ASSISTANT, "One thing.", 2),
        (Role.ASSISTANT, WORDS, 0),
        (Role.USER, "Red", 0),
    ]


async def test_what_is_no_question_is_told_to_the_model_which_tries_again(open_tab, people, model, painter):
    model.will_say([STARTED, asked({"question": "Which?", "options": ["Red"]})], [CALLED])
    model.will_say([STARTED, asked(call_id="call_2")], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=painter.pk))
    message = await stored(sent["generation"])
    assert [part["state"] for part in message.parts] == ["output-error", "output-available"]
    assert message.parts[0]["errorText"] == "`options` must be a list of 2 to 6 options."
    assert message.text == WORDS


async def test_only_one_question_is_asked_at_a_time(open_tab, people, model, painter):
    model.will_say([STARTED, asked(), asked(call_id="call_2", index=1)], [CALLED])
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=painter.pk))
    message = await stored(sent["generation"])
    assert [part["state"] for part in message.parts] == ["output-available", "output-error"]
    assert "Only one such call" in message.parts[1]["errorText"]
    assert message.text == WORDS


async def test_a_model_without_tools_reads_it_as_words_and_so_do_exports(open_tab, people, model, painter, story):
    model.will_say([STARTED, asked()], [CALLED])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=painter.pk)
    sent = await tab.ask(session)
    await LanguageModel.objects.filter(pk=story.pk).aupdate(capabilities=[])
    await sync_to_async(story.refresh_from_db)()
    await sync_to_async(story.save)()  # what is remembered of it is forgotten
    await tab.ask(session, "Blue", parent=sent["answer"]["id"])
    told = next(each for each in model.requests if each.messages[-1].text == "Blue")
    assert [each.text for each in told.messages] == ["Hello", WORDS, "Blue"]
    row = await Session.objects.aget(pk=session)
    assert f"## Answer\n\n{WORDS}\n\n## You\n\nBlue" in await sync_to_async(exporting.markdown)(row)
    document = await sync_to_async(exporting.as_json)(row)
    assert [each["text"] for each in document["messages"]][1:3] == [WORDS, "Blue"]


def openai(body: dict) -> list[tuple[str, str]]:
    said = [each for each in body["messages"] if each["role"] != "system"]
    texts = [[(each["role"], each["content"])] if each["content"] else [] for each in said]
    calls = [[(each["role"], "call") for _ in each.get("tool_calls", ())] for each in said]
    return [one for text, call in zip(texts, calls, strict=True) for one in (*text, *call)]


def anthropic(body: dict) -> list[tuple[str, str]]:
    blocks = [(each["role"], block) for each in body["messages"] for block in _blocks(each["content"])]
    return [_anthropic(role, block) for role, block in blocks]


def _blocks(content: Any) -> list[dict]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _anthropic(role: str, block: dict) -> tuple[str, str]:
    match block["type"]:
        case "tool_use":
            return role, "call"
        case "tool_result":
            return "tool", "".join(each["text"] for each in _blocks(block["content"]))
    return role, block["text"]


def gemini(body: dict) -> list[tuple[str, str]]:
    parts = [(each["role"], part) for each in body["contents"] for part in each["parts"]]
    return [_gemini(role, part) for role, part in parts]


def _gemini(role: str, part: dict) -> tuple[str, str]:
    if "functionResponse" in part or "function_response" in part:
        return "tool", SHOWN if SHOWN in str(part) else str(part)
    role = "assistant" if role == "model" else role
    return (role, "call") if "functionCall" in part or "function_call" in part else (role, part["text"])


@pytest.mark.parametrize(
    ("family", "path", "name", "read"),
    [
        ("openai", "/v1", "openai", openai),
        ("anthropic", "", "claude-sonnet-4-5-reasoning-8", anthropic),
        ("gemini", "/v1beta", "gemini-3-pro-reasoning-8", gemini),
    ],
)
async def test_over_real_http_in_each_format(open_tab, people, emulator, family, path, name, read):
    """One that thinks is sent no thoughts of the answer before, and the emulator demands none, as its provider."""
    model = await sync_to_async(usable_model)(
        people.team, model_id=f"{name}-rate-0", provider_key=family, base_url=f"{emulator}{path}",
        is_default=True, capabilities=["tools"], parameters={"reasoning_effort": "low"},
    )  # fmt: skip
    agent = await sync_to_async(factories.make_agent)(people.team, tools=["ask_person"])
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk, model=model.pk)
    sent = await tab.ask(session, "Paint my house /emulate question 2")
    message = await stored(sent["generation"])
    assert (await Generation.objects.aget(pk=sent["generation"])).status == "completed"
    words = "What matters most to you here?\n\n- Clarity: Short sentences, plain words\n- Length: As brief as it can be"
    assert message.text.endswith(words)
    emulated.reset(emulator)
    again = await tab.ask(session, "Clarity", parent=message.pk)
    assert (await Generation.objects.aget(pk=again["generation"])).status == "completed"
    (body,) = (each["body"] for each in emulated.received_requests(emulator) if each["body"].get("tools"))
    assert read(body) == [
        ("user", "Paint my house /emulate question 2"),
        ("assistant", "Before I begin, one thing that only you can say."),
        ("assistant", "call"),
        ("tool", SHOWN),
        ("assistant", words),
        ("user", "Clarity"),
    ]


async def test_a_trial_shows_it_in_words_and_ends(people, model, painter):
    model.will_say([STARTED, asked()], [CALLED])
    plan = await sync_to_async(gateway.plan)(
        gateway.Wanted(user_id=people.alice.pk, team_id=people.team.pk, agent_id=painter.pk)
    )
    heard = [each async for each in answer(Trial(plan), [Said(Role.USER, "Paint")])]
    assert heard[-1] == TextDelta(WORDS)
    assert len(model.requests) == 1
