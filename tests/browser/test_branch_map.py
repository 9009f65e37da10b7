"""The map of branches: every message of a chat, drawn as a tree."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.chat import ANSWERED, Chat
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def edited(chat: Chat) -> None:
    """A chat with two questions on the older branch, and one on the newer, which is shown."""
    await chat.ask("First question. /emulate rate-0")
    await chat.ask("Second question. /emulate rate-0")
    await chat.questions.first.hover()
    await chat.questions.first.get_by_role("button", name="Edit message").click()
    field = chat.page.get_by_role("textbox", name="Edit the message")
    await field.fill("Other question. /emulate rate-0")
    await field.press("Control+Enter")
    await expect(chat.questions).to_have_count(1)
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)


def rows(chat: Chat) -> Locator:
    return chat.page.get_by_role("tree", name="Messages of this chat").get_by_role("treeitem")


async def test_the_map_shows_all_branches_and_leads_to_any_message(chat: Chat) -> None:
    await edited(chat)
    await chat.questions.first.get_by_role("button", name="Map of branches").click()
    await expect(rows(chat)).to_have_count(6)
    await expect(chat.page.get_by_role("dialog", name="Map of branches")).to_contain_text("2 branches")
    names = [await row.get_attribute("aria-label") or "" for row in await rows(chat).all()]
    assert names[0].startswith("Question, version 1 of 2: First question.")
    assert names[2].startswith("Question: Second question.")
    assert names[4].startswith("Question, version 2 of 2, on the screen: Other question.")
    assert names[5].startswith("Answer, on the screen: ")
    assert await chat.page.locator(".map-line").count() == 4

    await rows(chat).nth(2).click()
    await expect(rows(chat)).to_have_count(0)
    await expect(chat.questions).to_have_count(2)
    await expect(chat.questions.nth(1)).to_contain_text("Second question.")
    await expect(chat.questions.nth(1)).to_be_focused()
    await expect(chat.page).to_have_url(re.compile("#"))


async def test_the_map_is_walked_by_the_keyboard(chat: Chat) -> None:
    await edited(chat)
    await chat.message.press("Control+Shift+Y")
    tree = chat.page.get_by_role("tree", name="Messages of this chat")
    await expect(tree).to_be_focused()
    active = tree.locator("[aria-selected=true]")
    await expect(active).to_have_attribute("aria-label", re.compile("^Answer, on the screen"))
    for key, label in (
        ("ArrowLeft", "Question, version 2 of 2"),
        ("ArrowRight", "Question, version 1 of 2"),
        ("ArrowDown", "Answer: "),
        ("ArrowDown", "Question: Second"),
        ("End", "Answer, on the screen"),
        ("Home", "Question, version 1 of 2"),
    ):
        await tree.press(key)
        await expect(active).to_have_attribute("aria-label", re.compile(f"^{label}"))
        assert await tree.get_attribute("aria-activedescendant") == await active.get_attribute("id")
    await tree.press("Enter")
    await expect(chat.questions.first).to_contain_text("First question.")
    await expect(chat.questions).to_have_count(2)
    await chat.page.keyboard.press("Control+k")
    await chat.page.get_by_role("combobox").fill("Map of")
    await chat.page.get_by_role("option", name="Map of branches").click()
    await expect(tree).to_be_focused()
    await tree.press("Escape")
    await expect(tree).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_map_is_accessible(chat: Chat, scheme: str) -> None:
    await chat.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await edited(chat)
    await chat.message.press("Control+Shift+Y")
    await expect(rows(chat)).to_have_count(6)
    assert await findings(chat.page) == []


async def test_a_map_of_thousands_draws_what_is_in_view(chat: Chat) -> None:
    """A stand-in for the server's answer: what is tested is the drawing."""
    await chat.ask("Hello. /emulate rate-0")
    made = [{"id": "m-0", "parent": None, "role": "user", "words": "Start"}]
    made += [
        {
            "id": f"m-{n}",
            "parent": f"m-{n - 1 - n % 7 // 6}",
            "role": "assistant" if n % 2 else "user",
            "words": f"Words {n}",
        }
        for n in range(1, 5000)
    ]
    await chat.page.route("**/outline", lambda route: route.fulfill(json={"messages": made, "leaf": "m-4999"}))
    await chat.message.press("Control+Shift+Y")
    await expect(rows(chat).first).to_be_attached()
    await expect(chat.page.locator(".map-row.active")).to_be_in_viewport()
    assert await rows(chat).count() < 120
    slowest = await chat.page.evaluate(
        """async () => {
            const tree = document.querySelector(".map-tree");
            let slowest = 0;
            for (let at = 0; at < 60; at++) {
                const began = performance.now();
                tree.scrollTop = at * 400;
                await new Promise(requestAnimationFrame);
                await new Promise((done) => setTimeout(done));
                slowest = Math.max(slowest, performance.now() - began);
            }
            return slowest;
        }"""
    )
    assert await rows(chat).count() < 120
    assert slowest < 1000, "a busy machine is given room: the goal is measured by hand"
    await expect(chat.page.locator(".map-row").filter(has_text="Words 660").first).to_be_attached()
