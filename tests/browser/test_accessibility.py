"""What axe finds, in light and dark, on every page and in every state that a person meets."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import ENDLESS, Chat
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("path", ["/settings/", "/accounts/logout/", "/accounts/password/change/", "/nothing/here"])
async def test_the_pages_around(looked_at: Chat, path: str) -> None:
    await looked_at.page.goto(path)
    assert await findings(looked_at.page) == []


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"])
async def test_the_doors(looked_at: Chat, path: str) -> None:
    await looked_at.page.context.clear_cookies()
    await looked_at.page.goto(path)
    assert await findings(looked_at.page) == []


async def test_a_new_chat_and_its_lists(looked_at: Chat) -> None:
    await looked_at.open()
    assert await findings(looked_at.page) == []
    for kind in ("agent", "model"):
        await looked_at.chip(kind).click()
        await expect(looked_at.page.get_by_role("combobox")).to_be_visible()
        assert await findings(looked_at.page) == []
        await looked_at.page.keyboard.press("Escape")


async def test_a_chat_with_everything_in_it(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.choose("agent", "Code reviewer")
    answer = await looked_at.ask("All of it. /emulate showcase reasoning-20 rate-0")
    await answer.locator("details.reasoning summary").click()
    await looked_at.choose("model", "Echo")
    await expect(looked_at.transitions).to_have_count(1)
    await looked_at.ask("/emulate policy", status="failed")
    await expect(looked_at.page.locator("[data-maths] .katex").first).to_be_attached()
    assert await findings(looked_at.page) == []
    await answer.get_by_role("button", name="Details of this answer").click()
    assert await findings(looked_at.page) == []
    await looked_at.page.keyboard.press("Escape")
    await answer.get_by_role("button", name="More").click()
    await expect(looked_at.page.get_by_role("menuitem").first).to_be_visible()
    assert await findings(looked_at.page) == []
    await looked_at.page.keyboard.press("Escape")
    await looked_at.questions.first.hover()
    await looked_at.questions.first.get_by_role("button", name="Edit message").click()
    await expect(looked_at.page.get_by_role("textbox", name="Edit the message")).to_be_focused()
    assert await findings(looked_at.page) == []


async def test_the_windows_over_the_page(looked_at: Chat) -> None:
    await looked_at.open()
    for keys, name in (("Control+k", "Commands"), ("?", "Keyboard shortcuts")):
        await looked_at.message.blur()
        await looked_at.page.keyboard.press(keys)
        window = looked_at.page.get_by_role("dialog", name=name, exact=True)
        await expect(window).to_be_visible()
        assert await findings(looked_at.page) == []
        await looked_at.page.keyboard.press("Escape")
        await expect(window).to_have_count(0)


async def test_while_an_answer_is_written(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.send(ENDLESS)
    await expect(looked_at.answers.first.locator(".prose")).not_to_be_empty()
    await looked_at.send("What waits")
    await expect(looked_at.page.get_by_role("region", name="Queued messages")).to_be_visible()
    await looked_at.message.fill("@")
    await expect(looked_at.page.get_by_role("listbox", name="Agents")).to_be_visible()
    assert await findings(looked_at.page) == []
    await looked_at.message.fill("")
    await looked_at.stop_button.click()


async def test_a_chat_that_is_not_there(looked_at: Chat) -> None:
    await looked_at.page.goto("/c/s-nobodyhasthisone1")
    await expect(looked_at.page.get_by_role("heading", name="This chat is not here")).to_be_visible()
    assert await findings(looked_at.page) == []
