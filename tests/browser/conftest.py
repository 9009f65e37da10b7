"""A real Chromium in front of the real product. A test fails when the page reports an error or breaks its own policy."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright, expect

from tests import servers
from tests.browser.chat import Chat, Watch, as_at_first, cookies_of_admin

PATIENCE = 15_000
"""Milliseconds. How fast it is, is measured elsewhere; here a busy machine must not decide."""

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@pytest.fixture(scope="session")
def studio() -> Iterator[servers.StudioServer]:
    """A server of its own: these tests send more messages a minute than a person may."""
    with servers.running_studio({"SENDS_PER_MINUTE": "10000"}) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium, args=["--headless", "--no-sandbox", *QUIET])
        yield found
        await found.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def signed_in(browser: Browser, studio: servers.StudioServer) -> Any:
    """The cookies of somebody who is signed in."""
    return await cookies_of_admin(browser, studio)


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, studio: servers.StudioServer, signed_in: Any) -> AsyncIterator[BrowserContext]:
    """A fresh profile of somebody who is signed in, and has chosen nothing yet."""
    made = await browser.new_context(
        base_url=studio.base_url,
        storage_state=signed_in,
        viewport={"width": 1280, "height": 820},
        permissions=["clipboard-read", "clipboard-write"],
    )
    made.set_default_timeout(PATIENCE)
    await as_at_first(made)
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def watch(context: BrowserContext, studio: servers.StudioServer) -> AsyncIterator[Watch]:
    """What the pages of the context report. A test that expects a report takes it out of the list."""
    watching = Watch(context, studio.base_url)
    yield watching
    assert watching.reports == []


@pytest_asyncio.fixture(loop_scope="session")
async def chat(context: BrowserContext, watch: Watch) -> Chat:
    """The chat page with a new chat on it."""
    page = await context.new_page()
    opened = Chat(page)
    await opened.open()
    return opened


@pytest_asyncio.fixture(params=SCHEMES, loop_scope="session")
async def looked_at(
    browser: Browser, studio: servers.StudioServer, signed_in: Any, request: pytest.FixtureRequest
) -> AsyncIterator[Chat]:
    context = await browser.new_context(
        base_url=studio.base_url, storage_state=signed_in, color_scheme=request.param, reduced_motion="reduce"
    )
    await as_at_first(context)
    yield Chat(await context.new_page())
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, studio: servers.StudioServer, signed_in: Any) -> AsyncIterator[Chat]:
    context = await browser.new_context(
        base_url=studio.base_url,
        storage_state=signed_in,
        viewport={"width": 390, "height": 800},
        has_touch=True,
        is_mobile=True,
    )
    await as_at_first(context)
    watch = Watch(context, studio.base_url)
    chat = Chat(await context.new_page())
    await chat.open()
    yield chat
    assert watch.reports == []
    await context.close()
