"""One machine, two people: what one has not sent, the other neither sees nor sends; and it is there when its writer comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests import servers
from tests.browser.chat import ANSWERED, ENDLESS, Chat, sign_in
from tests.browser.test_connection import Wire

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOB = "bob@example.com"


@pytest_asyncio.fixture(loop_scope="session")
async def shared(browser: Browser, studio: servers.StudioServer) -> AsyncIterator[BrowserContext]:
    """A browser that nobody is signed in with."""
    context = await browser.new_context(base_url=studio.base_url)
    yield context
    await context.close()


async def enter(page: Page, email: str, password: str) -> Chat:
    await page.goto("/")
    await sign_in(page, email, password)
    await expect(page.get_by_role("button", name="Add files")).to_be_visible()
    return Chat(page)


async def leave(page: Page) -> None:
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def said(wire: Wire) -> list[str]:
    return [frame["text"] for frame in wire.of("send")]


async def test_a_message_and_a_draft_of_one_are_not_the_other_s_and_wait_for_their_writer(
    shared: BrowserContext, studio: servers.StudioServer
) -> None:
    page, wire = await shared.new_page(), Wire()
    await wire.install(page)
    ada = await enter(page, studio.admin_email, studio.admin_password)
    await ada.ask("First. /emulate rate-0")
    session = await ada.session()
    await wire.cut()
    await expect(ada.banner).to_be_visible()
    await ada.send("Secret of Ada. /emulate rate-0")
    await expect(ada.questions.nth(1)).to_have_attribute("data-delivery", "sending")
    await page.get_by_role("button", name="New chat").first.click()
    await ada.message.fill("Draft of Ada")
    await leave(page)

    wire.is_cut = False
    wire.sent.clear()
    bob = await enter(page, BOB, studio.admin_password)
    await expect(bob.banner).to_have_count(0)
    await expect(bob.message).to_have_value("")
    await bob.ask("Hello from Bob. /emulate rate-0")
    await page.goto(f"/c/{session}")
    await expect(page.get_by_text("This chat is not here")).to_be_visible()
    await expect(page.get_by_text("of Ada")).to_have_count(0)
    assert said(wire) == ["Hello from Bob. /emulate rate-0"]
    await leave(page)
    await page.close()

    # In another tab: the one in which she wrote is gone.
    page, wire = await shared.new_page(), Wire()
    await wire.install(page)
    ada = await enter(page, studio.admin_email, studio.admin_password)
    await expect(ada.message).to_have_value("Draft of Ada")
    await ada.message.fill("")
    await page.goto(f"/c/{session}")
    await expect(ada.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    stored = [m["parts"][-1]["text"] for m in await ada.stored() if m["role"] == "user"]
    assert stored == ["First. /emulate rate-0", "Secret of Ada. /emulate rate-0"]
    await page.reload()
    await expect(ada.questions).to_have_count(2)


async def test_a_queued_message_waits_for_its_writer(shared: BrowserContext, studio: servers.StudioServer) -> None:
    page = await shared.new_page()
    ada = await enter(page, studio.admin_email, studio.admin_password)
    await ada.send(ENDLESS)
    await expect(ada.answers.first.locator(".prose")).to_contain_text("a")
    session = await ada.session()
    await ada.send("Queued by Ada. /emulate rate-0")
    await expect(page.get_by_text("Queued by Ada.")).to_be_visible()
    await leave(page)
    bob = await enter(page, BOB, studio.admin_password)
    await page.goto(f"/c/{session}")
    await expect(page.get_by_text("This chat is not here")).to_be_visible()
    await expect(page.get_by_text("Queued by Ada.")).to_have_count(0)
    await bob.open()
    await leave(page)
    ada = await enter(page, studio.admin_email, studio.admin_password)
    await page.goto(f"/c/{session}")
    await expect(page.get_by_text("Queued by Ada.")).to_be_visible()
    await ada.stop_button.click()
    await page.get_by_role("button", name="Send now").click()
    await expect(ada.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)


async def test_a_tab_of_one_does_nothing_as_the_other_who_signed_in_in_a_second_tab(
    shared: BrowserContext, studio: servers.StudioServer
) -> None:
    first, wire = await shared.new_page(), Wire()
    await wire.install(first)
    ada = await enter(first, studio.admin_email, studio.admin_password)
    await ada.ask("First. /emulate rate-0")
    await wire.cut()
    await ada.send("Only as Ada. /emulate rate-0")
    session = await ada.session()

    second = await shared.new_page()
    await second.goto("/")
    await leave(second)
    bob = await enter(second, BOB, studio.admin_password)
    wire.is_cut = False
    wire.sent.clear()
    await expect(ada.banner).to_contain_text("Somebody else is signed in here now.")
    await ada.message.fill("Typed as Ada")
    await bob.ask("As Bob. /emulate rate-0")
    await expect(ada.sessions.filter(has_text="As Bob")).to_have_count(0)
    assert said(wire) == []
    assert (await (await shared.request.get("/api/drafts/new")).json())["text"] == ""
    await first.get_by_role("link", name="Reload").click()
    await expect(first.get_by_role("button", name="Add files")).to_be_visible()
    await expect(first.get_by_text("Ada", exact=True)).to_have_count(0)
    await leave(first)

    ada = await enter(first, studio.admin_email, studio.admin_password)
    await first.goto(f"/c/{session}")
    await expect(ada.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(ada.message).to_have_value("Typed as Ada")
    await ada.message.fill("")
