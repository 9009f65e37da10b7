"""The server, what is in it, and the browser in front of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests import servers

PROBE = Path(__file__).with_name("probe.js")
PATIENCE = 60_000
"""Milliseconds until something that should be on the page is given up."""
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
FLAGS = ["--headless", "--no-sandbox", *QUIET, "--disable-component-update", "--disable-sync"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """`tokens`, `rate`: of the answer that is streamed, and a second. `repeat`: first loads that are timed."""

    chats: int = 10_000
    reading: int = 5_000
    """Messages of the chat that is scrolled."""
    streaming: int = 1_000
    """Messages of the chat that is asked."""
    tokens: int = 9_000
    rate: int = 100
    repeat: int = 10


@dataclass(frozen=True, slots=True)
class Stage:
    """A signed-in person with everything that is measured."""

    browser: Browser
    base_url: str
    cookies: Any
    sizes: Sizes
    switched: tuple[str, ...]
    """Ids of chats that fit a page of messages."""
    reading: str
    streaming: str

    @contextmanager
    def new_page(self) -> Iterator[Page]:
        """With the probe, in a profile of its own: nothing is cached, nothing was opened."""
        with self.browser.new_context(
            base_url=self.base_url, storage_state=self.cookies, viewport={"width": 1280, "height": 820}
        ) as context:
            context.set_default_timeout(PATIENCE)
            context.add_init_script(path=PROBE)
            yield context.new_page()

    def open(self, page: Page, session: str) -> CDPSession:
        """Opens a chat and waits for its messages, and for the list. Returns the browser's own tools for that page."""
        page.goto(f"/c/{session}")
        page.locator(".turns .turn").last.wait_for()
        page.locator(".session").nth(1).wait_for()  # the open one may be there before the list
        return page.context.new_cdp_session(page)


@contextmanager
def prepared(sizes: Sizes) -> Iterator[Stage]:
    """Raises `servers.Missing` without Chromium, `servers.NotReady` when the server does not start."""
    chromium = servers.chromium_path()
    with servers.running_studio() as studio, sync_playwright() as playwright:
        words = ["--email", studio.admin_email, "--chats", str(sizes.chats)]
        words += ["--reading", str(sizes.reading), "--streaming", str(sizes.streaming)]
        command = [sys.executable, "-m", "benchmarks.page.seeding", *words]
        filled = subprocess.run(command, env=studio.environment, cwd=servers.ROOT, check=True, stdout=subprocess.PIPE)
        ids = orjson.loads(filled.stdout)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            with browser.new_context(base_url=studio.base_url) as context:
                cookies = _sign_in(context, studio)
            switched = tuple(ids["switched"])
            yield Stage(browser, studio.base_url, cookies, sizes, switched, ids["reading"], ids["streaming"])
        finally:
            browser.close()


def _sign_in(context: BrowserContext, studio: servers.StudioServer) -> Any:
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Email").fill(studio.admin_email)
    page.get_by_label("Password").fill(studio.admin_password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("textbox", name="Message").wait_for()
    return context.storage_state()
