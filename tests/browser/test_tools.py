"""A tool call on the page: the call, its result, and the answer that is made of it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_call_its_result_and_the_answer_are_seen(chat: Chat) -> None:
    await chat.choose("agent", "Planner")
    answer = await chat.ask("What time is it? /emulate tool-call")
    call = answer.locator("details.tool")
    await expect(call.locator("summary")).to_contain_text("current_time")
    await expect(call.locator("summary")).to_contain_text("done")
    await expect(call.get_by_label("Result")).to_be_hidden()
    await call.locator("summary").press("Enter")
    await expect(call.get_by_label("Arguments")).to_contain_text("Europe/Lisbon")
    await expect(call.get_by_label("Result")).to_contain_text('"weekday"')
    await expect(answer.locator(".prose")).to_contain_text("The tool answered")
    assert await findings(chat.page) == []
    # The next turn brings the call along, and a reload shows it as it was.
    await chat.ask("And now?")
    await chat.page.reload()
    await expect(call.locator("summary")).to_contain_text("done")


async def test_a_call_that_failed_says_why(chat: Chat) -> None:
    await chat.choose("agent", "Planner")
    answer = await chat.ask("Which clock? /emulate tool-call-odd")
    call = answer.locator("details.tool")
    await expect(call.locator("summary")).to_contain_text("failed")
    await call.locator("summary").click()
    await expect(call.locator(".tool-error")).to_contain_text("is no time zone")
    await expect(answer.locator(".prose")).to_contain_text("is no time zone")
