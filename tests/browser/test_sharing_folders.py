"""A folder is shared in its dialog, read by a stranger, and gone on with by a team mate."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, expect

from tests import servers
from tests.browser.chat import Chat, Watch, request, sign_in
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def folder(context: BrowserContext) -> AsyncIterator[dict[str, Any]]:
    made = await (await request(context, "POST", "/api/folders", {"name": "Botany"})).json()
    yield made
    await request(context, "DELETE", f"/api/folders/{made['id']}", None)


async def shared(chat: Chat, audience: str) -> str:
    await chat.page.locator(".folder-head").filter(has_text="Botany").hover()
    await chat.page.get_by_role("button", name="Options of Botany", exact=True).click()
    await chat.page.get_by_role("menuitem", name="New chat in here").click()
    await chat.ask("Tell of mosses. /emulate rate-0")
    await chat.page.locator(".folder-head").filter(has_text="Botany").hover()
    await chat.page.get_by_role("button", name="Options of Botany", exact=True).click()
    await chat.page.get_by_role("menuitem", name="Share…").click()
    dialog = chat.page.get_by_role("dialog", name="Share Botany")
    await expect(dialog.get_by_text("also those that come later")).to_be_visible()
    await expect(dialog.get_by_label("What they see")).to_have_count(0)
    await dialog.get_by_label("Who can read it").select_option(audience)
    await dialog.get_by_role("button", name="Make a link").click()
    return await dialog.get_by_label("Address of the link").input_value()


async def test_a_stranger_reads_the_chats_of_a_folder_on_a_phone(
    folder: dict[str, Any], chat: Chat, browser: Browser, studio: servers.StudioServer
) -> None:
    address = await shared(chat, "anyone")
    stranger = await browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    watch = Watch(stranger, studio.base_url)
    page = await stranger.new_page()
    await page.goto(address)
    await expect(page.get_by_role("heading", name="Botany")).to_be_visible()
    assert await findings(page) == []
    await page.get_by_role("listitem").get_by_role("link").click()
    await expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    await expect(page.get_by_role("button", name="Go on in a chat of your own")).to_have_count(0)
    await page.get_by_role("link", name="Botany").click()
    await expect(page.get_by_role("listitem")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert watch.reports == []
    mark = chat.page.locator(".folder-head").get_by_role("img", name="Others can read what is in here")
    await expect(mark).to_have_count(1)
    await chat.page.get_by_role("dialog").get_by_role("button", name="End the link").click()
    await expect(mark).to_have_count(0)
    await expect(chat.page.get_by_label("Address of the link")).to_have_count(0)
    gone = await page.reload()
    assert gone is not None
    assert gone.status == 404
    await stranger.close()


async def test_a_team_mate_goes_on_in_a_chat_of_their_own(
    folder: dict[str, Any], chat: Chat, browser: Browser, studio: servers.StudioServer
) -> None:
    address = await shared(chat, "team")
    mate = await browser.new_context(base_url=studio.base_url)
    watch = Watch(mate, studio.base_url)
    page = await mate.new_page()
    await page.goto("/")
    await sign_in(page, "bob@example.com", studio.admin_password)
    await page.goto(address)
    await page.locator(".reading-list a").first.click()
    assert await findings(page) == []
    await page.get_by_role("button", name="Go on in a chat of your own").click()
    own = Chat(page)
    await expect(page).to_have_url(re.compile(r"/c/[\w-]{16,64}$"))
    await expect(own.questions.first).to_contain_text("Tell of mosses.")
    await own.ask("And of ferns? /emulate rate-0")
    assert [message["role"] for message in await own.stored()] == ["user", "assistant"] * 2
    assert await chat.questions.count() == 1
    assert watch.reports == []
    await mate.close()
