"""Saved prompts, as a person meets them: typed with a slash, filled in, written, changed and deleted."""

from __future__ import annotations

import re

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.chat import Chat, Watch
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWN = {
    "name": "review",
    "title": "Review a change",
    "text": "Review this {language} change:\n\n{change}\n\nBe {{tone}}.",
}
PLAIN = {"name": "shorter", "title": "Make it shorter", "text": "Say the same in half the words."}


async def keep(page: Page, *prompts: dict[str, str]) -> None:
    """One's own prompts are these from now on."""
    token = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}["csrftoken"]
    headers = {"X-CSRFToken": token, "Referer": page.url}
    for known in (await (await page.request.get("/api/prompts")).json())["prompts"]:
        if known["owner"] == "user":
            await page.request.delete(f"/api/prompts/{known['id']}", headers=headers)
    for prompt in prompts:
        assert (await page.request.post("/api/prompts", data=prompt, headers=headers)).ok
    await page.reload()
    await expect(page.locator("[data-picker=model]")).not_to_have_text("No model")


def listed(chat: Chat) -> Locator:
    return chat.page.get_by_role("listbox", name="Saved prompts").get_by_role("option")


def dialog(chat: Chat, name: str | re.Pattern[str]) -> Locator:
    return chat.page.get_by_role("dialog", name=name, exact=True)


async def open_list(chat: Chat) -> Locator:
    """By the command palette."""
    await chat.page.keyboard.press("Control+k")
    await chat.page.get_by_role("combobox").fill("Saved prompts")
    await chat.page.keyboard.press("Enter")
    return dialog(chat, "Saved prompts")


async def ask_for(chat: Chat, typed: str, title: str, label: str) -> Locator:
    """The dialog that asks for a prompt's values, with the caret in its first field."""
    await chat.message.fill(typed)
    await expect(listed(chat)).to_have_count(1)
    await chat.message.press("Enter")
    asked = dialog(chat, title)
    await expect(asked.get_by_label(label)).to_be_focused()
    return asked


@pytest_asyncio.fixture(loop_scope="session")
async def kept(chat: Chat) -> Chat:
    await keep(chat.page, OWN, PLAIN)
    return chat


async def test_the_settings_lead_to_them(kept: Chat) -> None:
    await kept.page.goto("/settings/")
    section = kept.page.get_by_role("region", name="Saved prompts")
    await section.get_by_role("link", name="Write, change and delete them").click()
    await expect(dialog(kept, "Saved prompts").get_by_text("/shorter")).to_be_visible()
    assert kept.page.url.endswith("/")
    await kept.page.reload()
    await expect(kept.message).to_be_editable()
    await expect(dialog(kept, "Saved prompts")).to_be_hidden()


async def test_one_is_typed_filled_in_and_sent_by_keyboard_alone(kept: Chat) -> None:
    await kept.message.press_sequentially("/rev")
    await expect(listed(kept)).to_have_count(1)
    await expect(kept.message).to_have_attribute("aria-activedescendant", "completion-0")
    await kept.page.keyboard.press("Enter")
    asked = dialog(kept, "Review a change")
    await expect(asked.get_by_label("language")).to_be_focused()
    await kept.page.keyboard.type("Rust")
    await kept.page.keyboard.press("Tab")
    await expect(asked.get_by_label("change")).to_be_focused()
    await kept.page.keyboard.type("- one")
    await kept.page.keyboard.press("Enter")
    await kept.page.keyboard.type("+ {two}")
    preview = asked.get_by_role("region", name="Preview")
    await expect(preview).to_have_text(
        "Review this Rust change:\n\n- one\n+ {two}\n\nBe {{tone}}.", use_inner_text=True
    )
    await kept.page.keyboard.press("Tab")
    await kept.page.keyboard.type("kind")
    await kept.page.keyboard.press("Control+Enter")
    await expect(asked).to_have_count(0)
    await expect(kept.message).to_be_focused()
    await expect(kept.message).to_have_value("Review this Rust change:\n\n- one\n+ {two}\n\nBe kind.")
    await expect(kept.questions).to_have_count(0)
    await kept.page.keyboard.type(" /emulate rate-0")
    await kept.page.keyboard.press("Enter")
    await expect(kept.questions.first).to_contain_text("Review this Rust change:")


async def test_one_without_variables_goes_in_at_the_caret(kept: Chat) -> None:
    await kept.message.fill(" Thank you.")
    await kept.message.press("Home")
    await kept.message.press_sequentially("/sh")
    await expect(listed(kept)).to_have_count(1)
    await kept.message.press("Tab")
    await expect(kept.message).to_have_value("Say the same in half the words. Thank you.")
    await kept.page.keyboard.type("!")
    await expect(kept.message).to_have_value("Say the same in half the words.! Thank you.")


async def test_the_list_is_moved_through_and_put_away(kept: Chat) -> None:
    await kept.message.press_sequentially("/")
    await expect(listed(kept).first).to_contain_text("/questions")
    await expect(listed(kept).first).to_contain_text("Team")
    await expect(listed(kept).last).to_contain_text("Saved prompts…")
    await kept.message.press("ArrowUp")
    await expect(listed(kept).last).to_have_attribute("aria-selected", "true")
    active = await kept.message.get_attribute("aria-activedescendant")
    assert active == await listed(kept).last.get_attribute("id")
    await kept.message.press("Escape")
    await expect(listed(kept)).to_have_count(0)
    await expect(kept.message).to_have_value("/")
    assert await kept.message.get_attribute("aria-activedescendant") is None
    for text in ("/etc/hosts", "a /rev", "/no such thing", "/zzz"):
        await kept.message.fill(text)
        await expect(listed(kept)).to_have_count(0)
    await ask_for(kept, "/review", "Review a change", "language")
    await kept.page.keyboard.press("Escape")
    await expect(kept.message).to_be_focused()
    await expect(kept.message).to_have_value("/review")


async def test_what_was_typed_outlives_a_press_beside_the_dialog(kept: Chat) -> None:
    await ask_for(kept, "/review", "Review a change", "language")
    await kept.page.keyboard.type("COBOL")
    await kept.page.mouse.click(5, 5)
    await expect(dialog(kept, "Review a change")).to_have_count(0)
    asked = await ask_for(kept, "/revie", "Review a change", "language")
    await expect(asked.get_by_label("language")).to_have_value("COBOL")


async def test_one_is_written_changed_deleted_and_brought_back_by_keyboard_alone(chat: Chat) -> None:
    await keep(chat.page)
    window = await open_list(chat)
    await window.get_by_role("button", name="New prompt").focus()
    await chat.page.keyboard.press("Enter")
    writing = dialog(chat, "New prompt")
    await expect(writing.get_by_label("Name")).to_be_focused()
    await chat.page.keyboard.type("Stand Up!")
    await expect(writing.get_by_label("Name")).to_have_value("stand-up")
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.type("Daily report")
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.type("Write a report about {yesterday}.")
    await expect(writing.get_by_text("Asks for: yesterday.")).to_be_visible()
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Enter")
    await window.get_by_role("button", name="Edit /stand-up").focus()
    await chat.page.keyboard.press("Enter")
    writing = dialog(chat, "Edit /stand-up")
    await writing.get_by_label("Title").fill("Report")
    await chat.page.keyboard.press("Escape")
    await expect(window.get_by_text("What you wrote is not saved.")).to_be_visible()
    await window.get_by_role("button", name="Go on writing").click()
    await expect(writing.get_by_label("Title")).to_have_value("Report")
    await writing.get_by_role("button", name="Save").click()
    await window.get_by_role("button", name="Delete /stand-up").focus()
    await chat.page.keyboard.press("Enter")
    await expect(window.get_by_role("button", name="Delete /stand-up")).to_have_count(0)
    await expect(window.get_by_role("button", name="Undo")).to_be_focused()
    await chat.page.keyboard.press("Enter")
    row = window.get_by_role("listitem").filter(has_text="/stand-up")
    await expect(row).to_contain_text("Report")
    await row.get_by_role("button").first.click()
    await expect(dialog(chat, "Report").get_by_label("yesterday")).to_be_focused()


async def test_a_name_that_is_taken_is_said_in_the_dialog(kept: Chat, watch: Watch) -> None:
    window = await open_list(kept)
    await window.get_by_role("button", name="New prompt").click()
    writing = dialog(kept, "New prompt")
    for label, text in (("Name", "review"), ("Title", "Again"), ("Text", "Again")):
        await writing.get_by_label(label).fill(text)
    await writing.get_by_role("button", name="Save").click()
    await expect(writing.get_by_role("alert")).to_have_text("You have a saved prompt of this name already.")
    await expect(writing.get_by_label("Text")).to_have_value("Again")
    assert len(watch.take("409")) == 1


async def test_a_message_becomes_a_prompt(chat: Chat) -> None:
    await keep(chat.page)
    await chat.ask("Explain tides to {whom}. /emulate rate-0")
    await chat.questions.first.hover()
    await chat.questions.first.get_by_role("button", name="Save as a prompt").click()
    writing = dialog(chat, "New prompt")
    await expect(writing.get_by_label("Name")).to_have_value("explain-tides-to-whom")
    await writing.get_by_label("Name").fill("tides")
    await writing.get_by_role("button", name="Save").click()
    await expect(writing).to_have_count(0)
    await expect(chat.page.get_by_text("Type /tides at the start of a message")).to_be_visible()
    await chat.message.fill("/tides")
    await expect(listed(chat)).to_have_count(1)
    await chat.message.fill("Draft of something")
    await chat.page.keyboard.press("Control+k")
    await chat.page.get_by_role("combobox").fill("Save what is written")
    await chat.page.keyboard.press("Enter")
    await expect(dialog(chat, "New prompt").get_by_label("Text")).to_have_value("Draft of something")


async def test_hostile_text_is_text(chat: Chat) -> None:
    hostile = "<img src=x onerror=alert(1)> {<b>} {name}"
    await keep(chat.page, {"name": "hostile", "title": "<script>alert(1)</script>", "text": hostile})
    await ask_for(chat, "/hostile", "<script>alert(1)</script>", "name")
    await chat.page.keyboard.type("<svg onload=alert(2)>")
    filled = "<img src=x onerror=alert(1)> {<b>} <svg onload=alert(2)>"
    await expect(chat.page.get_by_role("region", name="Preview")).to_have_text(filled)
    await chat.page.keyboard.press("Control+Enter")
    await expect(chat.message).to_have_value(filled)


async def test_what_a_slash_and_the_dialogs_show_can_be_seen_and_read_by_all(looked_at: Chat) -> None:
    await looked_at.open()
    await keep(looked_at.page, OWN, PLAIN)
    await looked_at.message.fill("/")
    await expect(listed(looked_at).first).to_be_visible()
    assert await findings(looked_at.page) == []
    await looked_at.message.fill("/review")
    await looked_at.message.press("Enter")
    await expect(dialog(looked_at, "Review a change")).to_be_visible()
    assert await findings(looked_at.page) == []
    await looked_at.page.keyboard.press("Escape")
    window = await open_list(looked_at)
    await window.get_by_role("button", name="Delete /shorter").click()
    await expect(window.get_by_role("button", name="Undo")).to_be_visible()
    assert await findings(looked_at.page) == []
    await window.get_by_role("button", name="Edit /review").click()
    await expect(dialog(looked_at, "Edit /review")).to_be_visible()
    assert await findings(looked_at.page) == []


async def test_on_a_phone_everything_fits_and_can_be_touched(phone: Chat) -> None:
    await phone.page.set_viewport_size({"width": 360, "height": 740})
    long = {"name": "x" * 40, "title": "A long title " * 7, "text": f"{{{'y' * 40}}} {'z' * 300}"}
    await keep(phone.page, OWN, long)
    await phone.message.fill("/")
    await expect(listed(phone).first).to_be_visible()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    await listed(phone).filter(has_text="/review").tap()
    asked = dialog(phone, "Review a change")
    await asked.get_by_label("language").fill("Go")
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    await asked.get_by_role("button", name="Put into the message").tap()
    await expect(phone.message).to_have_value(re.compile("^Review this Go change"))
    await phone.page.get_by_role("button", name="Open the list of chats").tap()
    await phone.page.get_by_role("button", name="Options of the list").tap()
    await phone.page.get_by_role("menuitem", name="Saved prompts").tap()
    window = dialog(phone, "Saved prompts")
    await expect(window.get_by_role("listitem").first).to_be_visible()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
    await window.get_by_role("button", name=f"Edit /{'x' * 40}").tap()
    assert await fits(phone)
    assert await phone.page.evaluate(TOO_SMALL) == []
