"""A team admin uploads a document and gives it to an agent: the inspector shows it, and a model gets it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests import servers
from tests.browser.chat import Chat, Watch, as_at_first, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(240)]

TEXT = "The office opens at nine and closes when the owl calls."


async def test_a_document_goes_from_the_admin_into_an_answer(browser: Browser, studio: servers.StudioServer) -> None:
    context = await browser.new_context(base_url=studio.base_url, viewport={"width": 1280, "height": 900})
    watch = Watch(context, studio.base_url)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page, "ada@example.com", studio.admin_password)
    await as_at_first(context)
    await _make_library(page)
    await _upload(page)
    await _make_agent(page)
    await page.get_by_role("link", name="Inspect its prompt").click()
    await expect(page.locator(".segment.from-library")).to_contain_text(TEXT)
    await expect(page.get_by_text("Library Handbook: 1 of 1 document in this prompt")).to_be_visible()

    chat = Chat(page)
    await chat.open()
    await chat.choose("agent", "Porter")
    await chat.choose("model", "Echo")
    answer = await chat.ask("When does the office open?")
    assert await chat.text(answer) == "When does the office open?"
    sent = await (await page.request.get(f"{studio.emulator_url}/_emulator/requests")).json()
    assert any("When does the office open?" in str(each) and TEXT in str(each) for each in sent)
    assert watch.reports == []
    await context.close()


async def _make_library(page: Page) -> None:
    await page.goto("/admin/ai_studio/library/add/")
    await page.get_by_label("Name").fill("Handbook")
    await page.get_by_role("button", name="Save and continue editing").click()
    await expect(page.get_by_role("heading", name="Documents")).to_be_visible()


async def _upload(page: Page) -> None:
    file: Any = {"name": "hours.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    await page.get_by_label("Add documents").set_input_files([file])
    await page.get_by_role("button", name="Upload").click()
    await expect(page.get_by_text("hours.txt is in the library.")).to_be_visible()
    await page.get_by_role("link", name="hours.txt").click()
    await expect(page.locator(".library-text")).to_have_text(TEXT)


async def _make_agent(page: Page) -> None:
    await page.goto("/admin/ai_studio/agent/add/")
    await page.get_by_label("Name").fill("Porter")
    await page.locator("#id_instructions").fill("You know the house.")
    await page.get_by_label("Library", exact=True).select_option(label="Handbook · Research")
    await page.get_by_role("button", name="Save and continue editing").click()
    await expect(page.get_by_role("link", name="Inspect its prompt")).to_be_visible()
