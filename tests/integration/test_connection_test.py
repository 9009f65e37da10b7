"""Test connection: a real call from an admin page, over HTTP through LiteLLM, told step by step."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.urls import reverse

from ai_studio import connection_test, cooldown
from ai_studio.emulator import testing as emulated
from ai_studio.emulator.scripts import expected_text
from ai_studio.llm.advice import ADVICE
from ai_studio.llm.errors import LLMError
from ai_studio.models import Completion, Provider, ProviderToken, SecurityEvent
from chat.failures import MODEL_CALL_TEXTS
from tests.factories import make_user
from tests.integration.admin_world import World, make_world
from tests.integration.connection_testing import CANARY, address, client_of, steps_of, stored
from tests.integration.test_admin_tokens import everything_in_the_database

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta"}


@pytest.mark.parametrize("wire", FORMATS)
async def test_a_call_that_works(root: AsyncClient, emulator: str, wire: str):
    model, token = await stored("story-rate-0", f"{emulator}{FORMATS[wire]}", wire=wire)
    steps = await steps_of(root, model, token=token.pk, model=model.model_id)
    assert [step["type"] for step in steps[:3]] == ["Connected", "FirstToken", "Said"]
    said = "".join(step["text"] for step in steps if step["type"] == "Said")
    assert said == expected_text(model.model_id, "Hello?")
    worked = steps[-1]
    assert worked["type"] == "Worked"
    assert (worked["actual_model"], worked["finish_reason"], worked["is_estimated"]) == (model.model_id, "stop", False)
    cost = (worked["input_tokens"] * 2 + worked["output_tokens"] * 10) / 1_000_000
    assert float(worked["cost"]) == pytest.approx(cost)
    assert 0 <= steps[0]["milliseconds"] <= steps[1]["milliseconds"] <= worked["duration_ms"]
    row = await Completion.objects.aget()
    assert (row.purpose, row.model_id, row.token_id, row.error_code) == ("test", model.pk, token.pk, "")
    assert (row.output_tokens, row.team_id) == (worked["output_tokens"], None)
    logged = await SecurityEvent.objects.aget(event="token_tested")
    assert (logged.actor, logged.subject_id) == ("root@example.com", token.pk)
    await token.arefresh_from_db()
    assert token.last_used_at is not None
    assert not token.is_failing


async def test_reasoning_is_told_apart(root: AsyncClient, emulator: str):
    model, token = await stored("reasoning-5-rate-0", emulator, wire="anthropic")
    steps = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert {step["is_reasoning"] for step in steps if step["type"] == "Said"} == {True, False}
    assert steps[-1]["type"] == "Worked"


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("error-401", "provider_authentication_failed"),
        ("error-404", "model_not_found"),
        ("error-429", "provider_rate_limited"),
        ("quota", "provider_quota_exhausted"),
        ("error-500", "provider_server_error"),
        ("html", "provider_malformed_response"),
        ("disconnect", "provider_connection_failed"),
        ("policy", "content_filtered"),
        ("tokens-30-cut-10-rate-0", "stream_interrupted"),
    ],
)
async def test_a_failure_says_what_it_is_and_what_to_do(root: AsyncClient, emulator: str, behaviour: str, code: str):
    model, token = await stored(behaviour, f"{emulator}/v1")
    steps = await steps_of(root, token, token=token.pk, model=model.model_id)
    failed = steps[-1]
    assert (failed["type"], failed["code"], failed["advice"]) == ("Failed", code, ADVICE[code])
    assert CANARY not in str(steps)
    row = await Completion.objects.aget()
    assert (row.purpose, row.error_code) == ("test", code)
    asked = [each for each in emulated.received_requests(emulator) if each["model"] == model.model_id]
    assert len(asked) == 1  # nothing is tried twice: the first failure is the news
    await token.arefresh_from_db()
    assert token.is_failing == (code not in {"model_not_found", "content_filtered", "stream_interrupted"})


async def test_the_key_is_not_in_the_providers_own_words(root: AsyncClient, emulator: str, caplog: Any):
    caplog.set_level("DEBUG")
    model, token = await stored("story", f"{emulator}/v1", key=f"invalid-{CANARY}")
    steps = await steps_of(root, model, token=token.pk, model=model.model_id)
    assert steps[-1]["code"] == "provider_authentication_failed"
    assert steps[-1]["detail"]
    await token.arefresh_from_db()
    row = await Completion.objects.aget()
    assert token.last_error_detail
    assert CANARY not in f"{steps} {row.error_detail} {token.last_error_detail} {caplog.text}"
    lists = ["ai_studio_providertoken_changelist", "ai_studio_completion_changelist", "ai_studio_provider_changelist"]
    paths = [reverse(f"admin:{name}") for name in lists]
    paths += [
        reverse(f"admin:ai_studio_{each._meta.model_name}_change", args=[each.pk])
        for each in (token, model, await Provider.objects.aget(pk=model.provider_id), row)
    ]
    for path in paths:
        page = await root.get(path)
        assert page.status_code == 200
        assert CANARY not in page.content.decode(), path
    assert CANARY not in await sync_to_async(everything_in_the_database)()


async def test_a_base_url_that_is_no_api(root: AsyncClient, emulator: str):
    model, token = await stored("story", f"{emulator}/_emulator")
    steps = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert steps[-1]["code"] in {"model_not_found", "provider_malformed_response"}
    assert "base URL" in steps[-1]["advice"]


async def test_nobody_at_the_address(root: AsyncClient):
    model, token = await stored("story", "http://127.0.0.1:9/v1")
    [failed] = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert failed["code"] == "provider_connection_failed"


async def test_a_token_that_does_not_open(root: AsyncClient, emulator: str):
    model, token = await stored("story", f"{emulator}/v1")
    await ProviderToken.objects.filter(pk=token.pk).aupdate(ciphertext="broken")
    [failed] = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert failed["code"] == "provider_token_unreadable"


async def test_whoever_leaves_closes_the_call(emulator: str):
    model, token = await stored("story-rate-20", f"{emulator}/v1")
    user = await sync_to_async(make_user)()
    provider = await Provider.objects.aget(pk=model.provider_id)
    route = await sync_to_async(connection_test.route_to)(provider, token, model.model_id)
    await sync_to_async(connection_test.load)()
    steps = connection_test.run(route, user_id=user.pk, prompt="Hello?")
    async for step in steps:
        if isinstance(step, connection_test.Said):
            break  # in the middle of the answer: the steps come while it is written
    await steps.aclose()
    await asyncio.to_thread(emulated.wait_for_streams, emulator, "closed_by_client", model=model.model_id)
    row = await Completion.objects.aget()
    assert (row.error_code, row.is_estimated) == ("", True)


async def test_what_has_just_worked_rests_no_more(root: AsyncClient, emulator: str):
    model, token = await stored("story-fail-429-1-rate-0", f"{emulator}/v1")
    for is_resting in (True, False):
        await steps_of(root, token, token=token.pk, model=model.model_id)
        assert (token.pk in cooldown.rests([token.pk])) == is_resting


async def test_a_model_that_is_not_in_the_catalogue_yet(root: AsyncClient, emulator: str):
    model, token = await stored("story", f"{emulator}/v1")
    await model.adelete()
    steps = await steps_of(root, token, token=token.pk, model="typed-tokens-3-rate-0")
    assert (steps[-1]["type"], steps[-1]["output_tokens"], steps[-1]["cost"]) == ("Worked", 3, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"token": "no-such-token"},
        {"model": "of-another-provider"},
        {"prompt": " "},
        {"prompt": "x" * 1001},
    ],
)
async def test_what_can_not_be_tested_is_said(root: AsyncClient, emulator: str, fields: dict[str, str]):
    model, token = await stored("story", f"{emulator}/v1")
    sent = {"token": token.pk, "model": model.model_id, "prompt": "Hello?"} | fields
    response = await root.post(address(model), sent)
    assert response.status_code == 400
    assert response.json()["text"]
    assert not await Completion.objects.aexists()


@pytest.mark.parametrize(
    ("person", "open_to"),
    [
        ("platform admin", {"own", "foreign", "platform", "provider", "model"}),
        ("owner", {"own"}),
        ("team admin", {"own"}),
        ("member", set()),
        ("stranger", {"foreign"}),
        ("anonymous", set()),
    ],
)
async def test_who_may_test_what(person: str, open_to: set[str]):
    world: World = await sync_to_async(make_world)()
    client = AsyncClient() if person == "anonymous" else await client_of(world.people[person])
    rows = {
        "own": world.rows[ProviderToken],
        "foreign": world.foreign[ProviderToken],
        "platform": world.platform[ProviderToken],
        "provider": world.provider,
        "model": world.model,
    }
    # An empty message is refused after everything else has been allowed, and before anything is called.
    statuses = {name: (await client.post(address(row), {"prompt": ""})).status_code for name, row in rows.items()}
    refused = 302 if person in {"member", "anonymous"} else 404
    assert statuses == {name: 400 if name in open_to else refused for name in rows}
    assert (await client.get(address(rows["own"]))).status_code in {302, 403, 405}


async def test_a_request_from_elsewhere_is_refused(emulator: str):
    world: World = await sync_to_async(make_world)()
    client = AsyncClient(enforce_csrf_checks=True)
    await sync_to_async(client.force_login)(
        world.people["platform admin"], backend="django.contrib.auth.backends.ModelBackend"
    )
    response = await client.post(address(world.model), {"prompt": "Hello?"})
    assert response.status_code == 403


def test_there_is_advice_for_every_error():
    assert ADVICE.keys() == MODEL_CALL_TEXTS.keys()
    assert all(kind.code in ADVICE for kind in _descendants(LLMError))


def _descendants(kind: type[LLMError]) -> list[type[LLMError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _descendants(child))]
