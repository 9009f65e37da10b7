"""Asking several models at once."""

from __future__ import annotations

from ai_studio.models import LanguageModel
from tests.integration.tabs import Tab


async def send(tab: Tab, session: str, *models: LanguageModel, parent: str | None = None, words: str = "Hello"):
    beside = [model.pk for model in models]
    return await tab.command("send", session=session, parent=parent, text=words, beside=beside)


def generations(result) -> list[str]:
    return [result["generation"], *(answer["generation"]["id"] for answer in result["beside"])]
