"""From an empty installation to a first streamed answer with an own key, as a new admin finds the way: by the guide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from config import keys
from tests import servers
from tests.browser.chat import Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(400)]

MOST_CLICKS = 12
EMAIL, PASSWORD = "root@example.com", "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def empty_studio(tmp_path_factory: pytest.TempPathFactory, emulator: str) -> Iterator[str]:
    """Its address. As the README sets up a server: tables, seeds, one admin; no demonstration, no token, no team.

    The emulator stands at OpenAI's address: no test leaves this machine.
    """
    folder = tmp_path_factory.mktemp("empty")
    keys.ensure(folder)
    port = servers.free_port()
    environment = servers.clean_environment() | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        "PROVIDER_PRIVATE_HOSTS": "127.0.0.0/8",
    }
    moved = f"Provider.objects.filter(name='OpenAI').update(base_url='{emulator}/v1')"
    for command in (
        ("migrate", "--verbosity", "0"),
        ("seed_studio",),
        ("createsuperuser", "--noinput", "--email", EMAIL),
        ("shell", "--verbosity", "0", "--command", f"from ai_studio.models import Provider; {moved}"),
    ):
        manage = [sys.executable, "manage.py", *command]
        subprocess.run(manage, cwd=servers.ROOT, env=environment, check=True, capture_output=True)
    daphne = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port), "config.asgi:application"]
    server = servers.Server(
        daphne, log_path=Path(folder) / "log", ready=lambda: servers.listens(port), environment=environment
    )
    with servers.running(server):
        yield f"http://127.0.0.1:{port}"


@dataclass
class Hand:
    """Counts what it clicks. Choosing in a list is a click, typing is none."""

    page: Page
    clicks: int = 0

    async def click(self, target: Locator) -> None:
        self.clicks += 1
        await target.click()

    async def choose(self, target: Locator, label: str) -> None:
        self.clicks += 1
        await target.select_option(label=label)


@pytest_asyncio.fixture(loop_scope="session")
async def hand(browser: Browser, empty_studio: str) -> AsyncIterator[Hand]:
    context = await browser.new_context(base_url=empty_studio)
    watch = Watch(context, empty_studio)
    yield Hand(await context.new_page())
    await context.close()
    assert watch.reports == []


async def test_from_nothing_to_a_streamed_answer(hand: Hand) -> None:
    page = hand.page
    guide = page.get_by_role("region", name="Until the first message")
    await page.goto("/admin/")
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await hand.click(page.get_by_role("button", name="Sign in"))

    await hand.click(guide.get_by_role("link", name="Add its token"))
    await hand.choose(page.get_by_label("Provider"), "OpenAI")
    await page.get_by_label("Token", exact=False).last.fill("sk-our-own-key-1234")
    await hand.click(page.get_by_role("button", name="Save", exact=True))

    await hand.click(guide.get_by_role("link", name="Make a team"))
    await page.get_by_label("Name").fill("Everybody")
    await hand.click(page.locator("#tabs-items").get_by_text("Models"))
    await hand.click(page.get_by_text("Add another Model"))
    row = page.locator("#team_models-data tbody.form-group:not(.empty-form)").last
    await hand.choose(row.locator("select"), "GPT-5.4 mini · OpenAI")
    await hand.click(page.get_by_role("button", name="Save", exact=True))

    await hand.click(guide.get_by_role("link", name="Write the first message"))
    # The name of the model in the chip: the page knows what it can use.
    await expect(page.locator("[data-picker=model]")).to_contain_text("GPT-5.4 mini")
    await page.get_by_role("textbox", name="Message").fill("Are you there?")
    await page.get_by_role("textbox", name="Message").press("Enter")
    answer = page.locator("article.answer").first
    await expect(answer).to_have_attribute("data-status", "completed")
    await expect(answer.locator(".prose")).not_to_be_empty()
    await page.goto("/admin/")
    await expect(page.locator(".overview")).to_be_visible()
    await expect(guide).to_have_count(0)
    assert hand.clicks <= MOST_CLICKS
