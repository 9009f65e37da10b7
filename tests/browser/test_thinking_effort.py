"""How hard the model thinks, chosen beside it: by mouse, keyboard and palette, on every device."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.chat import Chat
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_only_a_model_that_thinks_has_the_chip(chat: Chat) -> None:
    await expect(chat.chip("effort")).to_have_count(0)
    await chat.choose("model", "Thinker")
    await expect(chat.chip("effort")).to_have_text("Thinking")
    await chat.chip("effort").click()
    options = chat.page.get_by_role("option")
    await expect(options.locator(".option-name")).to_have_text(["Automatic", "Low", "Medium", "High"])
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await options.nth(3).click()
    await expect(chat.page.get_by_role("button", name="Thinking: High")).to_be_visible()
    await chat.choose("model", "Echo")
    await expect(chat.chip("effort")).to_have_count(0)
    await chat.choose("model", "Thinker")
    await expect(chat.chip("effort")).to_contain_text("High")


async def test_it_is_the_chats_own_on_every_device_and_its_answers_say_it(chat: Chat, context: BrowserContext) -> None:
    await chat.choose("model", "Thinker")
    await chat.choose("effort", "High")
    answer = await chat.ask("Why? /emulate rate-0")
    await answer.get_by_role("button", name="Details of this answer").click()
    await expect(chat.page.locator("dt:text-is('Thinking effort') + dd")).to_have_text("High, as chosen")
    await chat.page.keyboard.press("Escape")
    other = Chat(await context.new_page())
    await other.open(chat.page.url)
    await expect(other.chip("effort")).to_contain_text("High")
    await chat.choose("effort", "Low")
    await expect(other.chip("effort")).to_contain_text("Low")
    await expect(chat.transitions).to_have_count(0)
    await other.chip("effort").click()
    await other.page.get_by_role("option", name="Automatic").click()
    await expect(chat.chip("effort")).to_have_text("Thinking")
    await chat.page.reload()
    await expect(chat.chip("effort")).to_have_text("Thinking")


async def test_keys_alone_choose_it(chat: Chat) -> None:
    await chat.choose("model", "Thinker")
    await chat.chip("model").focus()
    await chat.page.keyboard.press("Tab")
    await expect(chat.chip("effort")).to_be_focused()
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.get_by_role("combobox")).to_be_focused()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        await chat.page.keyboard.press(key)
    await expect(chat.chip("effort")).to_contain_text("Medium")
    await expect(chat.chip("effort")).to_be_focused()


async def test_the_palette_knows_it_while_the_model_does(chat: Chat) -> None:
    await chat.message.focus()
    palette = chat.page.get_by_role("dialog", name="Commands", exact=True)
    await chat.page.keyboard.press("Control+k")
    await palette.get_by_role("combobox").fill("thinking:")
    await expect(palette.get_by_role("option")).to_have_count(0)
    await chat.page.keyboard.press("Escape")
    await chat.choose("model", "Thinker")
    await chat.page.keyboard.press("Control+k")
    await palette.get_by_role("combobox").fill("thinking: high")
    await chat.page.keyboard.press("Enter")
    await expect(chat.chip("effort")).to_contain_text("High")


async def test_a_phone_has_room_for_it(phone: Chat) -> None:
    await phone.choose("agent", "Code reviewer")
    await phone.choose("effort", "Medium")
    await phone.message.fill("Hello")
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    right = await phone.send_button.evaluate("node => node.getBoundingClientRect().right")
    assert right <= 390


async def test_the_list_is_well_made_in_light_and_dark(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.choose("model", "Thinker")
    await looked_at.chip("effort").click()
    await expect(looked_at.page.get_by_role("option")).to_have_count(4)
    assert await findings(looked_at.page) == []
