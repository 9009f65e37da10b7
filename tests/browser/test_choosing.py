"""Models and agents: chosen by mouse and keyboard, before a chat and in the middle of one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests import servers
from tests.browser.chat import Chat, Watch, request

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_switch_leaves_a_row_and_counts_from_the_next_message_on(chat: Chat) -> None:
    await chat.ask("First. /emulate rate-0")
    await chat.choose("model", "Echo")
    await expect(chat.transitions).to_contain_text("Echo answers from here")
    answer = await chat.ask("Repeat these words.")
    await expect(answer).to_contain_text("Repeat these words.")
    await chat.page.reload()
    await expect(chat.transitions).to_have_count(1)
    roles = [message["role"] for message in await chat.stored()]
    assert roles == ["user", "assistant", "transition", "user", "assistant"]


async def test_a_message_sent_right_after_a_switch_follows_it(chat: Chat) -> None:
    await chat.ask("First. /emulate rate-0")
    await chat.chip("model").click()
    await chat.page.get_by_role("combobox").fill("Echo")
    await chat.page.keyboard.press("Enter")
    await chat.send("At once.")
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed")
    roles = [message["role"] for message in await chat.stored()]
    assert roles == ["user", "assistant", "transition", "user", "assistant"]


async def test_an_agent_brings_its_face_its_starters_and_its_model(chat: Chat) -> None:
    await chat.choose("agent", "Code reviewer")
    await expect(chat.page.get_by_role("heading", level=1)).to_have_text("Code reviewer")
    await expect(chat.page.get_by_text("Reads code for what will hurt later.")).to_be_visible()
    await expect(chat.chip("model")).to_contain_text("Thinker")
    await chat.page.locator(".starters button").first.click()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed")
    await expect(chat.answers.first.locator(".speaker")).to_have_text("Code reviewer")


async def test_an_agent_that_leaves_is_said_so(chat: Chat) -> None:
    await chat.choose("agent", "Writing coach")
    await chat.ask("First. /emulate rate-0")
    await chat.chip("agent").click()
    await chat.page.get_by_role("option", name="No agent").click()
    await expect(chat.transitions).to_contain_text("Writing coach has left")


async def test_the_list_is_searched_and_chosen_from_by_keyboard(chat: Chat) -> None:
    await chat.chip("model").focus()
    await chat.page.keyboard.press("Enter")
    box = chat.page.get_by_role("combobox")
    await expect(box).to_be_focused()
    await expect(chat.page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await chat.page.keyboard.type("slow")
    options = chat.page.get_by_role("option")
    await expect(options.first).to_contain_text("Slow")
    await chat.page.keyboard.press("ArrowDown")
    active = await box.get_attribute("aria-activedescendant")
    assert active == await options.nth(1).get_attribute("id")
    name = await options.nth(1).locator(".option-name").inner_text()
    await chat.page.keyboard.press("Enter")
    await expect(chat.chip("model")).to_contain_text(name)
    await expect(chat.chip("model")).to_be_focused()


async def test_escape_closes_the_list_and_chooses_nothing(chat: Chat) -> None:
    before = await chat.chip("model").inner_text()
    await chat.chip("model").click()
    await chat.page.keyboard.press("ArrowDown")
    await chat.page.keyboard.press("Escape")
    await expect(chat.page.get_by_role("combobox")).to_have_count(0)
    assert await chat.chip("model").inner_text() == before


async def test_escape_closes_a_list_whose_code_is_still_on_its_way(context: BrowserContext, watch: Watch) -> None:
    arriving = asyncio.Event()

    async def late(route: Route) -> None:
        await arriving.wait()
        await route.continue_()

    page = await context.new_page()
    await page.route("**/chunks/rare-*", late)
    await page.goto("/", wait_until="commit")
    chip = page.locator("[data-picker=model]")
    await chip.click()
    await expect(chip).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Escape")
    await expect(chip).to_have_attribute("aria-expanded", "false")
    arriving.set()
    await expect(page.get_by_role("button", name="Add files")).to_be_visible()
    await expect(page.get_by_role("combobox")).to_have_count(0)


async def test_what_nothing_is_called_is_said(chat: Chat) -> None:
    await chat.chip("model").click()
    await chat.page.get_by_role("combobox").fill("no such model")
    await expect(chat.page.get_by_text("Nothing is called that.")).to_be_visible()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.get_by_role("combobox")).to_be_visible()


async def test_a_chat_whose_model_is_gone_can_be_read_and_goes_on_with_another(
    chat: Chat, studio: servers.StudioServer
) -> None:
    await chat.ask("One. /emulate rate-0")
    await chat.choose("model", "Echo")
    await expect(chat.transitions).to_contain_text("Echo answers from here")
    offer = "from ai_studio.models import LanguageModel as M; m = M.objects.get(display_name='Echo'); m.is_enabled = {}; m.save()"
    studio.manage("shell", "-c", offer.format(False))
    try:
        await chat.page.reload()
        note = chat.page.get_by_role("status", name="The model of this chat")
        await expect(note).to_contain_text("Echo can't be used by your team any more.")
        await expect(chat.answers).to_have_count(1)
        await chat.message.fill("Two. /emulate rate-0")
        await expect(chat.page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
        await note.get_by_role("button", name="Go on with").click()
        await expect(note).to_have_count(0)
        await chat.message.press("Enter")
        await expect(chat.answers).to_have_count(2)
        await expect(chat.answers.last).to_have_attribute("data-status", "completed")
    finally:
        studio.manage("shell", "-c", offer.format(True))


@contextmanager
def _working_elsewhere(studio: servers.StudioServer) -> Iterator[None]:
    """Another team, which is offered nothing, is the active one."""
    moved = (
        "from ai_studio.models import Team, User; from ai_studio import services as s; "
        f"u = User.objects.get(email='{studio.admin_email}'); home = u.active_team; "
        "t, new = Team.objects.get_or_create(name='Elsewhere'); new and s.add_member(team=t, user=u); "
        "User.objects.filter(pk=u.pk).update(active_team=Team.objects.get(name={}))"
    )
    studio.manage("shell", "-c", moved.format("'Elsewhere'"))
    try:
        yield
    finally:
        studio.manage("shell", "-c", moved.format("'Research'"))


async def test_in_a_chat_of_another_team_that_team_s_models_and_agents_are_offered(
    chat: Chat, studio: servers.StudioServer
) -> None:
    await chat.choose("model", "Echo")
    await chat.ask("One. /emulate rate-0")
    with _working_elsewhere(studio):
        await chat.page.reload()
        await expect(chat.answers).to_have_count(1)
        await chat.message.fill("Two. /emulate rate-0")
        await chat.message.press("Enter")
        await expect(chat.answers).to_have_count(2)
        await expect(chat.answers.last).to_have_attribute("data-status", "completed")
        await expect(chat.page.get_by_role("status", name="The model of this chat")).to_have_count(0)
        await expect(chat.chip("model")).to_contain_text("Echo")
        await chat.choose("model", "Story")
        await expect(chat.transitions).to_contain_text("Story answers from here")
        await chat.choose("agent", "Writing coach")
        await expect(chat.transitions.last).to_contain_text("Writing coach")
        await chat.page.goto("/")
        await expect(chat.message).to_be_enabled()
        await expect(chat.chip("agent")).to_have_count(0)


async def test_a_folder_is_offered_what_its_own_team_may_use(
    chat: Chat, context: BrowserContext, studio: servers.StudioServer
) -> None:
    folder = await (await request(context, "POST", "/api/folders", {"name": "Of Research"})).json()
    with _working_elsewhere(studio):
        await chat.page.goto("/")
        row = chat.page.locator(".folder").filter(has_text="Of Research")
        await row.get_by_role("button", name="Options of Of Research").click()
        await expect(chat.page.get_by_role("menuitem", name="New chat in here")).to_have_count(0)
        await chat.page.get_by_role("menuitem", name="Name, place, instructions").click()
        dialog = chat.page.get_by_role("dialog")
        await dialog.get_by_label("Model of new chats").select_option(label="Echo")
        await dialog.get_by_label("Agent of new chats").select_option(label="Writing coach")
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog).to_have_count(0)
        stored = (await (await context.request.get("/api/folders")).json())["folders"]
        [kept] = [one for one in stored if one["id"] == folder["id"]]
        assert (kept["model"]["name"], kept["agent"]["name"]) == ("Echo", "Writing coach")
    await request(context, "DELETE", f"/api/folders/{folder['id']}", None)
