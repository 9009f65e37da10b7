"""What follows a person from device to device: preferences, drafts, what is unread; and devices that are signed out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, expect

from tests import servers
from tests.browser.chat import ANSWERED, Chat, Watch, as_at_first, request, sign_in
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PERSON = "bob@example.com"
OpenDevice = Callable[..., Awaitable[Chat]]


@pytest_asyncio.fixture(loop_scope="session")
async def device(browser: Browser, studio: servers.StudioServer) -> AsyncIterator[OpenDevice]:
    """Opens the chat on one more device of a person whose other devices no other test uses."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    async def opened(**options: Any) -> Chat:
        context = await browser.new_context(base_url=studio.base_url, **options)
        contexts.append((context, Watch(context, studio.base_url)))
        page = await context.new_page()
        await page.goto("/")
        await sign_in(page, PERSON, studio.admin_password)
        await expect(page.locator("[data-picker=model]")).not_to_have_text("No model")
        return Chat(page)

    yield opened
    if contexts:
        await as_at_first(contexts[0][0])
    for context, watch in contexts:
        await context.close()
        watch.take("ERR_INTERNET_DISCONNECTED|409")  # a network that a test has cut, a draft that two have written
        assert watch.reports == []


async def root(chat: Chat, name: str) -> str | None:
    return await chat.page.locator("html").get_attribute(f"data-{name}")


# --- Preferences ------------------------------------------------------------------------------------------------------


async def test_the_colours_are_there_before_the_first_paint_on_every_device(device: OpenDevice) -> None:
    laptop = await device(color_scheme="light")
    async with laptop.page.expect_response("**/api/preferences"):
        await laptop.page.get_by_role("button", name="Dark look").click()
    # A second device without a script: what is dark there, the server has made dark.
    state = await laptop.page.context.storage_state()
    browser = laptop.page.context.browser
    assert browser is not None
    bare = await browser.new_context(
        base_url=laptop.page.url, storage_state=state, color_scheme="light", java_script_enabled=False
    )
    page = await bare.new_page()
    await page.goto("/settings/")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = await page.locator("html").evaluate("(root) => getComputedStyle(root).backgroundColor")
    assert paper == "rgb(26, 25, 23)"
    await bare.close()


async def test_a_choice_that_is_still_on_its_way_outlives_a_reload(device: OpenDevice) -> None:
    page = (await device(color_scheme="light")).page
    asked, may_go = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        if route.request.method == "PATCH" and not may_go.is_set():
            asked.set()  # and nobody answers it
            return
        await route.continue_()

    await page.route("**/api/preferences", hold)
    await page.get_by_role("button", name="Dark look").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await asked.wait()
    may_go.set()
    async with page.expect_response("**/api/preferences") as answer:
        await page.reload()
    assert (await (await answer.value).json())["theme"] == "dark"
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # Once it has been told, it is nothing to choose again.
    await request(page.context, "PATCH", "/api/preferences", {"theme": "light"})
    await page.reload()
    await expect(page.get_by_role("button", name="Add files")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")


async def test_two_tabs_agree(device: OpenDevice) -> None:
    laptop, phone = await device(), await device(viewport={"width": 360, "height": 700})
    await laptop.page.keyboard.press("Control+k")
    await laptop.page.get_by_role("combobox").fill("compact")
    await laptop.page.get_by_role("option", name="Compact spacing").click()
    await expect(phone.page.locator("html")).to_have_attribute("data-density", "compact")
    await request(phone.page.context, "PATCH", "/api/preferences", {"theme": "dark", "send_key": "ctrl-enter"})
    for chat in (laptop, phone):
        await expect(chat.page.locator("html")).to_have_attribute("data-theme", "dark")
        await expect(chat.page.locator("button.send")).to_have_attribute("title", "Send (Ctrl+Enter)")
    assert await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await laptop.page.get_by_role("button", name="Light look").click()
    await expect(phone.page.locator("html")).not_to_have_attribute("data-theme", "dark")
    await laptop.page.reload()
    assert (await root(laptop, "density"), await root(laptop, "send-key")) == ("compact", "ctrl-enter")


async def test_the_browser_keeps_a_copy_of_the_colours_for_the_pages_that_know_nobody(device: OpenDevice) -> None:
    laptop, phone = await device(), await device(color_scheme="light")
    await request(laptop.page.context, "PATCH", "/api/preferences", {"theme": "dark"})
    await expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    await phone.page.get_by_role("button", name="Sign out").click()
    await expect(phone.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert await root(phone, "theme") == "dark"


async def test_what_is_chosen_without_a_network_is_told_when_there_is_one_again(device: OpenDevice) -> None:
    laptop, phone = await device(color_scheme="light"), await device(color_scheme="light")
    await phone.page.context.set_offline(True)
    await expect(phone.banner).to_be_visible()
    await phone.page.get_by_role("button", name="Dark look").click()
    await expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")
    await phone.page.context.set_offline(False)
    for chat in (laptop, phone):
        await expect(chat.page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_new_chats_begin_with_the_chosen_agent(device: OpenDevice) -> None:
    laptop, phone = await device(), await device()
    await laptop.page.goto("/settings/")
    await laptop.page.get_by_label("Agent of new chats in Research").select_option("Code reviewer")
    await laptop.page.get_by_role("region", name="Preferences").get_by_role("button", name="Save").click()
    await expect(laptop.page.get_by_role("status").first).to_contain_text("Your preferences are saved.")
    await expect(phone.chip("agent")).to_contain_text("Code reviewer")
    await laptop.open()
    await expect(laptop.chip("agent")).to_contain_text("Code reviewer")
    await laptop.ask("One. /emulate rate-0")
    shown = await (await laptop.page.request.get(f"/api/sessions/{await laptop.session()}")).json()
    assert shown["agent"]["name"] == "Code reviewer"


# --- Drafts -----------------------------------------------------------------------------------------------------------


async def test_a_draft_is_on_the_second_device_and_gone_from_it_when_it_is_sent(device: OpenDevice) -> None:
    laptop, phone = await device(), await device()
    await laptop.ask("First. /emulate rate-0")
    session = await laptop.session()
    await laptop.message.fill("Half a though")
    await phone.open(f"/c/{session}")
    await expect(phone.message).to_have_value("Half a though")
    await laptop.message.press_sequentially("t")
    await expect(phone.message).to_have_value("Half a thought")
    await phone.message.press_sequentially("! /emulate rate-0")
    await expect(laptop.message).to_have_value("Half a thought! /emulate rate-0")
    await phone.message.press("Enter")
    await expect(laptop.message).to_have_value("")
    await expect(laptop.answers).to_have_count(2, timeout=ANSWERED)
    await laptop.page.reload()
    await expect(laptop.answers).to_have_count(2)
    await expect(laptop.message).to_have_value("")


async def test_two_tabs_that_write_at_the_same_time_eat_nothing(device: OpenDevice) -> None:
    laptop, phone = await device(), await device()
    await laptop.ask("First. /emulate rate-0")
    await phone.open(f"/c/{await laptop.session()}")
    await expect(phone.answers).to_have_count(1)
    await phone.page.context.set_offline(True)
    await expect(phone.banner).to_be_visible()
    await phone.message.fill("From the train")
    async with laptop.page.expect_response("**/api/drafts/*"):
        await laptop.message.fill("From the desk")
    await phone.page.context.set_offline(False)
    await phone.page.get_by_role("button", name="Add it").click()
    await expect(phone.message).to_have_value("From the desk\n\nFrom the train")
    await phone.message.fill("")
    for chat in (laptop, phone):
        await expect(chat.message).to_have_value("")


# --- What is unread ---------------------------------------------------------------------------------------------------


async def test_what_is_unread_is_so_on_every_device_until_one_shows_it(device: OpenDevice) -> None:
    laptop, phone = await device(), await device()
    await laptop.send("One. /emulate tokens-60 rate-60")
    session = await laptop.session()
    await laptop.page.get_by_role("button", name="New chat").first.click()
    marks = [
        chat.page.locator(f"[data-session='{session}']").get_by_role("img", name="New answer")
        for chat in (laptop, phone)
    ]
    for mark in marks:
        await expect(mark).to_be_visible(timeout=ANSWERED)
    await laptop.page.reload()
    await expect(marks[0]).to_be_visible()
    await phone.page.locator(f"[data-session='{session}'] a").click()
    for mark in marks:
        await expect(mark).to_have_count(0)
    await laptop.page.reload()
    await expect(laptop.page.locator(f"[data-session='{session}']")).to_have_count(1)
    await expect(marks[0]).to_have_count(0)


# --- Devices ----------------------------------------------------------------------------------------------------------


async def test_a_device_that_is_signed_out_elsewhere_is_closed(device: OpenDevice) -> None:
    laptop, phone = await device(), await device(user_agent="Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1")
    await laptop.page.goto("/settings/")
    devices = laptop.page.get_by_role("region", name="Devices")
    await expect(devices.get_by_text("this one")).to_have_count(1)
    await devices.get_by_role("button", name="Sign out Safari on iPhone").first.click()
    await expect(laptop.page.get_by_role("status").first).to_contain_text("That browser is signed out.")
    await expect(phone.banner).to_contain_text("You have been signed out.")
    await laptop.open()


# --- Notifications ----------------------------------------------------------------------------------------------------

STUB = """
window.asked = 0;
window.shown = [];
window.Notification = class {
    static permission = "default";
    static async requestPermission() { window.asked += 1; return (this.permission = "granted"); }
    constructor(title, options) { window.shown.push({ title, ...options }); }
    close() {}
};
"""


async def until(page: Page, condition: str) -> None:
    """By the debugger: the page's own policy lets no text become a script, which is how Playwright waits for one."""
    await page.evaluate(f"(async () => {{ while (!({condition})) await new Promise((go) => setTimeout(go, 20)); }})()")


async def test_an_answer_that_ends_unseen_is_told_by_its_title_alone(device: OpenDevice) -> None:
    laptop = await device()
    page = laptop.page
    await page.add_init_script(STUB)
    await page.goto("/settings/")
    assert await page.evaluate("asked") == 0
    await page.get_by_label("Notifications").select_option("hidden")
    await until(page, "asked === 1")
    await page.get_by_role("region", name="Preferences").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").first).to_contain_text("Your preferences are saved.")
    await page.add_init_script("Notification.permission = 'granted'")
    await laptop.open()
    await laptop.ask("Seen. /emulate rate-0")
    assert await page.evaluate("shown") == []
    await laptop.send("Unseen. /emulate tokens-40 rate-40")
    await expect(laptop.stop_button).to_be_visible()
    await page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    await until(page, "shown.length === 1")
    [told] = await page.evaluate("shown")
    assert told["body"] == "The answer is there."
    assert told["tag"] == await laptop.session()
    title = await page.locator(f"[data-session='{told['tag']}'] .session-title").inner_text()
    assert told["title"] == title
    assert await page.evaluate("asked") == 0


# --- The page of settings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_settings_are_for_everybody(device: OpenDevice, scheme: Any) -> None:
    """With the preview and an old browser on it, on a phone, and for axe."""
    laptop = await device(color_scheme=scheme, viewport={"width": 360, "height": 700})
    page = laptop.page
    await page.goto("/settings/")
    await page.get_by_label("Instructions", exact=True).fill("Answer in verse.")
    await page.get_by_role("button", name="Preview").click()
    prompt = page.get_by_role("region", name="The prompt")
    await expect(prompt.locator(".own")).to_have_text("Answer in verse.")
    await expect(prompt).to_contain_text("characters that are not yours to read")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await findings(page) == []
    await page.goto("/settings/")
    await expect(page.get_by_label("Instructions", exact=True)).to_have_value("")
