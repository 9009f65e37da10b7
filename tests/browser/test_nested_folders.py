"""Folders in folders, as a person makes, moves, folds and leaves them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Locator, expect

from tests.browser.chat import Chat, request
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def line(context: BrowserContext) -> AsyncIterator[list[dict[str, Any]]]:
    """Three folders in each other."""
    made: list[dict[str, Any]] = []
    for name in ("Zoology", "Birds", "Owls"):
        body = {"name": name, "parent": made[-1]["id"] if made else None}
        made.append(await (await request(context, "POST", "/api/folders", body)).json())
    yield made
    for folder in made:
        await request(context, "DELETE", f"/api/folders/{folder['id']}", None)


def head(chat: Chat, name: str) -> Locator:
    return chat.page.locator(".folder-head").filter(has=chat.page.get_by_role("button", name=name, exact=True))


def toggle(chat: Chat, name: str) -> Locator:
    return chat.page.get_by_role("button", name=name, exact=True)


async def menu(chat: Chat, name: str, what: str) -> None:
    await head(chat, name).hover()
    await chat.page.get_by_role("button", name=f"Options of {name}", exact=True).click()
    await chat.page.get_by_role("menuitem", name=what).click()


async def test_folders_are_unfolded_by_keyboard_and_stay_so_on_this_device(
    line: list[dict[str, Any]], chat: Chat
) -> None:
    await expect(toggle(chat, "Birds")).to_have_count(0)
    await toggle(chat, "Zoology").focus()
    await chat.page.keyboard.press("Enter")
    await expect(toggle(chat, "Zoology")).to_have_attribute("aria-expanded", "true")
    await expect(toggle(chat, "Birds")).to_have_attribute("aria-expanded", "false")
    await chat.page.keyboard.press("Tab")
    await chat.page.keyboard.press("Tab")
    await expect(toggle(chat, "Birds")).to_be_focused()
    await chat.page.keyboard.press("Space")
    await expect(toggle(chat, "Owls")).to_be_visible()
    region = chat.page.get_by_role("region", name="Folders")
    outer = region.get_by_role("listitem").filter(has=toggle(chat, "Zoology")).first
    await expect(outer.get_by_role("listitem").filter(has=toggle(chat, "Owls")).first).to_be_visible()
    await chat.page.reload()
    await expect(toggle(chat, "Owls")).to_be_visible()
    await toggle(chat, "Zoology").click()
    await chat.page.reload()
    await expect(toggle(chat, "Zoology")).to_have_attribute("aria-expanded", "false")
    await expect(toggle(chat, "Owls")).to_have_count(0)


async def test_a_folder_is_made_in_another_and_moved_by_its_dialog(line: list[dict[str, Any]], chat: Chat) -> None:
    await menu(chat, "Zoology", "New folder in here")
    dialog = chat.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Lies in")).to_have_value(line[0]["id"])
    await dialog.get_by_label("Name").fill("Fish")
    await dialog.get_by_role("button", name="Make the folder").click()
    await toggle(chat, "Zoology").click()
    await expect(toggle(chat, "Fish")).to_be_visible()
    await toggle(chat, "Birds").click()
    await menu(chat, "Owls", "Name, place")
    offered = await dialog.get_by_label("Lies in").locator("option").all_inner_texts()
    assert "Owls" not in [one.strip() for one in offered]
    known = (await (await chat.page.request.get("/api/folders")).json())["folders"]
    fish = next(one["id"] for one in known if one["name"] == "Fish")
    await dialog.get_by_label("Lies in").select_option(fish)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await toggle(chat, "Fish").click()
    inner = chat.page.locator(".folder", has=toggle(chat, "Fish")).last
    await expect(inner.get_by_role("button", name="Owls", exact=True)).to_be_visible()
    await menu(chat, "Fish", "Delete the folder")
    await expect(chat.page.get_by_role("status").filter(has_text="What was in it is in “Zoology”.")).to_be_visible()
    await expect(toggle(chat, "Fish")).to_have_count(0)
    await expect(toggle(chat, "Owls")).to_be_visible()


async def test_a_chat_begins_with_the_outer_folder_s_agent_and_moves_up_when_its_folder_goes(
    line: list[dict[str, Any]], chat: Chat, context: BrowserContext
) -> None:
    agents = (await (await context.request.get("/api/studio")).json())["agents"]
    reviewer = next(one["id"] for one in agents if one["name"] == "Code reviewer")
    body = {"name": "Zoology", "agent": reviewer}
    assert (await request(context, "PUT", f"/api/folders/{line[0]['id']}", body)).ok
    await toggle(chat, "Zoology").click()
    await toggle(chat, "Birds").click()
    await menu(chat, "Owls", "New chat in here")
    await expect(chat.chip("agent")).to_contain_text("Code reviewer")
    await chat.ask("Hoo. /emulate rate-0")
    row = chat.page.locator(f".folder [data-session='{await chat.session()}']")
    await toggle(chat, "Owls").click()
    await expect(row).to_be_visible()
    other = Chat(await context.new_page())
    await other.open("/")
    await expect(other.page.locator(f".folder [data-session='{await chat.session()}']")).to_be_visible()
    await menu(chat, "Owls", "Delete the folder")
    for tab in (chat, other):
        await expect(tab.page.locator(f".folder [data-session='{await chat.session()}']")).to_be_visible()
        await expect(toggle(tab, "Owls")).to_have_count(0)


async def test_nested_folders_can_be_seen_and_touched_on_a_phone_in_both_directions(
    phone: Chat, line: list[dict[str, Any]]
) -> None:
    await phone.page.reload()
    await phone.page.get_by_role("button", name="Open the list of chats").click()
    for name in ("Zoology", "Birds", "Owls"):
        await toggle(phone, name).click()
    assert await findings(phone.page) == []
    left = []
    for name in ("Zoology", "Birds", "Owls"):
        box = await toggle(phone, name).bounding_box()
        assert box is not None
        left.append(box["x"])
    assert left == sorted(set(left)), "each lies further in"
    await phone.page.evaluate("document.documentElement.dir = 'rtl'")
    right = []
    for name in ("Zoology", "Birds", "Owls"):
        box = await toggle(phone, name).bounding_box()
        assert box is not None
        assert box["height"] >= 40
        right.append(box["x"] + box["width"])
    assert right == sorted(set(right), reverse=True)
    assert await phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
