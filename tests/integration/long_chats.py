"""Chats that outgrow their model."""

from __future__ import annotations

from ai_studio.llm import CompletionRequest
from tests.integration.background import background_done
from tests.integration.tabs import Tab

WINDOW = 2_000
"""1,500 tokens of it are for the history. A question of `asked` takes 150, so the seventh answer is the first to be summarised after."""


def asked(number: int, *, characters: int = 450) -> str:
    return f"Question{number} ".ljust(characters, "x")


async def talk(tab: Tab, session: str, numbers: range, parent: str | None = None, *, characters: int = 450) -> str:
    """Asks one question after the other, each when everything beside the answer before has ended: the last answer's id."""
    for number in numbers:
        sent = await tab.ask(session, asked(number, characters=characters), parent=parent)
        parent = sent["answer"]["id"]
        await background_done()
    assert parent is not None
    return parent


def words(request: CompletionRequest) -> str:
    return " ".join(message.text for message in request.messages)
