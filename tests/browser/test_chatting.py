"""A message in, words out; stop, reload, and everything around one answer."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests.browser.chat import ANSWERED, ENDLESS, Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


# Looks from inside the page, which no busy machine can make miss a step.
LENGTHS = """() => {
    window.lengths = new Set();
    new MutationObserver(() => window.lengths.add(document.querySelector('article.answer .prose')?.textContent.length ?? 0))
        .observe(document.querySelector('main'), {childList: true, subtree: true, characterData: true});
}"""


async def test_an_answer_grows_word_by_word_and_completes(chat: Chat) -> None:
    await chat.page.evaluate(LENGTHS)
    answer = await chat.ask("Tell me something. /emulate tokens-60 rate-60")
    assert await chat.page.evaluate("window.lengths.size") >= 8, "it did not come in pieces"
    stored = (await chat.stored())[-1]["parts"][-1]["text"]
    assert "".join((await chat.text(answer)).split()) == "".join(stored.split())


async def test_the_address_and_the_sidebar_have_the_new_chat_and_its_title(chat: Chat) -> None:
    await chat.ask("Where do pelicans sleep? /emulate rate-0")
    row = chat.page.locator(f"[data-session='{await chat.session()}']")
    await expect(row).to_have_class(re.compile("open"))
    await expect(row).to_contain_text(re.compile("pelicans", re.IGNORECASE))
    await expect(chat.page).to_have_title(re.compile("pelicans.* · Chat Studio", re.IGNORECASE))


async def test_a_stop_freezes_the_text_at_the_click_and_keeps_it(chat: Chat) -> None:
    await chat.send("/emulate tokens-2000 rate-100")
    answer = chat.answers.first
    await expect(answer.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){20}"))
    # The click and the look at the text in one turn of the page: nothing can be drawn in between.
    seen = await chat.page.evaluate(
        "() => { document.querySelector('.send.stop').click(); return new Promise(done => requestAnimationFrame(() =>"
        " requestAnimationFrame(() => done(document.querySelector('article.answer .prose').innerText)))) }"
    )
    await expect(answer).to_have_attribute("data-status", "stopped")
    assert await chat.text(answer) == seen
    await expect(answer.locator(".note")).to_contain_text("Stopped.")
    stored = (await chat.stored())[-1]
    assert stored["generation"]["status"] == "stopped"
    assert "".join(stored["parts"][-1]["text"].split()) == "".join(seen.split()), "what was seen is what is kept"
    await expect(chat.send_button).to_be_visible()


async def test_an_answer_that_was_stopped_goes_on(chat: Chat) -> None:
    await chat.send("/emulate tokens-300 rate-60")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){10}"))
    await chat.stop_button.click()
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped")
    seen = await chat.text(chat.answers.first)
    await chat.answers.first.get_by_role("button", name="Continue").click()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.answers).to_have_count(1)
    whole = await chat.text(chat.answers.first)
    assert len(whole) > len(seen)
    assert "".join(whole.split()).startswith("".join(seen.split())[:-1])


async def test_escape_stops(chat: Chat) -> None:
    await chat.send(ENDLESS)
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"\w+"))
    await chat.page.keyboard.press("Escape")
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped")


async def test_a_reload_brings_back_the_same(chat: Chat) -> None:
    prose = (await chat.ask("All of it, please. /emulate showcase rate-0")).locator(".prose").first

    async def text() -> str:
        # Formulas are drawn once the code for them is there, each with its source beside it.
        await expect(prose.locator("[data-maths] .katex").first).to_be_attached()
        await expect(prose.locator("[data-maths]:not(:has(.katex))")).to_have_count(0)
        return await prose.evaluate("node => node.textContent")

    before = await text()
    await chat.page.reload()
    await expect(chat.answers.first).to_have_attribute("data-status", "completed")
    assert await text() == before


async def test_a_reload_in_the_middle_of_an_answer_goes_on(chat: Chat) -> None:
    await chat.send("/emulate tokens-150 rate-60")
    await expect(chat.answers.first.locator(".prose")).to_contain_text(re.compile(r"(\S+\s+){10}"))
    await chat.page.reload()
    await expect(chat.answers.first).to_have_attribute("data-status", "streaming")
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    stored = (await chat.stored())[-1]["parts"][-1]["text"]
    assert "".join((await chat.text(chat.answers.first)).split()) == "".join(stored.split())


async def test_a_second_tab_sees_the_same_as_it_is_written(chat: Chat, context: BrowserContext) -> None:
    await chat.ask("First. /emulate rate-0")
    other = Chat(await context.new_page())
    await other.open(f"/c/{await chat.session()}")
    await expect(other.answers).to_have_count(1)
    await chat.send("Second. /emulate tokens-80 rate-80")
    await expect(other.questions.nth(1)).to_contain_text("Second.")
    await expect(other.answers.nth(1)).to_have_attribute("data-status", "streaming")
    await expect(other.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert await other.text(other.answers.nth(1)) == await chat.text(chat.answers.nth(1))


async def test_reasoning_is_folded_and_says_how_long_it_took(chat: Chat) -> None:
    answer = await chat.ask("/emulate reasoning-30 rate-100")
    fold = answer.locator("details.reasoning")
    await expect(fold.locator("summary")).to_contain_text(re.compile(r"Thought for \d"))
    await expect(fold.locator(".prose")).to_be_hidden()
    await fold.locator("summary").click()
    await expect(fold.locator(".prose")).to_be_visible()


async def test_an_answer_can_be_copied_asked_for_again_and_looked_into(chat: Chat) -> None:
    answer = await chat.ask("Say it. /emulate rate-0")
    await answer.get_by_role("button", name="Copy answer").click()
    copied = await chat.page.evaluate("navigator.clipboard.readText()")
    assert copied == (await chat.stored())[-1]["parts"][-1]["text"]

    await answer.get_by_role("button", name="Details of this answer").click()
    card = chat.page.locator(".details-card:popover-open")
    await expect(card).to_contain_text("Tokens written")
    await expect(card).to_contain_text("First word after")
    await expect(card).to_contain_text("$")
    await chat.page.keyboard.press("Escape")
    await expect(card).to_have_count(0)

    first = (await chat.stored())[-1]["id"]
    await answer.get_by_role("button", name="Answer again").click()
    await expect(chat.page.locator(f"[data-message='{first}']")).to_have_count(0)
    await expect(chat.answers.first).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.answers).to_have_count(1)


async def test_code_has_its_language_its_colours_and_a_button_that_copies(chat: Chat) -> None:
    answer = await chat.ask("Some code. /emulate showcase rate-0")
    block = answer.locator("figure.code").first
    await expect(block.locator("figcaption span")).not_to_be_empty()
    await expect(block.locator("code span[class^=hljs]").first).to_be_attached()
    await block.get_by_role("button", name="Copy code").click()
    await expect(block.get_by_role("button", name="Copied")).to_be_visible()
    assert await chat.page.evaluate("navigator.clipboard.readText()") == await block.locator("code").inner_text()


async def test_an_over_long_message_is_refused_before_it_is_sent(chat: Chat) -> None:
    await chat.message.fill("x" * 100_001)
    await expect(chat.page.get_by_role("alert")).to_contain_text("1 character too many")
    await expect(chat.send_button).to_be_disabled()
    await chat.message.press("Enter")
    await expect(chat.questions).to_have_count(0)
    await chat.message.fill("🧐" * 100_000)
    await expect(chat.page.locator(".limit")).to_contain_text("0 characters left")
    await expect(chat.send_button).to_be_enabled()


async def test_drafts_stay_with_their_chat(chat: Chat) -> None:
    await chat.ask("One. /emulate rate-0")
    await chat.message.fill("for the first")
    await chat.page.get_by_role("button", name="New chat").first.click()
    await expect(chat.message).to_have_value("")
    await chat.message.fill("for a new one")
    await chat.page.go_back()
    await expect(chat.message).to_have_value("for the first")
    await chat.page.go_forward()
    await expect(chat.message).to_have_value("for a new one")
    await chat.page.reload()
    await expect(chat.message).to_have_value("for a new one")


async def test_while_a_word_is_composed_enter_does_not_send(chat: Chat) -> None:
    await chat.message.fill("にほん")
    await chat.message.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await expect(chat.questions).to_have_count(0)
    await chat.message.press("Shift+Enter")
    await expect(chat.message).to_have_value("にほん\n")


async def test_a_message_sent_before_the_page_knows_its_models_is_not_lost(chat: Chat) -> None:
    may_come = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    await chat.page.route("**/api/studio", hold)
    await chat.page.goto("/")
    await chat.message.fill("Early. /emulate rate-0")
    await chat.message.press("Enter")
    await chat.message.press("Enter")
    await expect(chat.message).to_have_value("Early. /emulate rate-0")
    may_come.set()
    await expect(chat.questions).to_have_count(1)
    await expect(chat.questions.first).to_contain_text("Early.")
    await expect(chat.message).to_have_value("")


async def test_a_long_message_is_folded(chat: Chat) -> None:
    await chat.ask("A line of what was pasted.\n" * 60 + "/emulate rate-0")
    bubble = chat.questions.first.locator(".bubble")
    folded = await bubble.bounding_box()
    await bubble.get_by_role("button", name="Show all").click()
    whole = await bubble.bounding_box()
    assert folded is not None
    assert whole is not None
    assert folded["height"] < 350 < whole["height"]
