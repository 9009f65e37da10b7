"""Long chats keep their memory: the beginning is summarised beside the answers, and sent where the text no longer fits."""

from __future__ import annotations

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async

from ai_studio.emulator import testing as emulated
from ai_studio.llm.errors import ServerError
from ai_studio.models import Completion
from chat.generation.summaries import PROMPT
from chat.ids import new_id
from chat.models import Generation, Summary
from tests.integration.background import background_done
from tests.integration.conftest import api_client, usable_model
from tests.integration.long_chats import WINDOW, asked, talk, words
from tests.integration.models import text

pytestmark = pytest.mark.django_db(transaction=True)


# --- Making one -------------------------------------------------------------------------------------------------------


async def test_a_chat_that_outgrows_its_model_is_summarised_beside_the_answers(tab, open_tab, alice, small, model):
    other, session = await open_tab(alice), await tab.new_session()
    await other.command("subscribe", session=session, generation=None, after=None)
    parent = await talk(tab, session, range(1, 7))
    assert model.summary_requests == []
    await talk(tab, session, range(7, 8), parent)
    (request,) = model.summary_requests
    shown = words(request)
    assert shown.startswith("User: Question1 xxx")
    assert "Assistant: Hello.\n\nUser: Question4" in shown
    assert "Question5" not in shown
    summary = await Summary.objects.select_related("message").aget()
    assert (summary.text, summary.model_name, summary.tokens > 5) == ("They spoke of boats.", "Story", True)
    for each in (tab, other):
        frame = await each.until_type("summary")
        assert (frame["session"], frame["message"]) == (session, summary.message_id)
        assert frame["summary"]["text"] == "They spoke of boats."
    async with api_client(alice) as api:
        messages = (await api.get(f"/api/sessions/{session}/messages")).json()["messages"]
    assert [message["summary"] for message in messages] == [None] * 7 + [frame["summary"]] + [None] * 6
    assert messages[7]["id"] == summary.message_id
    purposes = [row.purpose async for row in Completion.objects.order_by("created_at")]
    assert purposes == ["answer", "title", *["answer"] * 6, "summary"]


async def test_it_is_sent_once_the_text_no_longer_fits_and_stays_the_same(tab, small, model):
    session = await tab.new_session()
    parent = await talk(tab, session, range(1, 10))
    assert words(model.requests[-1]).startswith("Question1 ")
    await talk(tab, session, range(10, 12), parent)
    for request in model.requests[-2:]:
        first = request.messages[0].text
        assert "They spoke of boats." in first
        assert "Question5 " in first
        assert "Question4 " not in words(request)
        assert request.messages[-1].text.startswith("Question1")
    assert model.requests[-2].messages == model.requests[-1].messages[:-2]
    told = [row.metadata["summarised"] async for row in Generation.objects.order_by("created_at")]
    summary = await Summary.objects.order_by("created_at").afirst()
    assert summary is not None
    assert told == [None] * 9 + [summary.message_id] * 2


async def test_the_next_one_begins_with_the_one_before(tab, small, model):
    session = await tab.new_session()
    parent = await talk(tab, session, range(1, 11))
    model.summary = text("They spoke of boats and birds.")
    await talk(tab, session, range(11, 12), parent)
    assert len(model.summary_requests) == 2
    shown = words(model.summary_requests[1])
    assert shown.startswith("Summary of what came before:\nThey spoke of boats.\n\nUser: Question5 ")
    assert await Summary.objects.acount() == 2


async def test_a_model_with_a_smaller_window_is_shown_it_by_parts(tab, small, model, people):
    session = await tab.new_session()
    await talk(tab, session, range(1, 7))
    tiny = await sync_to_async(usable_model)(people.team, display_name="Tiny", context_window=1_000)
    switched = await tab.command("switch", session=session, model=tiny.pk, agent=None)
    await talk(tab, session, range(7, 8), switched["session"]["leaf"])
    assert len(model.summary_requests) > 1
    assert all(len(words(request)) < 3 * 1_000 for request in model.summary_requests)
    assert "Question1 " in words(model.summary_requests[0])
    assert words(model.summary_requests[1]).startswith("Summary of what came before:\nThey spoke of boats.")
    assert await Summary.objects.acount() == 1


@pytest.mark.parametrize(
    "summary",
    [[ServerError("x")], [*text("Half")[:2], ServerError("x")], text(" \n ")],
    ids=["failed", "cut off", "blank"],
)
async def test_a_failure_changes_nothing_and_the_next_answer_tries_again(tab, small, model, summary, caplog):
    model.summary = summary
    session = await tab.new_session()
    parent = await talk(tab, session, range(1, 11))
    assert not await Summary.objects.aexists()
    assert len(model.summary_requests) >= 4
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    last = model.requests[-1].messages
    assert (last[0].text[:10], last[-1].text[:11]) == ("Question2 ", "Question10 ")
    model.summary = text("They spoke of boats.")
    await talk(tab, session, range(11, 12), parent)
    assert await Summary.objects.acount() == 1


async def test_never_two_at_once(tab, small, model):
    gate = asyncio.Event()
    model.summary = [gate, *text("They spoke of boats.")]
    session = await tab.new_session()
    parent = await talk(tab, session, range(1, 7))
    for number in (7, 8):
        parent = (await tab.ask(session, asked(number), parent=parent))["answer"]["id"]
    while not model.summary_requests:
        await asyncio.sleep(0)
    await tab.pending()
    gate.set()
    await background_done()
    assert len(model.summary_requests) == 1
    assert await Summary.objects.acount() == 1


async def test_they_can_be_switched_off(tab, small, model, settings):
    settings.SUMMARIES = False
    await talk(tab, await tab.new_session(), range(1, 9))
    assert model.summary_requests == []


async def test_a_chat_that_was_deleted_meanwhile_is_no_trouble(tab, alice, small, model, caplog):
    gate = asyncio.Event()
    model.summary = [gate, *text("Too late")]
    session = await tab.new_session()
    parent = await talk(tab, session, range(1, 7))
    await tab.ask(session, asked(7), parent=parent)
    while not model.summary_requests:
        await asyncio.sleep(0)
    async with api_client(alice) as api:
        await api.delete(f"/api/sessions/{session}")
    gate.set()
    await background_done()
    assert not await Summary.objects.aexists()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_temporary_chat_has_a_memory_too_which_goes_with_it(tab, alice, small, model):
    session = new_id()
    await tab.command("create", session=session, model=None, agent=None, folder=None, temporary=True)
    await talk(tab, session, range(1, 8))
    assert await Summary.objects.acount() == 1
    async with api_client(alice) as api:
        await api.delete(f"/api/sessions/{session}")
    assert not await Summary.objects.aexists()


# --- The emulator -----------------------------------------------------------------------------------------------------


def said_to(request: dict) -> str:
    return json.dumps(request["body"]["messages"])


async def test_over_real_http_every_question_is_answered(open_tab, people, emulator: str):
    await sync_to_async(usable_model)(
        people.team, base_url=f"{emulator}/v1", model_id="story-rate-0", context_window=WINDOW, is_default=True
    )
    emulated.reset(emulator)
    tab = await open_tab(people.alice)
    session, parent = await tab.new_session(), None
    for number in range(1, 9):
        sent = await tab.ask(
            session, f"Tell me of walrus{number} {'x' * 200}".replace("walrus1 ", "wombats "), parent=parent
        )
        assert tab.generations[sent["generation"]].last_part["type"] == "finish"
        parent = sent["answer"]["id"]
        await background_done()
    requests = [request for request in emulated.received_requests(emulator) if "messages" in request["body"]]
    summarising = [request for request in requests if PROMPT in request["body"]["messages"][0]["content"]]
    assert summarising
    assert "wombats" in said_to(summarising[0])
    answers = [request for request in requests if "walrus8" in said_to(request) and request not in summarising]
    sent_text = said_to(answers[-1])
    assert "The user asked about:" in sent_text
    assert "Tell me of wombats" not in sent_text
    assert "wombats" in sent_text
