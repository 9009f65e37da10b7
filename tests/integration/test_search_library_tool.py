"""The tool that searches an agent's library: its own, and nobody else's."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from ai_studio.models import Agent
from ai_studio.tools.base import ToolContext, ToolFailed
from ai_studio.tools.search_library import run
from chat.models import Message
from tests import factories
from tests.factories import People
from tests.integration.conftest import usable_model
from tests.integration.libraries import make_document, make_library

pytestmark = pytest.mark.django_db(transaction=True)

CONTRACT = "The notice period of the contract is ninety days."


@pytest.fixture
def librarian(people: People) -> Agent:
    library = make_library(people.team, max_tokens=1)
    make_document(library, CONTRACT, "contract.txt")
    make_document(library, "The office opens at nine.", "hours.txt")
    return factories.make_agent(people.team, name="Librarian", library=library, tools=["search_library"])


def context(people: People, agent: Agent) -> ToolContext:
    return ToolContext(people.alice.pk, people.team.pk, agent.pk)


async def test_passages_come_with_their_documents(people, librarian):
    (found,) = await run(context(people, librarian), {"query": "notice period"})
    assert found == {"document": "contract.txt", "position": 0, "text": CONTRACT}
    assert await run(context(people, librarian), {"query": "zebra"}) == []


@pytest.mark.parametrize("arguments", [{}, {"query": " "}, {"query": 7}])
async def test_without_a_query_it_says_what_to_do(people, librarian, arguments):
    with pytest.raises(ToolFailed, match="Say in `query`"):
        await run(context(people, librarian), arguments)


async def test_an_agent_without_a_library_or_of_another_team_finds_nothing(people, librarian):
    bare = await sync_to_async(factories.make_agent)(people.team)
    with pytest.raises(ToolFailed, match="no library"):
        await run(context(people, bare), {"query": "notice"})
    with pytest.raises(ToolFailed, match="no library"):
        await run(ToolContext(people.charlie.pk, people.other_team.pk, librarian.pk), {"query": "notice"})


async def test_a_document_too_long_for_the_prompt_is_found_by_the_model(open_tab, people, librarian, emulator):
    model = await sync_to_async(usable_model)(
        people.team,
        model_id="openai-tool-call-1-rate-0",
        base_url=f"{emulator}/v1",
        is_default=True,
        capabilities=["tools"],
    )
    tab = await open_tab(people.alice)
    sent = await tab.ask(await tab.new_session(agent=librarian.pk, model=model.pk), "What is the notice period?")
    call, answer = (await Message.objects.aget(generation=sent["generation"])).parts
    assert call["toolName"] == "search_library"
    assert [each["document"] for each in call["output"]] == ["contract.txt"]
    assert "ninety days" in answer["text"]
