"""A session is named after its first answer, in the background."""

from __future__ import annotations

import asyncio

import pytest

from ai_studio.llm.errors import ServerError
from ai_studio.models import Completion
from chat.generation.titles import clean
from chat.models import Session
from tests.integration.background import background_done
from tests.integration.conftest import api_client
from tests.integration.models import text
from tests.integration.tabs import Tab

pytestmark = pytest.mark.django_db(transaction=True)


async def until_title(tab: Tab, title: str) -> None:
    await tab.until(lambda frame: frame["type"] == "session" and frame["session"]["title"] == title)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Monads explained", "Monads explained"),
        ('"Monads explained."', "Monads explained"),
        ("# Monads explained\n\nI chose this because", "Monads explained"),
        ("\n\n  „Monaden“  ", "Monaden"),
        ("**Monads**", "Monads"),
        ("x" * 200, "x" * 80),
        ("", ""),
        (" \n ", ""),
        ("日本語のタイトル", "日本語のタイトル"),
    ],
)
def test_a_title_is_cleaned_of_what_models_put_around_it(said, title):
    assert clean(said) == title


async def test_the_first_answer_gives_the_session_its_name_in_every_tab(open_tab, alice, model):
    model.title = text('"Greetings', ' and more."')
    tab, other = await open_tab(alice), await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.ask(session, "Hello there\nsecond line")
    assert sent["session"]["title"] == "Hello there"
    await until_title(tab, "Greetings and more")
    await until_title(other, "Greetings and more")
    asked = model.title_requests[0].messages[0].text
    assert "User: Hello there" in asked
    assert "Assistant: Hello." in asked
    await background_done()
    rows = [row.purpose async for row in Completion.objects.order_by("created_at")]
    assert rows == ["answer", "title"]


async def test_only_the_first_answer_asks_for_one(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    await until_title(tab, "A title")
    await tab.ask(session, parent=first["answer"]["id"])
    await tab.ask(session, parent=None)
    await background_done()
    assert (await Session.objects.aget(pk=session)).title == "A title"


async def test_a_long_first_line_is_cut_for_the_time_being(open_tab, alice, model):
    tab = await open_tab(alice)
    sent = await tab.say(await tab.new_session(), "  " + "word " * 100)
    assert len(sent["session"]["title"]) <= 60
    assert sent["session"]["title"].startswith("word word")


async def test_a_name_that_was_chosen_meanwhile_stays(open_tab, alice, model):
    gate = asyncio.Event()
    model.title = [gate, *text("The model's")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    await tab.ask(session)
    while not model.title_requests:
        await asyncio.sleep(0)
    async with api_client(alice) as api:
        await api.patch(f"/api/sessions/{session}", json={"title": "Mine"})
    gate.set()
    await background_done()
    assert (await Session.objects.aget(pk=session)).title == "Mine"


async def test_a_session_with_a_chosen_name_asks_for_none(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    async with api_client(alice) as api:
        await api.patch(f"/api/sessions/{session}", json={"title": "Mine"})
    await tab.ask(session)
    await background_done()
    assert model.title_requests == []


@pytest.mark.parametrize("title", [[ServerError("x")], text(""), text(" \n ")], ids=["failed", "empty", "blank"])
async def test_without_a_title_the_first_words_stay(open_tab, alice, model, title):
    model.title = title
    tab = await open_tab(alice)
    session = await tab.new_session()
    await tab.ask(session, "What is a monad?")
    await background_done()
    assert (await Session.objects.aget(pk=session)).title == "What is a monad?"


async def test_a_stopped_or_failed_answer_names_nothing(open_tab, alice, model):
    model.will_wait("Hm")
    tab = await open_tab(alice)
    session = await tab.new_session()
    sent = await tab.say(session)
    await tab.until_text(sent["generation"], "Hm")
    await tab.command("stop", generation=sent["generation"])
    await background_done()
    assert model.title_requests == []


async def test_titles_can_be_switched_off(open_tab, alice, model, settings):
    settings.TITLES = False
    tab = await open_tab(alice)
    await tab.ask(await tab.new_session())
    await background_done()
    assert model.title_requests == []


async def test_a_session_that_was_deleted_meanwhile_is_no_trouble(open_tab, alice, model, caplog):
    gate = asyncio.Event()
    model.title = [gate, *text("Too late")]
    tab = await open_tab(alice)
    session = await tab.new_session()
    await tab.ask(session)
    while not model.title_requests:
        await asyncio.sleep(0)
    async with api_client(alice) as api:
        await api.delete(f"/api/sessions/{session}")
    gate.set()
    await background_done()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
