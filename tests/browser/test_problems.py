"""What goes wrong is said where it happened, with what helps, and nothing of the answer is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests import servers
from tests.browser.chat import Chat, Watch, cookies_of_admin


@pytest.fixture(scope="session")
def studio() -> Iterator[servers.StudioServer]:
    """A server of its own: a token or a provider that failed rests for minutes, which is nothing for the other tests."""
    with servers.running_studio({"SENDS_PER_MINUTE": "10000"}) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def signed_in(browser: Browser, studio: servers.StudioServer) -> Any:
    return await cookies_of_admin(browser, studio)


pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# Looks from inside the page: what is said for a moment only must not be missed.
REASONS = """() => {
    window.reasons = [];
    new MutationObserver(() => document.querySelectorAll('.waiting-reason').forEach(node => window.reasons.push(node.textContent)))
        .observe(document.querySelector('main'), {childList: true, subtree: true, characterData: true});
}"""


async def test_a_retry_is_said_while_it_waits_and_forgotten_when_it_works(chat: Chat) -> None:
    await chat.page.evaluate(REASONS)
    await chat.ask("Now or later. /emulate fail-503-1 rate-0")
    said = await chat.page.evaluate("window.reasons")
    assert any(re.match(r"The provider has a fault\. Trying Story again( in \d s)?…", text) for text in said), said
    await expect(chat.page.locator(".waiting-reason")).to_have_count(0)
    await expect(chat.problems).to_have_count(0)


@pytest.mark.parametrize(
    ("behaviour", "code", "action"),
    [
        ("error-401", "provider_authentication_failed", "Choose another model"),
        ("error-404", "model_not_found", "Choose another model"),
        ("context-length", "context_too_long", "Start a new chat"),
        ("policy", "content_filtered", "Choose another model"),
        ("html", "provider_malformed_response", "Try again"),
    ],
)
async def test_an_error_shows_a_card_with_what_helps(chat: Chat, behaviour: str, code: str, action: str) -> None:
    answer = await chat.ask(f"/emulate {behaviour}", status="failed")
    card = answer.locator(".problem")
    await expect(card).to_have_attribute("data-code", code)
    await expect(card.get_by_role("button", name=action)).to_be_visible()


async def test_what_was_said_before_an_error_stays(chat: Chat) -> None:
    answer = await chat.ask("/emulate cut-25 rate-60", status="failed")
    await expect(answer.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){3}"))
    await expect(answer.locator(".problem")).to_have_attribute("data-code", "stream_interrupted")
    await chat.page.reload()
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){3}"))
    await expect(chat.answers.first.locator(".problem")).to_be_visible()


async def test_try_again_answers_the_same_message_once_more(chat: Chat) -> None:
    await chat.ask("/emulate error-401", status="failed")
    await chat.choose("model", "Echo")
    await expect(chat.transitions).to_have_count(1)
    await chat.answers.first.get_by_role("button", name="Answer again").click()
    await expect(chat.questions).to_have_count(1)
    await expect(chat.answers).to_have_count(1)


async def test_choose_another_model_opens_the_list(chat: Chat) -> None:
    answer = await chat.ask("/emulate error-404", status="failed")
    await answer.get_by_role("button", name="Choose another model").click()
    await expect(chat.page.get_by_role("combobox")).to_be_focused()


async def test_another_provider_s_model_is_asked_by_one_click(chat: Chat) -> None:
    answer = await chat.ask("Hello. /emulate error-404", status="failed")
    trace = (await chat.stored())[1]["generation"]["id"]
    await expect(answer.locator(".problem")).to_contain_text(trace)
    await answer.get_by_role("button", name="Ask Thinker").click()
    await expect(chat.answers.first.locator(".branches")).to_contain_text("2/2")


async def test_the_length_limit_is_a_note_not_an_error(chat: Chat) -> None:
    answer = await chat.ask("/emulate length-20 rate-0")
    await expect(answer.locator(".note")).to_contain_text("length limit")
    await expect(answer.locator(".problem")).to_have_count(0)


@pytest.mark.parametrize(
    ("behaviour", "note"),
    [("empty", "The model said nothing."), ("tool-call", "The answer ends where the model asked for a tool.")],
)
async def test_an_answer_without_words_says_why(chat: Chat, behaviour: str, note: str) -> None:
    answer = await chat.ask(f"/emulate {behaviour}")
    await expect(answer.locator(".note")).to_have_text(note)


async def test_a_chat_that_does_not_exist_is_a_friendly_page(chat: Chat, watch: Watch) -> None:
    await chat.page.goto("/c/s-nobodyhasthisone1")
    await expect(chat.page.get_by_role("heading", name="This chat is not here")).to_be_visible()
    await expect(chat.message).to_have_count(0)
    await chat.page.get_by_role("button", name="Start a new chat").click()
    await expect(chat.message).to_be_visible()
    assert watch.take("404")


async def test_somebody_who_was_signed_out_elsewhere_is_told(chat: Chat, watch: Watch) -> None:
    await chat.page.context.clear_cookies(name="sessionid")
    await chat.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await chat.page.reload()
    await expect(chat.page.get_by_role("button", name="Sign in")).to_be_visible()
    watch.take("401")  # what the page was asking for just then
