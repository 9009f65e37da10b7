"""What an answer cites: a folded list under it, that loads nothing by itself."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_sources_are_listed_under_the_answer(chat: Chat) -> None:
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    answer = await chat.ask("About boats /emulate tokens 9 sources 2 rate 0")
    sources = answer.locator("details.sources")
    await expect(sources.locator("summary")).to_have_text("2 sources")
    await expect(sources.get_by_role("link")).to_have_count(0)
    await sources.locator("summary").press("Enter")
    links = sources.get_by_role("link")
    await expect(links).to_have_count(2)
    await expect(links.first).to_have_attribute("href", "https://www.source1.example/read?page=1")
    await expect(links.first).to_have_attribute("rel", "noopener noreferrer")
    await expect(links.first).to_have_attribute("target", "_blank")
    await expect(sources.locator("li").first).to_contain_text("source1.example")
    assert await findings(chat.page) == []
    await chat.page.reload()
    await expect(sources.locator("summary")).to_have_text("2 sources")
    assert not [url for url in asked if ".example" in url]
