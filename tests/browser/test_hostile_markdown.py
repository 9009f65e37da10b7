"""What a model writes is hostile input: nothing of it runs, loads, or takes the place of something of the page's."""

from __future__ import annotations

import itertools
import json

import pytest
from playwright.async_api import Route, expect

from tests.browser.chat import ANSWERED, Chat, Watch
from tests.browser.hostile import CASES
from tests.browser.hostile_corpus import corpus

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TAGS = {
    "A", "B", "BLOCKQUOTE", "BR", "CODE", "DEL", "DIV", "EM", "H3", "H4", "H5", "H6", "HR", "I", "INS", "KBD", "LI", "MARK", "OL", "P",
    "Q", "S", "SAMP", "SMALL", "SPAN", "STRONG", "SUB", "SUP", "TABLE", "TBODY", "TD", "TH", "THEAD", "TR", "U", "UL", "VAR",
    # The page's own: blocks of code.
    "FIGURE", "FIGCAPTION", "BUTTON", "PRE", "svg", "path",
}  # fmt: skip

# Everything in a block, but for what the libraries for formulas and code have made of text.
FOUND = """nodes => nodes.flatMap(root => [...root.querySelectorAll('*')])
    .filter(node => !node.parentElement.closest('[data-maths], figure.code code'))
    .map(node => [node.tagName, Object.fromEntries([...node.attributes].map(({name, value}) => [name, value]))])"""

FOUND_IN_EACH = f"nodes => nodes.map(node => ({FOUND})([node]))"

TOUCH = "nodes => nodes.forEach(node => { node.click(); node.dispatchEvent(new PointerEvent('pointerenter')); })"

OURS = {
    "class",
    "dir",
    "role",
    "tabindex",
    "aria-label",
    "aria-hidden",
    "aria-pressed",
    "data-tool",
    "type",
    "viewBox",
    "d",
}
PLAIN = {"align", "data-maths", "href", "rel", "start", "target", "title"}


def batches(size: int) -> list[list[str]]:
    names = iter(CASES)
    return list(iter(lambda: list(itertools.islice(names, size)), []))


def assert_harmless(case: str, tag: str, attributes: dict[str, str]) -> None:
    assert tag in TAGS, (case, tag)
    assert attributes.keys() <= OURS | PLAIN, (case, tag, attributes)
    assert attributes.get("class", "icon") in {"icon", "block", "code", "code-tool", "table", "table-scroll"}, case
    assert attributes.get("href", "https:").startswith(("https:", "http:", "mailto:")), (case, attributes)
    if tag == "A" and "href" in attributes:
        assert attributes["target"] == "_blank", case
        assert attributes["rel"] == "noopener noreferrer nofollow", case


async def is_harmless(chat: Chat, watch: Watch) -> None:
    assert await chat.page.evaluate("window.pwned") is None
    for tag, attributes in await chat.page.locator(".block").evaluate_all(FOUND):
        assert_harmless("", tag, attributes)
    assert watch.reports == []


async def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("names", batches(6), ids=lambda names: names[0])
async def test_nothing_runs_loads_or_pretends(chat: Chat, watch: Watch, names: list[str]) -> None:
    """Written word by word, so that every beginning of it is shown as well."""
    await chat.choose("model", "Echo")
    answer = await chat.ask("\n\n".join(f"Case {name}:\n\n{CASES[name]}" for name in names))
    # Whatever can be clicked is: nothing of it may run, and what leads elsewhere opens elsewhere.
    await answer.locator(".prose a:not([href]), .prose p, .prose td").evaluate_all(TOUCH)
    await is_harmless(chat, watch)
    await expect(chat.message).to_be_visible()
    await expect(chat.page.locator("#message")).to_have_count(1)
    assert "s-" in await chat.session()


async def test_the_whole_corpus_on_one_page(chat: Chat, watch: Watch) -> None:
    """Each case as a text of its own in one stored answer, so that none can hide in what another left open."""
    cases = corpus()
    assert len(cases) >= 300
    await chat.ask("Say something. /emulate rate-0")
    session = await chat.session()

    async def all_cases(route: Route) -> None:
        response = await route.fetch()
        page = await response.json()
        page["messages"][1]["parts"] = [{"type": "text", "text": text} for text in cases.values()]
        await route.fulfill(response=response, json=page)

    await chat.page.route(f"**/api/sessions/{session}/messages*", all_cases)
    await chat.page.reload()
    proses = chat.answers.first.locator(".prose")
    await expect(proses).to_have_count(len(cases))
    for name, found in zip(cases, await proses.evaluate_all(FOUND_IN_EACH), strict=True):
        for tag, attributes in found:
            assert_harmless(name, tag, attributes)
    await chat.page.locator(".prose a:not([href]), .prose p, .prose td, .prose b").evaluate_all(TOUCH)
    await expect(chat.page.locator("#message, #app, #addresses")).to_have_count(3)
    await is_harmless(chat, watch)


async def test_all_of_it_at_once_after_a_reload(chat: Chat, watch: Watch) -> None:
    """As a stored message: rendered in one go, with all cases side by side, the unclosed ones too."""
    await chat.choose("model", "Echo")
    everything = "\n\n".join(CASES.values())
    await chat.send(everything)
    await expect(chat.answers.first.locator(".prose")).not_to_be_empty()
    await chat.stop_button.click()
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped", timeout=ANSWERED)
    await chat.page.reload()
    await expect(chat.answers.first).to_have_attribute("data-status", "stopped", timeout=ANSWERED)
    await is_harmless(chat, watch)


async def test_what_the_reader_wrote_is_shown_as_it_was_written(chat: Chat, watch: Watch) -> None:
    text = "<b>bold</b> **stars** <img src=x onerror=window.pwned=1> $x$\n\nnew line"
    await chat.ask(f"{text}\n/emulate rate-0")
    await expect(chat.questions.first.locator(".bubble")).to_contain_text(text)
    await expect(chat.questions.first.locator(".bubble p > *")).to_have_count(0)
    await is_harmless(chat, watch)


async def test_titles_are_text(chat: Chat, watch: Watch) -> None:
    await chat.ask("<img src=x onerror=window.pwned=1> /emulate rate-0")
    session = await chat.session()
    token = next(cookie for cookie in await chat.page.context.cookies() if cookie["name"] == "csrftoken")
    title = "<img src=x onerror=window.pwned=1>"
    await chat.page.request.patch(
        f"/api/sessions/{session}", data={"title": title}, headers={"X-CSRFToken": str(token["value"])}
    )
    await expect(chat.page.locator(f"[data-session='{session}'] .session-title")).to_have_text(title)
    await is_harmless(chat, watch)


async def test_the_policy_is_strict_and_stands(chat: Chat, watch: Watch) -> None:
    """The net below: what a hole in the sanitiser would let through, the browser refuses."""
    response = await chat.page.request.get("/")
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    refused = await chat.page.evaluate(
        "() => { try { document.body.insertAdjacentHTML('beforeend', '<p>x</p>'); return false } catch { return true } }"
    )
    assert refused, "text became elements without the sanitiser"
    assert watch.take("TrustedHTML|Trusted Type")
    assert json.loads(await chat.page.locator("#addresses").text_content() or "")["settings"] == "/settings/"
