"""The outline of a chat: every message of every branch, by its first words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.integration.conftest import api_client
from tests.integration.rest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_outline_is_the_whole_tree_by_its_first_words(open_tab, alice, model):
    tab = await open_tab(alice)
    session = await tab.new_session()
    first = await tab.ask(session, "First")
    second = await tab.ask(session, "Edited", parent=None)
    long = await tab.ask(session, "More\n\nand " + "more " * 100, parent=second["answer"]["id"])
    async with api_client(alice) as api:
        outline = (await api.get(f"/api/sessions/{session}/outline")).json()
    assert outline["leaf"] == long["answer"]["id"]
    assert [one["id"] for one in outline["messages"]] == [
        result[kind]["id"] for result in (first, second, long) for kind in ("message", "answer")
    ]
    assert [one["parent"] for one in outline["messages"][:3]] == [None, first["message"]["id"], None]
    assert outline["messages"][0] == {"id": first["message"]["id"], "parent": None, "role": "user", "words": "First"}
    assert outline["messages"][4]["words"].startswith("More and more more")
    assert len(outline["messages"][4]["words"]) <= 80


def test_the_outline_reads_all_messages_at_once(alice):
    session = factories.make_session(alice)
    parent = None
    for number in range(30):
        parent = factories.make_message(session, f"Message {number}", parent=parent)
    client = signed_in(alice)
    with CaptureQueriesContext(connection) as asked:
        outline = client.get(f"/api/sessions/{session.pk}/outline").json()
    assert len(outline["messages"]) == 30
    assert len([query for query in asked if "chat_message" in query["sql"]]) == 1
