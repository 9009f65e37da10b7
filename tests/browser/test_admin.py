"""The admin in a real browser: it keeps its policy, fits a phone, and what is set there is what the next answer uses."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests import servers
from tests.browser.chat import Chat, Watch

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LISTS = ("agent", "instructions", "languagemodel", "provider", "providertoken", "team", "user", "completion")
FORMS = ("agent", "instructions", "languagemodel", "provider", "providertoken", "team", "user")
PATHS = [
    "/admin/",
    *(f"/admin/ai_studio/{name}/" for name in LISTS),
    *(f"/admin/ai_studio/{name}/add/" for name in FORMS),
    "/admin/chat/session/",
    "/admin/chat/generation/",
    "/admin/chat/schedule/",
]


@pytest.mark.parametrize("width", [390, 1280])
async def test_every_page_keeps_the_policy_and_fits(context: BrowserContext, watch: Watch, width: int) -> None:
    page = await context.new_page()
    await page.set_viewport_size({"width": width, "height": 844})
    for path in PATHS:
        await page.goto(path)
        await expect(page.locator("#main")).to_be_visible()
        too_wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide == 0, path
    for name in ("agent", "instructions", "providertoken", "team", "user"):
        await page.goto(f"/admin/ai_studio/{name}/")
        await page.locator("#result_list tbody a").first.click()
        await expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()


async def test_the_page_and_the_admin_share_one_theme(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.goto("/admin/")
    await page.get_by_text("admin@example.com").click()
    async with page.expect_response("**/api/preferences"):
        await page.get_by_text("Dark", exact=True).click()
    await expect(page.locator("html")).to_have_class(re.compile("dark"))
    await page.goto("/settings/")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.goto("/")
    async with page.expect_response("**/api/preferences"):
        await page.get_by_role("button", name="Light look").click()
    await page.goto("/admin/")
    await expect(page.locator("html")).not_to_have_class(re.compile("dark"))


async def test_only_the_fields_of_the_chosen_level_are_seen(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.goto("/admin/ai_studio/instructions/add/")
    for level, seen in (("team", "team"), ("user", "user"), ("platform", "safety")):
        await page.get_by_label("Level").select_option(level)
        for field in ("team", "user", "safety"):
            label = page.locator(f"label[for=id_{field}]")
            await (expect(label).to_be_visible() if field == seen else expect(label).to_be_hidden())


async def test_only_what_the_chosen_provider_wants_is_asked_for(context: BrowserContext, watch: Watch) -> None:
    page = await context.new_page()
    await page.goto("/admin/ai_studio/provider/add/")
    for key, seen in (("vertex_ai", "vertex_project"), ("azure", "api_version"), ("anthropic", None)):
        await page.get_by_label("LiteLLM provider").fill(key)
        for field in ("vertex_project", "api_version", "organization"):
            label = page.locator(f"label[for=id_{field}]")
            await (expect(label).to_be_visible() if field == seen else expect(label).to_be_hidden())


async def test_what_is_set_in_the_admin_is_what_the_next_answer_uses(
    chat: Chat, context: BrowserContext, studio: servers.StudioServer
) -> None:
    admin = await context.new_page()
    await _add_provider(admin, f"{studio.emulator_url}/v1")
    await _add_token(admin)
    await _add_model(admin)
    await _enable_for_the_team(admin)
    await admin.goto("/admin/ai_studio/instructions/?level__exact=platform")
    await admin.locator("#result_list tbody a").first.click()
    await admin.get_by_label("Text").fill("Begin every answer with a proverb, {user_name}.")
    await _save(admin)

    await chat.open()
    await chat.choose("model", "Our echo")
    answer = await chat.ask("What was set is what is used.")
    assert await chat.text(answer) == "What was set is what is used."
    sent = await (await chat.page.request.get(f"{studio.emulator_url}/_emulator/requests")).json()
    requests = [each for each in sent if "What was set is what is used." in str(each)]
    assert "Begin every answer with a proverb, Admin." in str(requests[0])
    assert "sk-of-our-own" not in str(sent)


async def _save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text(re.compile("was (added|changed) successfully"))).to_be_visible()


async def _add_provider(page: Page, base_url: str) -> None:
    await page.goto("/admin/ai_studio/provider/add/")
    await page.get_by_label("Name").fill("Our server")
    await page.get_by_label("LiteLLM provider").fill("openai")
    await page.get_by_label("Base URL").fill(base_url)
    await _save(page)


async def _add_token(page: Page) -> None:
    await page.goto("/admin/ai_studio/providertoken/add/")
    await page.get_by_label("Provider").select_option("Our server")
    await page.get_by_label("Team").select_option("Research")
    await page.get_by_label("Token", exact=False).last.fill("sk-of-our-own-1234")
    await _save(page)
    assert "sk-of-our-own" not in await page.content()


async def _add_model(page: Page) -> None:
    await page.goto("/admin/ai_studio/languagemodel/add/")
    await page.get_by_label("Provider").select_option("Our server")
    await page.get_by_label("Model id").fill("our-echo")
    await page.get_by_label("Display name").fill("Our echo")
    await _save(page)


async def _enable_for_the_team(page: Page) -> None:
    await page.goto("/admin/ai_studio/team/?q=Research")
    await page.locator("#result_list tbody a").first.click()
    await page.locator("#tabs-items").get_by_text("Models").click()
    await page.get_by_text("Add another Model").click()
    row = page.locator("#team_models-data tbody.form-group:not(.empty-form)").last
    await row.locator("select").select_option(label="Our echo · Our server")
    await _save(page)
