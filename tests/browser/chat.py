"""The chat page as a person finds it: by names and roles."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.servers import StudioServer

ANSWERED = 20_000
"""Milliseconds in which the emulator must have said everything."""
ENDLESS = "/emulate slow tokens 2000"
"""A message whose answer lasts, at any pace of the machine, until a test ends it."""


async def sign_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("Email").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("textbox", name="Message")).to_be_visible()


async def cookies_of_admin(browser: Browser, studio: StudioServer) -> Any:
    """What a context needs to be signed in."""
    context = await browser.new_context(base_url=studio.base_url)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page, studio.admin_email, studio.admin_password)
    state = await context.storage_state()
    await context.close()
    return state


async def request(context: BrowserContext, method: str, path: str, data: Any) -> Any:
    """A request to REST in the name of who is signed in."""
    token = next((one["value"] for one in await context.cookies() if one["name"] == "csrftoken"), "")
    return await context.request.fetch(path, method=method, data=data, headers={"X-CSRFToken": str(token)})


async def as_at_first(context: BrowserContext) -> None:
    """Takes back what other tests have chosen and typed in the name of the same person: it follows them to every device."""
    chosen = {
        "theme": "system",
        "density": "comfortable",
        "send_key": "enter",
        "notifications": "off",
        "language": "automatic",
        "agent": None,
    }
    assert (await request(context, "PATCH", "/api/preferences", chosen)).ok
    draft = await (await context.request.get("/api/drafts/new")).json()
    if draft["text"]:
        assert (await request(context, "PUT", "/api/drafts/new", {"text": "", "version": draft["version"]})).ok


async def settled(locator: Locator) -> float:
    """How far down it is, in pixels, once it has not moved for ten frames: what comes into view gets its true height then."""
    place: float = await locator.evaluate(
        """async (element) => {
            let last = NaN;
            for (let same = 0; same < 10; ) {
                const { y } = element.getBoundingClientRect();
                same = y === last ? same + 1 : 0;
                last = y;
                await new Promise(requestAnimationFrame);
            }
            return last;
        }"""
    )
    return place


class Watch:
    """Errors in the console (broken policies are among them), exceptions, dialogs, and requests that leave the server."""

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.reports: list[str] = []
        self.base_url = base_url
        context.on("console", self._console)
        context.on("weberror", lambda error: self.reports.append(f"exception: {error.error}"))
        context.on("dialog", lambda dialog: self.reports.append(f"dialog: {dialog.message}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.reports.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.reports.append(f"request: {request.url}")

    def take(self, pattern: str) -> list[str]:
        """Takes the expected reports out."""
        taken = [report for report in self.reports if re.search(pattern, report)]
        self.reports = [report for report in self.reports if report not in taken]
        return taken


class Chat:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.message = page.get_by_role("textbox", name="Message")
        self.answers = page.locator("article.answer")
        self.questions = page.locator("article.user-message")
        self.problems = page.locator(".problem")
        self.transitions = page.locator(".transition")
        self.sessions = page.locator(".session")
        self.stop_button = page.get_by_role("button", name="Stop", exact=True)
        self.send_button = page.get_by_role("button", name="Send", exact=True)
        self.banner = page.locator(".banner")

    async def open(self, path: str = "/") -> None:
        await self.page.goto(path)
        await expect(self.message).to_be_visible()
        # The name of the model in the chip: the page knows what it can use.
        await expect(self.chip("model")).not_to_have_text("No model")
        # What comes after the first load is there as well: lists, menus, dialogs.
        await expect(self.page.get_by_role("button", name="Add files")).to_be_visible()

    def chip(self, kind: str) -> Locator:
        return self.page.locator(f"[data-picker={kind}]")

    async def choose(self, kind: str, name: str) -> None:
        await self.chip(kind).click()
        await self.page.get_by_role("combobox").fill(name)
        await self.page.get_by_role("option", name=name).first.click()
        await expect(self.chip(kind)).to_contain_text(name)

    async def do(self, row: Locator, what: str) -> None:
        """Something out of the menu of a chat or a folder in the list."""
        await row.hover()
        await row.get_by_role("button", name=re.compile("^Options of")).first.click()
        await self.page.get_by_role("menuitem", name=what).click()

    async def send(self, text: str) -> None:
        await self.message.fill(text)
        await self.message.press("Enter")

    async def ask(self, text: str, status: str = "completed") -> Locator:
        """Sends, and waits for the end of the answer."""
        before = await self.answers.and_(self.page.locator("[data-status]")).count()
        await self.send(text)
        answer = self.answers.nth(before)
        await expect(answer).to_have_attribute("data-status", status, timeout=ANSWERED)
        return answer

    async def text(self, answer: Locator) -> str:
        """What the model said, without the page's own words."""
        return "\n".join(await answer.locator(".prose").all_inner_texts())

    async def session(self) -> str:
        await expect(self.page).to_have_url(re.compile(r"/c/[\w-]{16,64}$"))
        return self.page.url.rpartition("/")[2]

    async def stored(self) -> list[dict[str, Any]]:
        """The messages as the server has them."""
        response = await self.page.request.get(f"/api/sessions/{await self.session()}/messages?limit=200")
        assert response.ok
        messages: list[dict[str, Any]] = (await response.json())["messages"]
        return messages
