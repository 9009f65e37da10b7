"""Tools over real HTTP, in each format: the emulator calls them, and demands what the providers demand."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from chat.models import Message
from tests import factories
from tests.integration.conftest import usable_model

pytestmark = pytest.mark.django_db(transaction=True)


async def parts_of(generation: str) -> list[dict]:
    return (await Message.objects.aget(generation=generation)).parts


@pytest.mark.parametrize(
    ("family", "path", "name"),
    [
        ("openai", "/v1", "openai"),
        ("anthropic", "", "claude-sonnet-4-5-reasoning-8"),
        ("gemini", "/v1beta", "gemini-3-pro-reasoning-8"),
    ],
)
async def test_over_real_http_in_each_format(open_tab, people, emulator, family, path, name):
    """Those that think get their thoughts back, signed: the emulator demands it as they do."""
    model = await sync_to_async(usable_model)(
        people.team, model_id=f"{name}-tool-call-2-rate-0", provider_key=family, base_url=f"{emulator}{path}",
        is_default=True, capabilities=["tools"], parameters={"reasoning_effort": "low"},
    )  # fmt: skip
    agent = await sync_to_async(factories.make_agent)(people.team, tools=["current_time"])
    emulated.reset(emulator)
    tab = await open_tab(people.alice)
    session = await tab.new_session(agent=agent.pk, model=model.pk)
    sent = await tab.ask(session, "What time is it?")
    kept = await parts_of(sent["generation"])
    *calls, answer = (part for part in kept if part["type"] != "reasoning")
    assert not [word for word in ("signature", "__thought__") if word in str(kept)]
    _, second, *_ = (each["body"] for each in emulated.received_requests(emulator) if each["body"].get("tools"))
    assert family != "anthropic" or second["messages"][1]["content"][0]["signature"]
    assert [call["output"]["time_zone"] for call in calls] == ["Europe/Lisbon"] * 2
    assert answer["text"].count("Europe/Lisbon") == 2
    again = await tab.ask(session, "And now?", parent=sent["answer"]["id"])
    types = [part["type"] for part in await parts_of(again["generation"]) if part["type"] != "reasoning"]
    assert types == ["dynamic-tool", "dynamic-tool", "text"]
