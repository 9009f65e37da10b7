"""A trial of an agent on its page of the admin."""

from __future__ import annotations

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.chat import Watch
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()


async def test_a_trial_shows_what_was_called(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.goto("/admin/ai_studio/agent/?q=Planner")
    await page.locator("#result_list tbody a").first.click()
    await page.get_by_role("link", name="Try it").click()
    await ask(page, "What time is it? /emulate tool-call")
    call = page.locator(".trial-call")
    await expect(call.locator("summary")).to_have_text("Called current_time")
    await expect(page.locator(".trial-answer")).to_contain_text("The tool answered")
    await expect(page.locator(".trial-facts")).to_contain_text("tokens in")
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text("Europe/Lisbon")
    await expect(call.locator("pre").last).to_contain_text('"weekday"')
    assert await findings(page) == []
    # The conversation goes on, and a call that fails says so.
    await ask(page, "Which clock? /emulate tool-call-odd")
    await expect(call.last.locator("summary")).to_have_text("current_time failed")
    await expect(page.locator(".trial-answer").last).to_contain_text("is no time zone")
    await expect(page.locator(".trial-facts")).to_have_count(2)
