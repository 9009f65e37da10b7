"""Real model calls, over HTTP through LiteLLM: every way in which a provider answers, or does not."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from ai_studio.emulator.scripts import expected_text
from ai_studio.ids import new_id
from ai_studio.models import Completion, LanguageModel, ProviderToken
from ai_studio.services import set_provider_token
from chat.failures import MODEL_CALL_TEXTS
from chat.models import Generation
from tests import factories
from tests.factories import People
from tests.integration.conftest import OpenTab, patiently, usable_model
from tests.integration.tabs import Heard

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta"}
QUESTION = "What is a monad?"
TOKEN = "sk-a-token-for-tests"

Ask = Callable[..., Awaitable[tuple[Heard, Generation]]]


@pytest.fixture
def ask(open_tab: OpenTab, people: People, emulator: str, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Asks a model of this behaviour; attempts are repeated without a wait."""
    patiently(monkeypatch, base_delay=0.0)

    async def one(
        behaviour: str, *, text: str = QUESTION, wire: str = "openai", **fields: Any
    ) -> tuple[Heard, Generation]:
        settings = {"provider_key": wire, "base_url": f"{emulator}{FORMATS[wire]}", "is_default": True} | fields
        await sync_to_async(usable_model)(people.team, model_id=named(behaviour), **settings)
        tab = await open_tab(people.alice)
        session = await tab.new_session()
        await tab.command("switch", session=session, model=None, agent=None)
        sent = await tab.ask(session, text)
        assert TOKEN not in str(tab.frames)
        generation = await Generation.objects.select_related("message").aget(pk=sent["generation"])
        return tab.generations[generation.pk], generation

    return one


def named(behaviour: str) -> str:
    """A name that no other test uses, so that `fail-STATUS-N` counts from the start."""
    return f"m{new_id()[:5].lower().replace('-', 'x').replace('_', 'x')}z-{behaviour}"


# --- Answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wire", FORMATS)
async def test_what_the_provider_says_is_what_everybody_sees(ask, wire):
    heard, generation = await ask("story-rate-0", wire=wire)
    said = expected_text(generation.metadata["requested_model"], QUESTION)
    assert heard.text == generation.message.text == said
    assert generation.status == "completed"
    assert generation.finish_reason == heard.last_part["finishReason"] == "stop"
    assert generation.metadata["output_tokens"] > 10
    assert generation.metadata["input_tokens"] > 0
    assert generation.metadata["first_token_ms"] <= generation.metadata["duration_ms"]
    assert (generation.metadata["attempts"], generation.metadata["tried"]) == (1, [])


@pytest.mark.parametrize(
    "behaviour", ["unicode-rate-0", "line-separators-rate-0", "showcase-split-bytes-rate-0", "echo"]
)
async def test_no_character_is_lost_on_the_way(ask, behaviour):
    heard, generation = await ask(behaviour)
    said = expected_text(generation.metadata["requested_model"], QUESTION)
    assert heard.text == generation.message.text == said


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("length-10-rate-0", "length"),
        ("content-filter-rate-0", "content-filter"),
        ("empty", "stop"),
        ("refusal-rate-0", "stop"),
    ],
)
async def test_an_answer_tells_why_it_ended(ask, behaviour, reason):
    heard, generation = await ask(behaviour)
    assert (generation.status, generation.finish_reason) == ("completed", reason)
    assert heard.last_part["finishReason"] == reason
    assert heard.message == generation.message.parts


@pytest.mark.parametrize("wire", FORMATS)
async def test_reasoning_is_kept_apart_from_what_is_said(ask, wire):
    heard, generation = await ask("reasoning-10-rate-0", wire=wire)
    assert [part["type"] for part in generation.message.parts] == ["reasoning", "text"]
    assert heard.message == generation.message.parts
    assert generation.message.text == generation.message.parts[1]["text"]


async def test_what_an_answer_cost_is_in_the_ledger(ask):
    heard, generation = await ask("tokens-100-rate-0", input_price="2", output_price="10")
    row = await Completion.objects.aget(purpose="answer")
    assert (row.generation_id, row.error_code, row.finish_reason) == (generation.pk, "", "stop")
    assert row.output_tokens == 100
    metadata = heard.last_part["messageMetadata"]
    dollars = (metadata["input_tokens"] * 2 + 100 * 10) / 1_000_000
    assert float(row.cost) == pytest.approx(dollars)
    assert float(metadata["cost"]) == pytest.approx(dollars, abs=1e-6)
    token = await ProviderToken.objects.aget()
    assert token.last_used_at is not None


# --- Refusals: nothing of an answer came ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "code", "calls"),
    [
        ("error-400", "invalid_model_request", 1),
        ("error-401", "provider_authentication_failed", 1),
        ("error-403", "provider_authentication_failed", 1),
        ("error-404", "model_not_found", 1),
        ("error-429-retry-after-0", "provider_rate_limited", 3),
        ("error-500", "provider_server_error", 3),
        ("error-504", "provider_timed_out", 3),
        ("overloaded", "provider_server_error", 3),
        ("quota", "provider_quota_exhausted", 1),
        ("html", "provider_malformed_response", 3),
        ("html-502", "provider_server_error", 3),
        ("disconnect", "provider_connection_failed", 3),
        ("context-length", "context_too_long", 1),
        ("policy", "content_filtered", 1),
    ],
)
async def test_a_refusal_has_its_stable_code(ask, emulator, caplog, behaviour, code, calls):
    heard, generation = await ask(behaviour)
    told = heard.news[-2]["data"]
    assert heard.news[-1] == {"type": "error", "errorText": MODEL_CALL_TEXTS[code]}
    assert (told["code"], told["text"]) == (code, MODEL_CALL_TEXTS[code])
    assert (generation.status, generation.error, generation.message.parts) == ("failed", told, [])
    model = generation.metadata["requested_model"]
    asked = [request for request in emulated.received_requests(emulator) if request["model"] == model]
    assert len(asked) == generation.metadata["attempts"] == calls
    attempts = [part["data"] for part in heard.news if part["type"] == "data-attempt"]
    assert [(attempt["attempt"], attempt["code"]) for attempt in attempts] == [(n, code) for n in range(2, calls + 1)]
    assert (await Completion.objects.aget()).error_code == code
    warned = [record for record in caplog.records if record.name.startswith("chat")]
    assert [(record.levelno, record.code) for record in warned] == [(logging.WARNING, code)]
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("wire", ["anthropic", "gemini"])
@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("error-401", "provider_authentication_failed"),
        ("error-404", "model_not_found"),
        ("overloaded", "provider_server_error"),
        ("context-length", "context_too_long"),
        ("html", "provider_malformed_response"),
    ],
)
async def test_other_formats_have_the_same_codes(ask, wire, behaviour, code):
    heard, generation = await ask(behaviour, wire=wire)
    assert (generation.status, generation.error["code"]) == ("failed", code)
    assert heard.news[-1]["type"] == "error"


async def test_an_address_where_nobody_is(ask):
    heard, generation = await ask("story", base_url="http://127.0.0.1:9/v1")
    assert generation.error["code"] == "provider_connection_failed"
    assert "127.0.0.1" not in str(heard.news)


async def test_a_provider_that_litellm_does_not_know(ask):
    _, generation = await ask("story", wire="openai", provider_key="no-such-provider")
    assert generation.error["code"] in {"model_unsupported", "invalid_model_request"}


async def test_a_token_that_the_provider_refuses_is_never_quoted(ask, caplog):
    heard, generation = await ask("story", token="invalid-secret-0123456789")
    assert generation.error["code"] == "provider_authentication_failed"
    row = await Completion.objects.aget()
    for text in (str(heard.news), caplog.text, row.error_detail, str(generation.metadata)):
        assert "secret-0123456789" not in text


async def test_a_provider_that_recovers_is_asked_again(ask):
    heard, generation = await ask("story-fail-500-2-rate-0")
    assert (generation.status, generation.metadata["attempts"]) == ("completed", 3)
    assert [part["data"]["attempt"] for part in heard.news if part["type"] == "data-attempt"] == [2, 3]
    assert heard.text == generation.message.text


# --- Breaks: a part of the answer came --------------------------------------------------------------------------------


@pytest.mark.parametrize("wire", FORMATS)
@pytest.mark.parametrize("behaviour", ["cut-10", "truncated-10", "malformed-10", "error-event-10"])
async def test_what_came_before_a_break_is_kept(ask, emulator, wire, behaviour):
    heard, generation = await ask(f"tokens-60-{behaviour}-rate-200", wire=wire)
    assert (generation.status, generation.error["code"]) == ("failed", "stream_interrupted")
    assert heard.news[-2]["data"]["code"] == "stream_interrupted"
    model = generation.metadata["requested_model"]
    whole = expected_text(model, QUESTION)
    assert generation.message.text
    assert whole.startswith(generation.message.text)
    assert heard.message == generation.message.parts
    asked = [request for request in emulated.received_requests(emulator) if request["model"] == model]
    assert len(asked) == 1


# --- Other routes -----------------------------------------------------------------------------------------------------


async def test_another_model_answers_when_the_first_can_not(ask, people, emulator):
    spare = {"provider_key": "anthropic", "base_url": emulator, "display_name": "Spare", "priority": 5}
    await sync_to_async(usable_model)(people.team, model_id=named("story-rate-0"), **spare)
    heard, generation = await ask("overloaded", display_name="First")
    assert (generation.status, generation.model_name) == ("completed", "Spare")
    assert heard.last_part["messageMetadata"]["model"]["name"] == "Spare"
    assert [(each["model"], each["code"]) for each in generation.metadata["tried"]] == [
        ("First", "provider_server_error")
    ]
    announced = [part["data"] for part in heard.news if part["type"] == "data-attempt"]
    assert announced[-1]["model"] == "Spare"
    rows = [row async for row in Completion.objects.filter(purpose="answer").order_by("created_at")]
    assert [row.error_code for row in rows] == ["provider_server_error", ""]


async def test_another_token_of_the_same_provider_is_tried(ask, people, emulator):
    model: LanguageModel = await sync_to_async(usable_model)(
        people.team, model_id=named("story-rate-0"), base_url=f"{emulator}/v1", token="invalid-first", is_default=True
    )
    second = ProviderToken(provider=model.provider, priority=1)
    await sync_to_async(set_provider_token)(token=second, value="sk-second", by=None)
    heard, generation = await ask("story", is_default=False, priority=9)
    assert (generation.status, generation.model_name) == ("completed", model.display_name)
    assert [each["code"] for each in generation.metadata["tried"]] == ["provider_authentication_failed"]
    assert heard.text


async def test_a_request_that_is_itself_at_fault_is_tried_nowhere_else(ask, people, emulator):
    spare = {"provider_key": "anthropic", "base_url": emulator, "priority": 5}
    await sync_to_async(usable_model)(people.team, model_id=named("story"), **spare)
    _, generation = await ask("policy")
    assert (generation.status, generation.error["code"]) == ("failed", "content_filtered")
    assert await Completion.objects.acount() == 1


async def test_the_prompt_is_what_the_provenance_says(ask, people, emulator):
    from ai_studio.models import Instructions

    await sync_to_async(Instructions.objects.create)(
        level="platform", text="Be kind to {user_name}.", safety="No weapons."
    )
    await sync_to_async(Instructions.objects.create)(level="user", user=people.alice, text="I am a pilot.")
    await sync_to_async(Instructions.objects.create)(level="team", team=people.team, text="We fly.", is_enabled=False)
    _, generation = await ask("echo")
    requests = emulated.received_requests(emulator)
    [request] = [each for each in requests if each["model"] == generation.metadata["requested_model"]][:1]
    system = request["body"]["messages"][0]
    assert system["role"] == "system"
    said = {p["level"]: system["content"][p["start"] : p["end"]] for p in generation.provenance}
    assert said == {"safety": "No weapons.", "user": "I am a pilot.", "platform": "Be kind to Alice."}
    assert factories.PASSWORD not in str(request)
