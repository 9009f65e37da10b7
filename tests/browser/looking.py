"""What a page must be, whatever is on it: free of what axe finds, within its width, with targets that a finger hits."""

from __future__ import annotations

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Page

from tests.browser.chat import Chat

TOO_SMALL = """() => [...document.querySelectorAll('button, a[href], input, summary, textarea')]
    .filter(node => node.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !node.closest('.prose p, .skip, .prose li'))
    .map(node => [`${node.tagName}.${node.className} ${node.getAttribute('aria-label') || node.textContent}`, node.getBoundingClientRect()])
    .filter(([, {width, height}]) => width > 1 && Math.round(height) < 44)
    .map(([name, {height}]) => `${name.trim()} ${height}`)"""


async def findings(page: Page) -> list[str]:
    """Serious and critical ones. axe is run by the debugger: the page's own policy lets no script in."""
    await page.evaluate(AXE_FILE_PATH.read_text())
    result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


async def fits(chat: Chat) -> bool:
    return bool(await chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
