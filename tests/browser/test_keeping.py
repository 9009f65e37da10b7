"""How long chats are kept, as people see it: temporary chats, the line under the list, and the pages of the admin."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.chat import ANSWERED, Chat, Watch
from tests.browser.looking import TOO_SMALL, findings, fits
from tests.servers import StudioServer

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def choice(chat: Chat) -> Locator:
    return chat.page.get_by_role("button", name="Temporary chat", exact=True)


def told(chat: Chat) -> Locator:
    return chat.page.get_by_role("region", name="Temporary chat")


async def set_retention(page: Page, days: str) -> None:
    """Of the team whose chats the page shows."""
    studio = await (await page.request.get("/api/studio")).json()
    await page.goto(f"/admin/ai_studio/team/{studio['team']['id']}/retention/")
    await page.get_by_label("Days after the last activity").fill(days)
    await page.get_by_role("button", name="See what it would delete").click()
    await page.get_by_role("button", name=re.compile("^(Keep chats|Set it)")).click()
    await expect(page.get_by_role("heading", name=re.compile("^Chats are kept"))).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def kept_a_year(context: BrowserContext) -> AsyncIterator[None]:
    page = await context.new_page()
    await set_retention(page, "365")
    yield
    await set_retention(page, "")
    await page.close()


async def test_a_temporary_chat_lives_through_a_reload_and_ends_when_its_owner_says(
    chat: Chat, context: BrowserContext
) -> None:
    await choice(chat).click()
    await expect(choice(chat)).to_have_attribute("aria-pressed", "true")
    await expect(chat.message).to_be_focused()
    await expect(told(chat)).to_contain_text("Deleted 24 hours after you last used it")
    answer = await chat.ask("A quokka. /emulate rate-0")
    said = await chat.text(answer)
    session = await chat.session()
    await expect(choice(chat)).to_have_count(0)
    await expect(chat.page.locator(f"[data-session='{session}']")).to_have_count(0)

    await chat.page.reload()
    await expect(told(chat)).to_be_visible()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed")
    assert await chat.text(chat.answers.first) == said
    await expect(chat.page).to_have_title(re.compile("^Temporary chat"))

    other = Chat(await context.new_page())
    await other.open()
    await expect(other.page.locator(f"[data-session='{session}']")).to_have_count(0)
    await other.page.keyboard.press("Control+k")
    await other.page.get_by_role("combobox").fill("Temporary chat")
    await expect(other.page.get_by_role("option")).to_have_count(0)

    await told(chat).get_by_role("button", name="End").click()
    await told(chat).get_by_role("button", name="Cancel").click()
    await told(chat).get_by_role("button", name="End").click()
    await told(chat).get_by_role("button", name="Delete it for good").click()
    await expect(chat.page).to_have_url(re.compile("/$"))
    await expect(choice(chat)).to_have_attribute("aria-pressed", "false")
    await expect(chat.page.get_by_text("The temporary chat is gone.")).to_be_visible()
    assert (await chat.page.request.get(f"/api/sessions/{session}")).status == 404


async def test_the_next_chat_is_a_usual_one(chat: Chat) -> None:
    await choice(chat).click()
    await chat.ask("One. /emulate rate-0")
    await chat.page.get_by_role("button", name="New chat").first.click()
    await chat.ask("Two. /emulate rate-0")
    await expect(told(chat)).to_have_count(0)
    await expect(chat.page.locator(f"[data-session='{await chat.session()}']")).to_be_visible()


async def test_by_keyboard_alone(chat: Chat) -> None:
    await choice(chat).focus()
    await chat.page.keyboard.press("Space")
    await expect(chat.message).to_be_focused()
    await chat.page.keyboard.type("Hello. /emulate rate-0")
    await chat.page.keyboard.press("Enter")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await told(chat).get_by_role("button", name="End").focus()
    await chat.page.keyboard.press("Enter")
    await expect(told(chat).get_by_role("button", name="Delete it for good")).to_be_focused()
    await chat.page.keyboard.press("Enter")
    await expect(chat.message).to_be_focused()


async def test_the_list_says_how_long_the_team_keeps_chats(chat: Chat, kept_a_year: None) -> None:
    line = chat.page.get_by_text("Chats of this team are kept for 365 days.")
    await expect(line).to_have_count(0)
    await chat.page.reload()
    await expect(line).to_be_visible()


async def test_in_light_and_dark(looked_at: Chat, kept_a_year: None) -> None:
    page = looked_at.page
    await looked_at.open()
    await expect(page.get_by_text("Chats of this team are kept for 365 days.")).to_be_visible()
    await choice(looked_at).click()
    await expect(told(looked_at)).to_be_visible()
    assert await findings(page) == []
    await looked_at.ask("Hello. /emulate rate-0")
    await told(looked_at).get_by_role("button", name="End").click()
    assert await findings(page) == []
    studio = await (await page.request.get("/api/studio")).json()
    await page.goto(f"/admin/ai_studio/team/{studio['team']['id']}/retention/")
    assert await findings(page) == []
    await page.get_by_label("Days after the last activity").fill("30")
    await page.get_by_role("button", name="See what it would delete").click()
    await expect(page.get_by_role("heading", name="Nothing would be deleted now")).to_be_visible()
    assert await findings(page) == []
    await page.goto("/admin/ai_studio/legalhold/add/")
    assert await findings(page) == []


async def test_the_warning_in_light_and_dark(looked_at: Chat, studio: StudioServer) -> None:
    page = looked_at.page
    await looked_at.open()
    await looked_at.ask("Old. /emulate rate-0")
    session = await looked_at.session()
    with sqlite3.connect(studio.data_dir / "db.sqlite3", timeout=20) as database:
        old = "datetime(updated_at, '-2000 days')"
        database.execute(f"UPDATE chat_session SET updated_at = {old} WHERE id = ?", [session])
        database.execute("UPDATE chat_generation SET finished_at = NULL WHERE session_id = ?", [session])
    team = (await (await page.request.get("/api/studio")).json())["team"]["id"]
    await page.goto(f"/admin/ai_studio/team/{team}/retention/")
    await page.get_by_label("Days after the last activity").fill("1000")
    await page.get_by_role("button", name="See what it would delete").click()
    await expect(page.get_by_role("heading", name=re.compile("would be deleted now"))).to_be_visible()
    assert await findings(page) == []


async def test_on_a_phone(phone: Chat, kept_a_year: None) -> None:
    await phone.page.set_viewport_size({"width": 360, "height": 740})
    await choice(phone).tap()
    await expect(told(phone)).to_be_visible()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    await phone.message.fill("Hello. /emulate rate-0")
    await phone.send_button.tap()
    await expect(phone.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await told(phone).get_by_role("button", name="End").tap()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []


async def test_a_hold_is_placed_and_lifted_by_hand(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.goto("/admin/ai_studio/legalhold/add/")
    await page.get_by_label("Person").fill("dan@example.com")
    await page.get_by_label("Reason").fill("Case 12")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.goto("/admin/ai_studio/user/?q=dan@example.com")
    await page.locator("#result_list tbody a").first.click()
    await page.get_by_role("link", name="Delete user").click()
    await expect(page.get_by_text("because a legal hold keeps what hangs on it")).to_be_visible()
    for width in (360, 1280):
        await page.set_viewport_size({"width": width, "height": 844})
        await page.goto("/admin/ai_studio/legalhold/")
        await page.locator("#result_list tbody a").first.click()
        await page.get_by_role("link", name="Delete").click()
        await expect(page.get_by_role("heading", name="Lift the hold on dan@example.com")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert await findings(page) == []
    await page.get_by_role("button", name="Lift the hold").click()
    await expect(page.locator("#result_list tbody a")).to_have_count(0)
