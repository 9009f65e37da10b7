"""Every page of the admin that a link leads to: what axe finds, light and dark, in each of its tabs."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page

from tests import servers
from tests.browser.looking import findings

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

ID = re.compile(r"/(?:[0-9a-f]{24,}|\d+)(?=/)")
SKIPPED = ("/logout/", "/jsi18n/", "/password_change/", "/original/")
MET = {
    "/admin/ai_studio/agent/<id>/trial/",
    "/admin/ai_studio/instructions/<id>/change/",
    "/admin/ai_studio/prompt/inspect/",
    "/admin/ai_studio/provider/<id>/catalogue/",
    "/admin/ai_studio/team/<id>/usable/",
    "/admin/studio/changes/",
    "/admin/studio/settings/",
    "/admin/studio/transfer/",
}
"""Some that must be among them, so that a broken link does not leave them out unseen."""


def kind(path: str) -> str:
    """Pages of one kind differ by the row that they show."""
    return ID.sub("/<id>", path)


async def links(page: Page) -> list[str]:
    found = await page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    paths = [urlsplit(address).path for address in found if urlsplit(address).netloc == here]
    return [path for path in paths if path.startswith("/admin/") and not path.endswith(SKIPPED)]


async def findings_in_each_tab(page: Page) -> list[str]:
    found = await findings(page)
    tabs = page.locator("#tabs-items a[href^='#']")
    for number in range(await tabs.count()):
        await tabs.nth(number).click()
        found += await findings(page)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_that_a_link_leads_to(
    browser: Browser, studio: servers.StudioServer, signed_in: Any, scheme: Literal["light", "dark"]
) -> None:
    context = await browser.new_context(
        base_url=studio.base_url, storage_state=signed_in, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    waiting, met, wrong = ["/admin/"], {"/admin/"}, []
    while waiting:
        path = waiting.pop(0)
        response = await page.goto(path)
        assert response is not None
        assert response.status == 200, path
        wrong += [f"{path}: {each}" for each in await findings_in_each_tab(page)]
        for found in await links(page):
            if kind(found) not in met:
                met.add(kind(found))
                waiting.append(found)
    await context.close()
    assert met >= MET
    assert not wrong, "\n".join(wrong)
