"""Trials of an agent: real answers, with tools as in a chat, that leave nothing behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from ai_studio import gateway
from ai_studio.emulator import testing as emulated
from ai_studio.llm import Finished, FinishReason, TextDelta, Thought, ToolCallDelta, Usage
from ai_studio.llm.errors import AuthenticationFailed, ServerError
from ai_studio.models import Agent, Completion, LanguageModel, Membership, Provider
from chat.models import Message, Session
from tests.factories import make_agent
from tests.integration.admin_world import World, client_of, make_world, outcome
from tests.integration.conftest import patiently
from tests.integration.models import STARTED, PacedModel, text

CALLED = Finished(FinishReason.TOOL_CALLS, Usage(input_tokens=100, output_tokens=7))
ASKED = [{"role": "user", "text": "What time is it?"}]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> PacedModel:
    paced = PacedModel()
    monkeypatch.setattr(gateway, "_litellm_client", lambda: paced)
    patiently(monkeypatch, base_delay=0.0)
    return paced


@pytest.fixture
def planner(world: World) -> Agent:
    """An agent with a tool, whose model can call it."""
    world.model.capabilities = ["tools"]
    world.model.save()
    return make_agent(world.team, name="Planner", tools=["current_time"])


def trial(world: World, agent: Agent | None = None) -> str:
    return reverse("admin:ai_studio_agent_trial", args=[(agent or world.rows[Agent]).pk])


async def tried(
    world: World, messages: list[dict[str, str]], person: str = "owner", agent: Agent | None = None
) -> tuple[int, list[dict[str, Any]]]:
    client = AsyncClient()
    backend = "django.contrib.auth.backends.ModelBackend"
    await client.aforce_login(world.people[person], backend=backend)
    response: Any = await client.post(
        trial(world, agent), json.dumps({"messages": messages}), content_type="application/json"
    )
    if not response.streaming:
        return response.status_code, [response.json()]
    body = b"".join([part async for part in response.streaming_content])
    return response.status_code, [json.loads(line) for line in body.splitlines()]


async def test_a_trial_answers_under_the_agent_s_instructions_and_leaves_only_its_cost(world: World, model: PacedModel):
    said = [{"role": "user", "text": "One"}, {"role": "assistant", "text": "Two"}, {"role": "user", "text": "Three"}]
    status, lines = await tried(world, said)
    assert status == 200
    assert "".join(line["text"] for line in lines if line["type"] == "text") == "Hello."
    assert lines[-1]["type"] == "end"
    assert "Answer in one sentence." in model.requests[-1].instructions
    assert [message.text for message in model.requests[-1].messages] == ["One", "Two", "Three"]
    assert await Session.objects.filter(user=world.people["owner"]).acount() == 1  # the world's own
    assert not await Message.objects.filter(text__contains="Three").aexists()
    entry = await Completion.objects.aget(purpose="trial")
    assert (entry.user_id, entry.agent_id) == (world.people["owner"].pk, world.rows[Agent].pk)
    assert entry.prompt_hash


async def test_a_trial_says_what_failed(world: World, model: PacedModel):
    model.will_say(AuthenticationFailed("invalid key"))
    status, lines = await tried(world, [{"role": "user", "text": "Hi"}])
    assert status == 200
    assert lines[-1]["type"] == "error"
    assert lines[-1]["code"] == AuthenticationFailed.code


@pytest.mark.parametrize(
    "messages",
    [[], [{"role": "assistant", "text": "x"}], [{"role": "system", "text": "x"}], [{"role": "user"}], [1],
     [{"role": "user", "text": " "}], [{"role": "user", "text": "x" * 70_000}],
     [{"role": "user", "text": "x"}] * 61],
)  # fmt: skip
async def test_what_is_no_conversation_is_refused_in_words(world: World, model: PacedModel, messages: list[Any]):
    status, (said,) = await tried(world, messages)
    assert status == 400
    assert said["text"].endswith(".")
    assert model.requests == []


async def test_somebody_outside_the_team_is_told_why_it_can_not_be_tried(world: World, model: PacedModel):
    status, (said,) = await tried(world, [{"role": "user", "text": "Hi"}], person="platform admin")
    assert status == 409
    assert "you are not in Research" in said["text"]
    client = await sync_to_async(client_of)(world.people["platform admin"])
    shown = (await sync_to_async(client.get)(trial(world))).content.decode()
    assert "Join the team first." in shown
    await Membership.objects.acreate(user=world.people["platform admin"], team=world.team)
    assert await sync_to_async(outcome)(client, trial(world)) == "open"


# --- Tools ------------------------------------------------------------------------------------------------------------


def calls(arguments: str = '{"time_zone": "UTC"}', call_id: str = "call_1") -> ToolCallDelta:
    return ToolCallDelta(0, call_id, "current_time", arguments)


async def test_a_trial_calls_tools_and_goes_on_with_what_they_gave(world: World, model: PacedModel, planner: Agent):
    thought = Thought("Hm", "signed")
    model.will_say([STARTED, thought, TextDelta("Let me look."), calls()], [CALLED])
    model.will_say(*text("It is noon."))
    _, lines = await tried(world, ASKED, agent=planner)
    assert [line["type"] for line in lines] == ["text", "call", "result", "text", "end"]
    _, made, came, said, end = lines
    assert (made["name"], json.loads(made["text"])) == ("current_time", {"time_zone": "UTC"})
    assert (came["id"], came["failed"], json.loads(came["text"])["time_zone"]) == (made["id"], False, "UTC")
    assert said["text"] == "It is noon."
    first, second = model.requests
    assert [tool.name for tool in first.tools] == ["current_time"]
    (call,) = second.messages[-1].calls
    assert (second.messages[-1].text, second.messages[-1].thoughts) == ("Let me look.", (thought,))
    assert (call.id, json.loads(call.result)["time_zone"]) == ("call_1", "UTC")
    assert "112 tokens in, 41 out" in end["text"], "both rounds are counted"
    entry = await Completion.objects.aget(purpose="trial")
    assert (entry.input_tokens, entry.output_tokens) == (112, 41)
    assert not await Message.objects.filter(text__contains="noon").aexists()


@pytest.mark.parametrize(
    "written",
    ['{"time_zone"', "[1]", '{"time_zone": NaN}', r'{"time_zone": "\ud800"}', '{"a":' * 900 + "1" + "}" * 900],
)
async def test_arguments_that_no_tool_takes_are_told_to_the_model(
    world: World, model: PacedModel, planner: Agent, written: str
):
    model.will_say([STARTED, calls(written)], [CALLED])
    _, lines = await tried(world, ASKED, agent=planner)
    assert [(line["type"], line.get("failed")) for line in lines[:2]] == [("call", None), ("result", True)]
    (call,) = model.requests[-1].messages[-1].calls
    assert call.arguments == "{}"
    assert call.result.endswith(f"It wrote: {written}")


async def test_the_rounds_of_a_trial_have_an_end(world: World, model: PacedModel, planner: Agent, settings: Any):
    settings.TOOL_ROUNDS = 2
    for _ in range(3):
        model.will_say([STARTED, calls(call_id="the same each time")], [CALLED])
    _, lines = await tried(world, ASKED, agent=planner)
    assert [request.is_last_round for request in model.requests] == [False, False, True]
    results = [line for line in lines if line["type"] == "result"]
    assert [line["failed"] for line in results] == [False, False, True]
    assert len({line["id"] for line in results}) == 3


async def test_what_a_round_cost_is_known_where_the_next_one_fails(world: World, model: PacedModel, planner: Agent):
    model.will_say([STARTED, calls()], [CALLED])
    for _ in range(5):
        model.will_say(ServerError("gone"))
    _, lines = await tried(world, ASKED, agent=planner)
    assert lines[-1]["type"] == "error"
    entry = await Completion.objects.aget(purpose="trial")
    assert (entry.input_tokens, entry.error_code) == (100, ServerError.code)


async def test_a_model_that_calls_what_it_was_not_offered_waits_in_vain(world: World, model: PacedModel):
    model.will_say([STARTED, TextDelta("Look:"), calls()], [CALLED])
    _, lines = await tried(world, ASKED)
    assert [line["type"] for line in lines] == ["text", "end"]
    assert len(model.requests) == 1


async def test_a_trial_over_real_http(world: World, planner: Agent, emulator: str):
    name = "claude-sonnet-4-5-reasoning-8-tool-call-rate-0"
    await Provider.objects.filter(pk=world.provider.pk).aupdate(provider_key="anthropic", base_url=emulator)
    await LanguageModel.objects.filter(pk=world.model.pk).aupdate(model_id=name, parameters={"reasoning_effort": "low"})
    emulated.reset(emulator)
    _, lines = await tried(world, ASKED, agent=planner)
    assert lines[-1]["type"] == "end", lines[-1]
    assert [line["type"] for line in lines if line["type"] in ("call", "result")] == ["call", "result"]
    assert "Europe/Lisbon" in "".join(line["text"] for line in lines if line["type"] == "text")


@pytest.mark.parametrize(
    ("capabilities", "provider_key", "said"),
    [
        ([], "openai", "Visible model can&#x27;t call tools, as its page says: it is not told of current_time."),
        (["tools"], "perplexity", "LiteLLM takes it that Visible model of Visible provider can&#x27;t call tools"),
        (["tools"], "synthetic", "LiteLLM takes it that Visible model of Visible provider can&#x27;t call tools"),
        (["tools"], "openai", None),
    ],
)
def test_the_page_says_where_the_model_is_not_told_of_the_tools(
    world: World, planner: Agent, capabilities: list[str], provider_key: str, said: str | None
):
    Provider.objects.filter(pk=world.provider.pk).update(provider_key=provider_key)
    world.model.capabilities = capabilities
    world.model.save()
    page = client_of(world.people["owner"]).get(trial(world, planner)).content.decode()
    assert (said in page) if said else ("it is not told of" not in page)
