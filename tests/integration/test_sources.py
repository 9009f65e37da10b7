"""What an answer cites: streamed, stored, exported and shared, and never sent back to a model."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from ai_studio.ids import new_id
from ai_studio.llm import SourceCited, TextDelta
from chat import exporting, parts
from chat.models import Generation, Message, Session
from tests import factories
from tests.factories import People
from tests.integration.conftest import OpenTab
from tests.integration.models import FINISHED, STARTED, PacedModel, text
from tests.integration.rest import post

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = parts.source(1, url="https://www.a.example/one?x=1&y=<2>", title="The [first] <b>one</b>")
DOCUMENT = parts.source(2, url="", title="Handbook")


async def test_sources_are_streamed_and_stored_and_no_model_gets_them(open_tab: OpenTab, people, model: PacedModel):
    cited = [SourceCited(PAGE["url"], PAGE["title"]), SourceCited("", "Handbook")]
    model.will_say([STARTED, TextDelta("So it")], cited, [TextDelta(" is."), FINISHED])
    model.will_say(*text("Yes."))
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    sent = await tab.ask(session)
    news = tab.generations[sent["generation"]].news
    assert [part for part in news if part["type"] in parts.SOURCES] == [PAGE, DOCUMENT]
    stored = await Message.objects.aget(generation=sent["generation"])
    assert stored.parts == [{"type": "text", "text": "So it is."}, PAGE, DOCUMENT]
    await tab.ask(session)
    assert all("a.example" not in str(request.messages) for request in model.requests)
    exported = await sync_to_async(lambda: exporting.as_json(Session.objects.get(pk=session)))()
    assert exported["messages"][1]["parts"] == stored.parts


@pytest.fixture
def session(people: People) -> Session:
    session = factories.make_session(people.alice, title="Sources")
    question = factories.make_message(session, "What is it?")
    answer = factories.make_message(session, "It is.", role="assistant", parent=question)
    answer.parts = [{"type": "text", "text": "It is."}, PAGE, DOCUMENT]
    answer.save()
    Generation.objects.create(id=new_id(), session=session, message=answer, status="completed")
    return session


def test_markdown_lists_them_under_the_answer(session):
    assert exporting.markdown(session).endswith(
        "It is.\n\nSources:\n\n"
        "1. [The \\[first\\] \\<b\\>one\\</b\\>](<https://www.a.example/one?x=1&y=%3C2%3E>)\n"
        "2. Handbook\n"
    )


def test_a_shared_page_lists_them(api, session):
    made = post(api, f"/api/sessions/{session.pk}/shares", {"audience": "anyone", "live": False})
    page = Client().get(made.json()["path"]).content.decode()
    assert 'href="https://www.a.example/one?x=1&amp;y=&lt;2&gt;" target="_blank" rel="noopener noreferrer"' in page
    assert "The [first] &lt;b&gt;one&lt;/b&gt;" in page
    assert "<bdi>Handbook</bdi>" in page
