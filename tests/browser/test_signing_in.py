"""The doors: signing in and out, and the pages around the chat."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests import servers
from tests.browser.chat import Chat, Watch, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_wrong_password_is_said_and_the_right_one_opens_the_page_that_was_wanted(
    browser: Browser, studio: servers.StudioServer
) -> None:
    context = await browser.new_context(base_url=studio.base_url)
    watch = Watch(context, studio.base_url)
    page = await context.new_page()
    await page.goto("/settings/")
    await expect(page).to_have_title("Sign in · Chat Studio")
    await page.get_by_label("Email").fill(studio.admin_email)
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Password").fill(studio.admin_password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert watch.reports == []
    await context.close()


async def test_signing_out_ends_the_session(browser: Browser, studio: servers.StudioServer) -> None:
    context = await browser.new_context(base_url=studio.base_url)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page, studio.admin_email, studio.admin_password)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert (await page.request.get("/api/studio")).status in (401, 403)
    await context.close()


async def test_a_choice_that_was_not_stored_is_not_the_next_person_s(
    browser: Browser, studio: servers.StudioServer
) -> None:
    context = await browser.new_context(base_url=studio.base_url)
    page = await context.new_page()
    await page.goto("/")
    await sign_in(page, studio.admin_email, studio.admin_password)
    await page.route("**/api/preferences", lambda route: route.abort())
    async with page.expect_event("requestfailed"):
        await page.get_by_role("button", name="Dark look").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await sign_in(page, "bob@example.com", studio.admin_password)
    await expect(page.get_by_role("button", name="Add files")).to_be_visible()
    await expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
    await context.close()


async def test_own_instructions_reach_the_model_settings(chat: Chat) -> None:
    page = chat.page
    await page.goto("/settings/")
    await page.get_by_label("Instructions", exact=True).fill("Answer in verse.")
    await page.get_by_role("region", name="Own instructions").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Your instructions are saved.")
    stored = await (await page.request.get("/api/instructions")).json()
    assert stored == {"text": "Answer in verse.", "enabled": True}
    await page.get_by_label("Instructions", exact=True).fill("")
    await page.get_by_role("region", name="Own instructions").get_by_role("button", name="Save").click()


async def test_the_profile_is_saved(chat: Chat) -> None:
    page = chat.page
    await page.goto("/settings/")
    await page.get_by_label("Name", exact=True).fill("Ada")
    await page.get_by_role("region", name="Profile").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Your profile is saved.")
    await chat.open()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Ada")


async def test_an_api_token_is_shown_once_works_and_ends(chat: Chat, browser: Browser) -> None:
    page = chat.page
    await page.goto("/settings/")
    await page.get_by_role("button", name="Make a token").click()
    token = await page.locator(".secret code").inner_text()
    anonymous = await browser.new_context(base_url=page.url.split("/settings")[0])
    headers = {"Authorization": f"Token {token}"}
    assert (await anonymous.request.get("/api/studio", headers=headers)).ok
    await page.goto("/settings/")
    await expect(page.locator(".secret")).to_have_count(0)
    assert token not in await page.content()
    await page.get_by_role("button", name="Revoke").first.click()
    await expect(page.get_by_role("status")).to_contain_text("The token is revoked.")
    assert (await anonymous.request.get("/api/studio", headers=headers)).status in (401, 403)
    await anonymous.close()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/accounts/password/reset/", "Reset the password"),
        ("/accounts/password/change/", "Change the password"),
        ("/accounts/logout/", "Sign out?"),
        ("/accounts/signup/", "Accounts are by invitation"),
        ("/no/such/page", "There is nothing here"),
    ],
)
async def test_the_pages_around_are_dressed(context: BrowserContext, watch: Watch, path: str, title: str) -> None:
    page = await context.new_page()
    if "signup" in path:
        await context.clear_cookies()
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
    watch.take(re.escape("404"))
