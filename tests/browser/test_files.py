"""Files in the page: picked, dropped, pasted, refused with a reason, kept over a reload, and shown in messages."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.async_api import FilePayload, Locator, expect

from ai_studio.emulator.testing import received_requests
from tests import servers
from tests.browser.chat import ENDLESS, Chat, Watch
from tests.browser.looking import findings
from tests.integration.uploads import pdf, picture

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CAT = FilePayload(name="cat.png", mimeType="image/png", buffer=picture(size=(900, 600)))
NOTES = FilePayload(name="notes.md", mimeType="text/markdown", buffer=b"# The answer is 42")


def chips(chat: Chat) -> Locator:
    return chat.page.get_by_role("list", name="Files of this message").get_by_role("listitem")


def send_button(chat: Chat) -> Locator:
    return chat.page.get_by_role("button", name="Send", exact=True)


async def pick(chat: Chat, *files: FilePayload) -> None:
    async with chat.page.expect_file_chooser() as chooser:
        await chat.page.get_by_role("button", name="Add files").click()
    await (await chooser.value).set_files(list(files))


async def hand_over(chat: Chat, kind: str, files: Iterable[FilePayload], text: str = "") -> None:
    """A paste, or a drag with its drop, as the browser makes them."""
    given = [[file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()] for file in files]
    await chat.page.evaluate(
        """([kind, given, text]) => {
            const data = new DataTransfer();
            for (const [name, type, base64] of given) {
                const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
                data.items.add(new File([bytes], name, { type }));
            }
            if (text !== "") data.setData("text/plain", text);
            const target = document.querySelector("#message");
            const options = { bubbles: true, cancelable: true };
            const event = kind === "paste" ? new ClipboardEvent(kind, { ...options, clipboardData: data })
                : new DragEvent(kind, { ...options, dataTransfer: data });
            target.dispatchEvent(event);
        }""",
        [kind, given, text],
    )


async def last_request(studio: servers.StudioServer) -> dict[str, Any]:
    requests = await asyncio.to_thread(received_requests, studio.emulator_url)
    streamed = [request["body"] for request in requests if "Write a title" not in str(request["body"])]
    found: dict[str, Any] = streamed[-1]
    return found


async def test_a_file_is_found_by_its_content_and_leads_to_its_message(chat: Chat) -> None:
    plan = FilePayload(name="Expedition.md", mimeType="text/markdown", buffer=b"We meet the Blauwalforscherin at noon.")
    await pick(chat, plan)
    await chat.message.fill("When do we meet?")
    await expect(send_button(chat)).to_be_enabled()  # it is uploaded and was checked
    await chat.ask("When do we meet? /emulate rate-0")
    session = await chat.session()
    await chat.open("/")
    await chat.message.press("Control+Shift+F")
    await chat.page.get_by_role("combobox", name="Search your chats").fill("blauwalf")
    hit = chat.page.get_by_role("listbox", name="Results").get_by_role("option").filter(has_text="Expedition.md")
    await expect(hit.locator("mark")).to_have_text("Blauwalf")
    await hit.click()
    await chat.page.wait_for_url(f"**/c/{session}#*")
    await expect(chat.questions.first.get_by_role("link", name="Expedition.md")).to_be_in_viewport()


async def test_a_picture_and_a_document_go_to_the_model(chat: Chat, studio: servers.StudioServer) -> None:
    await pick(chat, CAT, NOTES)
    await expect(chips(chat)).to_have_count(2)
    await expect(chips(chat).first.locator("img.file-face")).to_be_visible()
    answer = await chat.ask("What are these? /emulate rate-0")
    await expect(chips(chat)).to_have_count(0)
    question = chat.questions.first
    await expect(question.get_by_role("button", name="Show cat.png")).to_be_visible()
    await expect(question.get_by_role("link", name="notes.md")).to_have_attribute("download", "notes.md")
    content = (await last_request(studio))["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["image_url", "text"]
    assert "# The answer is 42" in content[1]["text"]
    await chat.page.reload()
    await expect(answer).to_be_visible()
    await expect(question.get_by_role("button", name="Show cat.png").locator("img")).to_be_visible()


async def test_a_picture_opens_large_and_gives_the_focus_back(chat: Chat) -> None:
    await pick(chat, CAT, {**CAT, "name": "dog.png"})
    await expect(send_button(chat)).to_be_enabled()
    await chat.ask("/emulate rate-0")
    small = chat.questions.first.get_by_role("button", name="Show cat.png")
    await small.press("Enter")
    large = chat.page.get_by_role("dialog")
    await expect(large.get_by_role("img", name="cat.png")).to_be_visible()
    assert await large.get_by_role("img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 900
    await chat.page.keyboard.press("ArrowRight")
    await expect(large.get_by_role("img", name="dog.png")).to_be_visible()
    await chat.page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await expect(small).to_be_focused()


async def test_the_whole_page_takes_what_is_dropped(chat: Chat) -> None:
    await hand_over(chat, "dragenter", [CAT])
    await expect(chat.page.get_by_text("Drop files to add them")).to_be_visible()
    await hand_over(chat, "drop", [CAT, NOTES])
    await expect(chat.page.get_by_text("Drop files to add them")).to_have_count(0)
    await expect(chips(chat)).to_have_count(2)


async def test_pictures_are_pasted_and_tables_stay_text(chat: Chat) -> None:
    await hand_over(chat, "paste", [CAT], "a\tb")
    await expect(chips(chat)).to_have_count(0)
    await hand_over(chat, "paste", [CAT])
    await expect(chips(chat)).to_have_count(1)


async def test_a_message_may_be_a_picture_alone(chat: Chat) -> None:
    await expect(send_button(chat)).to_be_disabled()
    await pick(chat, CAT)
    await expect(send_button(chat)).to_be_enabled()
    await chat.message.press("Enter")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=20_000)
    (question, _) = await chat.stored()
    assert [part["type"] for part in question["parts"]] == ["file"]
    assert await chat.questions.first.locator(".bubble").count() == 0


async def test_what_is_refused_says_why_and_is_taken_out(chat: Chat, watch: Watch) -> None:
    hostile = FilePayload(name="page.png", mimeType="image/png", buffer=b"<script>alert(1)</script>")
    await pick(chat, hostile, FilePayload(name="empty.txt", mimeType="text/plain", buffer=b""))
    await expect(chips(chat).first.get_by_role("alert")).to_contain_text("Files of this kind can't be used.")
    await expect(chips(chat).last.get_by_role("alert")).to_have_text("This file is empty.")
    await chat.message.fill("Look")
    await expect(send_button(chat)).to_be_disabled()
    for name in ("page.png", "empty.txt"):
        await chat.page.get_by_role("button", name=f"Remove {name}").click()
    await expect(chips(chat)).to_have_count(0)
    await expect(send_button(chat)).to_be_enabled()
    await expect(chat.message).to_be_focused()
    assert watch.take("415") != []


async def test_files_stay_with_the_draft_over_a_reload(chat: Chat) -> None:
    await chat.message.fill("A draft")
    await pick(chat, CAT)
    await expect(chips(chat).locator("img.file-face")).to_be_visible()
    await chat.page.reload()
    await expect(chips(chat)).to_have_count(1)
    await expect(chips(chat)).to_contain_text("cat.png")
    await expect(chat.message).to_have_value("A draft")
    await chat.ask("Sent. /emulate rate-0")
    await chat.page.reload()
    await expect(chat.answers).to_have_count(1)
    await expect(chips(chat)).to_have_count(0)


async def test_files_belong_to_their_chat(chat: Chat) -> None:
    await chat.ask("First. /emulate rate-0")
    await pick(chat, NOTES)
    await expect(chips(chat)).to_have_count(1)
    await chat.page.keyboard.press("Control+Shift+O")
    await expect(chat.answers).to_have_count(0)
    await expect(chips(chat)).to_have_count(0)
    await chat.page.go_back()
    await expect(chips(chat)).to_have_count(1)


async def test_a_model_that_sees_nothing_says_so_before_it_is_sent(chat: Chat) -> None:
    await chat.choose("model", "Echo")
    await pick(chat, CAT)
    note = chat.page.get_by_role("status").filter(has_text="Echo can't see images.")
    await expect(note).to_be_visible()
    await chat.message.fill("Look")
    await expect(send_button(chat)).to_be_disabled()
    await chat.choose("model", "Story")
    await expect(note).to_have_count(0)
    await expect(send_button(chat)).to_be_enabled()


async def test_a_scan_without_text_says_so(chat: Chat) -> None:
    await pick(chat, FilePayload(name="scan.pdf", mimeType="application/pdf", buffer=pdf("")))
    await expect(chat.page.get_by_text("There is no text in scan.pdf")).to_be_visible()
    await expect(send_button(chat)).to_be_disabled()


async def test_an_edited_message_keeps_its_files(chat: Chat) -> None:
    await pick(chat, CAT)
    await expect(send_button(chat)).to_be_enabled()
    await chat.ask("First. /emulate rate-0")
    await chat.questions.first.hover()
    await chat.questions.first.get_by_role("button", name="Edit message").click()
    await chat.page.get_by_role("textbox", name="Edit the message").fill("Second. /emulate rate-0")
    await chat.page.keyboard.press("Control+Enter")
    await expect(chat.questions.first).to_contain_text("2/2")
    question = (await chat.stored())[0]
    assert [part["type"] for part in question["parts"]] == ["file", "text"]


async def test_a_queued_message_keeps_its_files(chat: Chat) -> None:
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).not_to_be_empty()
    await pick(chat, CAT)
    await expect(chat.page.get_by_role("button", name="Queue")).to_be_enabled()
    await chat.send("And this? /emulate rate-0")
    queue = chat.page.get_by_role("region", name="Queued messages")
    await expect(queue).to_contain_text("cat.png")
    await expect(chips(chat)).to_have_count(0)
    await queue.get_by_role("button", name="Edit the queued message").click()
    await expect(chips(chat)).to_have_count(1)
    await chat.stop_button.click()


async def test_files_are_accessible_in_light_and_dark(looked_at: Chat) -> None:
    await looked_at.open()
    await looked_at.choose("model", "Echo")
    bad = FilePayload(name="page.png", mimeType="image/png", buffer=b"<html>")
    await pick(looked_at, CAT, NOTES, bad)
    await expect(looked_at.page.get_by_role("alert")).to_be_visible()
    await expect(looked_at.page.get_by_text(re.compile("Echo can't see images"))).to_be_visible()
    assert await findings(looked_at.page) == []
    await looked_at.page.get_by_role("button", name="Remove page.png").click()
    await looked_at.choose("model", "Story")
    await looked_at.ask("/emulate rate-0")
    assert await findings(looked_at.page) == []
    await looked_at.questions.first.get_by_role("button", name="Show cat.png").click()
    await expect(looked_at.page.get_by_role("dialog")).to_be_visible()
    assert await findings(looked_at.page) == []
