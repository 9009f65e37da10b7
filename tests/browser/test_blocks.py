"""What an answer is made of: code, tables, thoughts; what can be done with each, and with a piece of it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat, Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def write_anew(chat: Chat, markdown: str) -> None:
    """An answer that says exactly this."""
    answer = await chat.ask("Say something. /emulate rate-0")
    await answer.get_by_role("button", name="More").click()
    await chat.page.get_by_role("menuitem", name="Edit this answer").click()
    field = chat.page.get_by_role("textbox", name="Edit the answer")
    await field.fill(markdown)
    await field.press("Control+Enter")
    await expect(chat.answers.first).to_have_attribute("data-status", "edited")


HTML = """```html
<h1 id="shown">Shown</h1><img src="https://spy.example/x.png">
<script>
  let cookie = "none";
  try { cookie = document.cookie } catch { cookie = "refused" }
  let page = "none";
  try { page = parent.document.title } catch { page = "refused" }
  document.querySelector("#shown").textContent = `origin ${origin}, cookie ${cookie}, page ${page}`;
  fetch("https://spy.example/y").catch(() => {});
</script>
```"""


async def test_html_is_previewed_in_a_frame_that_reads_and_reaches_nothing(chat: Chat, watch: Watch) -> None:
    await write_anew(chat, HTML)
    figure = chat.answers.first.locator("figure.code")
    await figure.get_by_role("button", name="Preview").click()
    frame = figure.frame_locator("iframe")
    await expect(frame.locator("#shown")).to_have_text("origin null, cookie refused, page refused")
    await figure.get_by_role("button", name="Preview").click()
    await expect(figure.locator("iframe")).to_have_count(0)
    assert watch.take("spy.example|Content Security Policy"), "its policy refused both"


async def test_code_wraps_and_is_downloaded_by_its_language(chat: Chat) -> None:
    await write_anew(chat, "```python\n" + "long " * 200 + "\n```")
    figure = chat.answers.first.locator("figure.code")
    pre = figure.locator("pre")
    assert await pre.evaluate("node => node.scrollWidth > node.clientWidth")
    await figure.get_by_role("button", name="Wrap long lines").click()
    assert await pre.evaluate("node => node.scrollWidth === node.clientWidth")
    async with chat.page.expect_download() as found:
        await figure.get_by_role("button", name="Download").click()
    assert (await found.value).suggested_filename == "code.py"


async def test_a_table_is_copied_as_csv(chat: Chat) -> None:
    await write_anew(chat, "| a | b |\n|---|---|\n| **1** | x, y |")
    await chat.answers.first.locator(".table").hover()
    await chat.answers.first.get_by_role("button", name="Copy table as CSV").click()
    await expect(chat.answers.first.get_by_role("button", name="Copied")).to_be_visible()
    assert await chat.page.evaluate("navigator.clipboard.readText()") == 'a,b\r\n1,"x, y"\r\n'


async def test_how_long_it_thought_outlives_a_reload(chat: Chat) -> None:
    answer = await chat.ask("/emulate reasoning-30 rate-100")
    await chat.page.reload()
    await expect(answer.locator("details.reasoning summary")).to_contain_text(re.compile(r"Thought for \d"))


async def test_a_selection_is_quoted(chat: Chat) -> None:
    answer = await chat.ask("Say something. /emulate rate-0")
    first = re.match(r"\w+", await chat.text(answer))
    assert first is not None
    await chat.message.fill("About this:")
    await answer.locator(".prose p").first.dblclick(position={"x": 8, "y": 8})
    await chat.page.get_by_role("button", name="Quote").click()
    await expect(chat.message).to_have_value(f"About this:\n\n> {first[0]}\n\n")
    await expect(chat.message).to_be_focused()
