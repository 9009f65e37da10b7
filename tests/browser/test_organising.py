"""Finding chats and putting them in order, as a person does it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.chat import Chat
from tests.servers import StudioServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_message_is_found_and_gone_to_by_keyboard_alone(chat: Chat) -> None:
    await chat.ask("A question about a Mönchsgrasmücke. /emulate rate-0")
    session = await chat.session()
    await chat.page.get_by_role("button", name="New chat").first.click()
    await chat.page.keyboard.press("Control+Shift+F")
    field = chat.page.get_by_role("combobox", name="Search your chats")
    await expect(field).to_be_focused()
    await chat.page.keyboard.type("monchsgras question")
    hits = chat.page.get_by_role("listbox", name="Results").get_by_role("option")
    await expect(hits.filter(has_text="Mönchsgrasmücke").locator("mark").first).to_be_visible()
    for _ in range(await hits.count() - 1):
        await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("Enter")
    await expect(chat.page).to_have_url(re.compile(f"/c/{session}#[A-Za-z0-9_-]+$"))
    await expect(chat.page.get_by_role("dialog")).to_have_count(0)
    await expect(chat.page.locator(".aimed")).to_be_in_viewport()


async def test_words_that_are_nowhere_say_so_and_escape_gives_the_focus_back(chat: Chat) -> None:
    opener = chat.page.get_by_role("button", name="Search", exact=True)
    await opener.click()
    await chat.page.get_by_role("combobox", name="Search your chats").fill("xyzzy-nowhere")
    await expect(chat.page.get_by_role("status").filter(has_text="Nothing is found")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.get_by_role("dialog")).to_have_count(0)
    await expect(opener).to_be_focused()


async def test_the_search_is_narrowed_down_to_archived_chats(chat: Chat) -> None:
    await chat.ask("Gartenbaumläufer seen. /emulate rate-0")
    session = await chat.session()
    await chat.do(chat.page.locator(f".session[data-session='{session}'], [data-session='{session}']").first, "Archive")
    await chat.message.press("Control+Shift+F")
    await chat.page.get_by_role("combobox", name="Search your chats").fill("gartenbaumlaufer")
    hits = chat.page.get_by_role("listbox", name="Results").get_by_role("option")
    await expect(hits.filter(has_text="Gartenbaumläufer").first).to_be_visible()
    place = chat.page.get_by_role("combobox", name="Where")
    await place.select_option(label="Not archived")
    await expect(chat.page.get_by_role("status").filter(has_text="Nothing is found")).to_be_visible()
    await place.select_option(label="Archived")
    await expect(hits.filter(has_text="Gartenbaumläufer").first).to_be_visible()


async def test_a_folder_is_made_and_new_chats_begin_in_it(chat: Chat, context: BrowserContext) -> None:
    await chat.page.get_by_role("button", name="Options of the list").click()
    await chat.page.get_by_role("menuitem", name="New folder").click()
    dialog = chat.page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Ornithology")
    await dialog.get_by_label("Agent of new chats").select_option(label="Code reviewer")
    await dialog.get_by_role("button", name="Make the folder").click()
    folder = chat.page.locator(".folder").filter(has_text="Ornithology")
    await chat.do(folder, "New chat in here")
    await expect(chat.chip("agent")).to_contain_text("Code reviewer")
    await chat.ask("One. /emulate rate-0")
    row = folder.locator(f"[data-session='{await chat.session()}']")
    await folder.get_by_role("button", name="Ornithology", exact=True).click()
    await expect(row).to_be_visible()
    other = Chat(await context.new_page())
    await other.open("/")
    await expect(other.page.locator(".folder").filter(has_text="Ornithology")).to_be_visible()
    await chat.do(folder, "Delete the folder")
    await expect(other.page.locator(".folder").filter(has_text="Ornithology")).to_have_count(0)


async def test_a_chat_goes_into_a_folder_that_is_made_for_it(chat: Chat) -> None:
    await chat.ask("For a new folder. /emulate rate-0")
    session = await chat.session()
    await chat.do(chat.page.locator(f".session[data-session='{session}']"), "Move to a folder")
    dialog = chat.page.get_by_role("dialog")
    await dialog.get_by_role("button", name="New folder…").click()
    await dialog.get_by_label("Name").fill("Made for it")
    await dialog.get_by_role("button", name="Make the folder").click()
    await expect(chat.page.get_by_text("Moved to “Made for it”.")).to_be_visible()
    folder = chat.page.locator(".folder").filter(has_text="Made for it")
    await folder.get_by_role("button", name="Made for it", exact=True).click()
    await expect(folder.locator(f"[data-session='{session}']")).to_be_visible()
    await chat.do(folder, "Delete the folder")
    await expect(chat.page.get_by_text("Folder deleted.")).to_be_visible()
    await expect(chat.page.locator(f".session[data-session='{session}']")).to_be_visible()


async def test_many_chats_are_archived_at_once_and_found_in_the_archive(chat: Chat) -> None:
    sessions = []
    for _ in range(2):
        await chat.page.get_by_role("button", name="New chat").first.click()
        await chat.ask("Archive me. /emulate rate-0")
        sessions.append(await chat.session())
    await chat.page.get_by_role("button", name="Options of the list").click()
    await chat.page.get_by_role("menuitem", name="Select chats").click()
    rows = [chat.page.locator(f"[data-session='{session}']") for session in sessions]
    for row in rows:
        await row.get_by_role("checkbox").check()
    await expect(chat.page.get_by_text("2 chosen")).to_be_visible()
    await chat.page.get_by_role("button", name="Archive", exact=True).click()
    for row in rows:
        await expect(row).to_have_count(0)
    await chat.page.get_by_role("button", name="Options of the list").click()
    await chat.page.get_by_role("menuitem", name="Archived chats").click()
    archived = chat.page.get_by_role("dialog").locator(f"a[href='/c/{sessions[0]}']")
    await expect(archived).to_be_visible()


async def test_a_link_can_be_read_by_somebody_who_is_not_signed_in(
    chat: Chat, browser: Browser, studio: StudioServer
) -> None:
    await chat.ask("Show me. /emulate rate-0")
    row = chat.page.locator(f"[data-session='{await chat.session()}']")
    await chat.do(row, "Share")
    dialog = chat.page.get_by_role("dialog")
    await dialog.get_by_label("Who can read it").select_option("anyone")
    await dialog.get_by_role("button", name="Make a link").click()
    address = await dialog.get_by_label("Address of the link").input_value()
    stranger = await browser.new_context(base_url=studio.base_url)
    page = await stranger.new_page()
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text))
    await page.goto(address)
    await expect(page.get_by_role("heading", name="Question")).to_be_visible()
    await expect(page.locator(".prose .block").first).to_be_visible()
    await dialog.get_by_role("button", name="End the link").click()
    await expect(dialog.get_by_label("Address of the link")).to_have_count(0)
    answer = await page.goto(address)
    assert answer is not None
    assert answer.status == 404
    assert [report for report in reports if "404" not in report] == []
    await stranger.close()
