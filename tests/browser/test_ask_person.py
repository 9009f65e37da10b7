"""A model asks the person: a card at the end of the answer, whose options are sent as the next message."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.chat import ANSWERED, Chat, Watch
from tests.browser.looking import TOO_SMALL, findings, fits

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

QUESTION = "What matters most to you here?"


def card(chat: Chat, index: int = -1) -> Locator:
    return chat.page.get_by_role("group", name=QUESTION).nth(index)


async def ask(chat: Chat, text: str) -> Locator:
    await chat.choose("agent", "Writing coach")
    return await chat.ask(text)


async def test_an_option_is_chosen_after_a_reload_and_stays_marked(chat: Chat) -> None:
    answer = await ask(chat, "Ask me what matters /emulate question")
    await expect(answer.locator(".prose")).to_contain_text("one thing that only you can say")
    await expect(answer.locator("details.tool")).to_have_count(0)
    await expect(answer.locator(".note")).to_have_text("Choose one, or write your own answer.")
    assert await findings(chat.page) == []
    await chat.page.reload()
    await chat.message.fill("a draft that is not done")
    await card(chat).get_by_role("button", name="Tone").press("Enter")
    await expect(chat.questions.last).to_contain_text("Tone")
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    await expect(chat.message).to_have_value("a draft that is not done")
    for _ in range(2):
        await expect(card(chat).get_by_role("listitem").filter(has_text="Chosen")).to_have_text(re.compile("^Tone"))
        await expect(card(chat).get_by_role("button")).to_have_count(0)
        assert await findings(chat.page) == []
        await chat.page.reload()
    asked, reply = (await chat.stored())[-3:-1]
    assert (asked["parts"][-1]["output"], reply["parts"]) == (
        "The question is shown to the person. Their reply will be the next message.",
        [{"type": "text", "text": "Tone"}],
    )


async def test_several_are_chosen(chat: Chat) -> None:
    await ask(chat, "Ask me what matters /emulate question several")
    send = card(chat).get_by_role("button", name="Send choice")
    await expect(send).to_be_disabled()
    await card(chat).get_by_role("checkbox", name="Examples").check()
    await card(chat).get_by_role("checkbox", name="Clarity").press("Space")
    await send.click()
    await expect(chat.questions.last).to_contain_text("Clarity, Examples")
    await expect(card(chat).locator(".chosen")).to_have_text([re.compile("^Clarity"), re.compile("^Examples")])


async def test_each_branch_has_its_own_reply(chat: Chat) -> None:
    await ask(chat, "Ask me what matters /emulate question")
    await card(chat).get_by_role("button", name="Length").click()
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    # Asked once more: on that branch nothing is chosen yet. One's own words are a reply too.
    await chat.answers.first.get_by_role("button", name="Answer again").click()
    await expect(card(chat).get_by_role("button")).to_have_count(3, timeout=ANSWERED)
    await chat.ask("Neither of these")
    await expect(card(chat).get_by_role("listitem")).to_have_count(3)
    await expect(card(chat).locator(".chosen")).to_have_count(0)
    await chat.answers.first.get_by_role("button", name=re.compile("^Previous")).click()
    await expect(card(chat).locator(".chosen")).to_have_text(re.compile("^Length"))


async def test_what_was_pressed_offline_is_sent_once_there_is_a_network(chat: Chat, watch: Watch) -> None:
    await ask(chat, "Ask me what matters /emulate question 2")
    await chat.page.context.set_offline(True)
    await expect(chat.banner).to_be_visible()
    await card(chat).get_by_role("button", name="Clarity").click()
    await expect(card(chat).locator(".chosen")).to_have_text(re.compile("^Clarity"))
    await chat.page.context.set_offline(False)
    await expect(chat.answers.nth(1)).to_have_attribute("data-status", "completed", timeout=ANSWERED)
    assert (await chat.stored())[-2]["parts"] == [{"type": "text", "text": "Clarity"}]
    watch.take("ERR_INTERNET_DISCONNECTED")


async def test_side_by_side_the_chat_goes_on_with_the_one_that_is_replied_to(chat: Chat) -> None:
    await chat.choose("agent", "Writing coach")
    await chat.choose("model", "Echo")
    await chat.chip("model").click()
    await chat.page.get_by_title("Ask Story as well, side by side", exact=True).click()
    await chat.page.keyboard.press("Escape")
    await chat.send("Ask me what matters /emulate question rate-0")
    story = chat.page.get_by_role("region", name="Story", exact=True)
    await story.get_by_role("button", name="Tone").click(timeout=ANSWERED)
    await expect(chat.questions.last).to_contain_text("Tone", timeout=ANSWERED)
    await expect(card(chat, 0).locator(".chosen")).to_have_text(re.compile("^Tone"))
    asked, reply = (await chat.stored())[1:3]
    assert (asked["generation"]["model"]["name"], reply["parent"]) == ("Story", asked["id"])


async def test_arguments_that_are_no_question_are_told_to_the_model(chat: Chat) -> None:
    answer = await ask(chat, "Ask me what matters /emulate question 7")
    await expect(answer.locator("details.tool summary")).to_contain_text("failed")
    await expect(answer.locator(".prose").last).to_contain_text("must be a list of 2 to 6 options")
    await expect(chat.page.get_by_role("group", name=QUESTION)).to_have_count(0)


async def test_on_a_phone_it_fits_and_a_finger_hits_it(phone: Chat) -> None:
    await phone.choose("agent", "Writing coach")
    await phone.message.fill("Ask me what matters /emulate question several 6")
    await phone.send_button.click()
    await expect(card(phone)).to_be_visible(timeout=ANSWERED)
    assert await fits(phone)
    small = await phone.page.evaluate(TOO_SMALL)
    assert [name for name in small if not name.startswith("INPUT")] == []
    heights = (
        await card(phone).locator("label").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    )
    assert min(heights) >= 44
