"""What an answer cites, through LiteLLM and over real HTTP, in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ai_studio.llm import SourceCited
from tests.contract.llm_asking import PROVIDERS, ask, listen, text

if TYPE_CHECKING:
    from ai_studio.llm.litellm_client import LiteLLMClient


@pytest.mark.parametrize(
    "provider", sorted(set(PROVIDERS) - {"synthetic"})
)  # LiteLLM's own stream of that one has none
async def test_sources_come_with_the_answer(emulator: str, client: LiteLLMClient, provider: str) -> None:
    events = await listen(client, ask(emulator, provider, "tokens-9-sources-2-rate-0", "About boats"))
    assert text(events)
    assert [event for event in events if isinstance(event, SourceCited)] == [
        SourceCited("https://www.source1.example/read?page=1", "About boats, part 1"),
        SourceCited("https://www.source2.example/read?page=2", "About boats, part 2"),
    ]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_sources_come_through_litellms_iterator(
    emulator: str, client: LiteLLMClient, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ai_studio.llm import litellm_client

    monkeypatch.setattr(litellm_client, "PATHS", {})
    events = await listen(client, ask(emulator, provider, "tokens-9-sources-2-rate-0", "About boats"))
    assert [event.title for event in events if isinstance(event, SourceCited)] == [
        "About boats, part 1",
        "About boats, part 2",
    ]
