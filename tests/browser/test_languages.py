"""The page in another language than English, and from right to left."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.chat import ANSWERED, Chat, Watch, request
from tests.servers import StudioServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

ARABIC = {
    "New chat": "محادثة جديدة",
    "Search": "بحث",
    "Chats": "المحادثات",
    "Message": "رسالة",
    "Send": "إرسال",
    "Write to {name}": "اكتب إلى {name}",
    "What would you like to work on?": "ما الذي تود العمل عليه؟",
    "Today": "اليوم",
}


@pytest_asyncio.fixture(loop_scope="session")
async def in_portuguese(context: BrowserContext) -> AsyncIterator[BrowserContext]:
    await request(context, "PATCH", "/api/preferences", {"language": "pt-br"})
    yield context
    await request(context, "PATCH", "/api/preferences", {"language": "automatic"})


async def test_a_language_is_chosen_in_the_settings_and_holds_at_once(chat: Chat, context: BrowserContext) -> None:
    page = chat.page
    await page.goto("/settings/")
    await page.get_by_label("Language of the pages").select_option("Português Brasileiro")
    await page.locator("#preferences").get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Configurações", level=1)).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "pt-br")
    await expect(page.get_by_text("Suas preferências foram salvas.")).to_be_visible()
    await page.get_by_label("Idioma das páginas").select_option("Como no navegador")
    await page.locator("#preferences").get_by_role("button", name="Salvar").click()
    await expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()


async def test_a_chat_in_portuguese(in_portuguese: BrowserContext, watch: object) -> None:
    page = await in_portuguese.new_page()
    await page.goto("/")
    message = page.get_by_role("textbox", name="Mensagem")
    await message.fill("Olá")
    await page.get_by_role("button", name="Enviar").click()
    await expect(page.get_by_role("button", name="Copiar resposta")).to_be_visible(timeout=ANSWERED)
    await expect(page.get_by_role("heading", name="Hoje")).to_be_visible()
    await page.get_by_role("button", name="Opções da lista").click()
    await expect(page.get_by_role("menuitem", name="Nova pasta…")).to_be_visible()


async def test_what_the_server_refuses_is_said_in_portuguese(in_portuguese: BrowserContext, watch: Watch) -> None:
    session = (await (await request(in_portuguese, "POST", "/api/sessions", {})).json())["id"]
    page = await in_portuguese.new_page()
    await page.goto("/")
    row = page.locator(f"[data-session='{session}']")
    await row.hover()
    await row.get_by_role("button", name="Opções de").click()
    await page.get_by_role("menuitem", name="Etiquetas…").click()
    await (
        page.get_by_role("dialog")
        .get_by_label("Etiquetas, separadas")
        .fill(",".join(f"etiqueta {number}" for number in range(11)))
    )
    await page.get_by_role("dialog").get_by_role("button", name="Salvar").click()
    await expect(page.locator(".notice")).to_contain_text("Isto é longo demais, ou há itens demais. Encurte.")
    assert len(watch.take("400")) == 1
    await request(in_portuguese, "DELETE", f"/api/sessions/{session}", None)


async def test_the_catalogue_is_there_before_the_page_draws(in_portuguese: BrowserContext, watch: object) -> None:
    page = await in_portuguese.new_page()
    await page.add_init_script(
        # From the first node on: modules have drawn the page before DOMContentLoaded.
        """globalThis.drawn = [];
        new MutationObserver(() => {
            for (const one of document.querySelectorAll(".new-chat")) drawn.push(one.textContent);
        }).observe(document, { childList: true, subtree: true, characterData: true });"""
    )
    await page.goto("/")
    await expect(page.get_by_role("textbox", name="Mensagem")).to_be_visible()
    assert set(await page.evaluate("drawn")) == {"Nova conversa"}


async def test_english_loads_no_catalogue(chat: Chat) -> None:
    scripts = await chat.page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    assert [name for name in scripts if "pt-br" in name] == []


async def test_another_tab_offers_the_new_language(chat: Chat, context: BrowserContext) -> None:
    await expect(chat.page.get_by_role("button", name="Add files")).to_be_visible()  # what is loaded late is there
    await request(context, "PATCH", "/api/preferences", {"language": "pt-br"})
    notice = chat.page.locator(".notice")
    await expect(notice).to_contain_text("The language of the pages has changed.")
    await notice.get_by_role("button", name="Reload").click()
    await expect(chat.page.get_by_role("textbox", name="Mensagem")).to_be_visible()
    await request(context, "PATCH", "/api/preferences", {"language": "automatic"})


async def test_before_the_sign_in_the_browser_decides(browser: Browser, studio: StudioServer) -> None:
    context = await browser.new_context(base_url=studio.base_url, locale="pt-PT")
    page = await context.new_page()
    await page.goto("/")
    await expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "pt-br")
    await page.get_by_label("Senha").fill("x")
    await context.close()


async def _right_to_left(page: Page) -> None:
    """The page as the server would write it for an Arabic catalogue."""
    await page.add_init_script(
        f"""globalThis.catalogue = {json.dumps(ARABIC)};
        new MutationObserver(() => {{
            if (document.documentElement !== null) Object.assign(document.documentElement, {{ lang: "ar", dir: "rtl" }});
        }}).observe(document, {{ childList: true }});"""
    )


async def _box(locator: Locator) -> dict[str, float]:
    box = await locator.bounding_box()
    assert box is not None
    return {"left": box["x"], "right": box["x"] + box["width"]}


async def _overflow(page: Page) -> float:
    """By how many pixels anything stands out of the window, to either side."""
    out: float = await page.evaluate(
        """() => Math.max(0, ...[...document.querySelectorAll(".main *, .sidebar *")].filter((one) => one.checkVisibility({
            visibilityProperty: true }) && !one.closest(".unseen, .skip, .code pre, .sidebar:not(.shown)")).map((one) => {
            const { left, right, width } = one.getBoundingClientRect();
            return width === 0 ? 0 : Math.max(-left, right - innerWidth);
        }), document.documentElement.scrollWidth - innerWidth)"""
    )
    return out


@pytest.mark.parametrize("width", [1280, 390])
async def test_a_page_from_right_to_left(context: BrowserContext, watch: object, width: int) -> None:
    page = await context.new_page()
    await page.set_viewport_size({"width": width, "height": 820})
    await _right_to_left(page)
    await page.goto("/")
    message = page.get_by_role("textbox", name="رسالة")
    await expect(message).to_be_visible()
    await message.fill("اكتب لي قائمة: `code`\n\n- واحد\n- Two")
    send = page.get_by_role("button", name="إرسال", exact=True)
    composer, button = await _box(page.locator(".composer-card")), await _box(send)
    assert button["left"] - composer["left"] < 20
    await send.click()
    await expect(page.get_by_role("button", name="Copy answer")).to_be_visible(timeout=ANSWERED)
    bubble, turn = await _box(page.locator(".bubble").first), await _box(page.locator(".turn").first)
    assert bubble["left"] - turn["left"] < 20
    if width > 800:
        sidebar = await _box(page.locator(".sidebar"))
        assert (sidebar["right"], sidebar["left"] > width / 2) == (width, True)
    else:
        await page.locator(".open-drawer").click()
        await expect(page.locator(".sidebar.shown")).to_be_in_viewport()
        moved = "(one) => Promise.all(one.getAnimations().map(({ finished }) => finished)).then(() => null)"
        await page.locator(".sidebar").evaluate(moved)
        assert (await _box(page.locator(".sidebar")))["right"] == width
    assert await _overflow(page) <= 0


async def test_what_is_written_has_its_own_direction(chat: Chat) -> None:
    await chat.send("مرحبا بالعالم")
    text = chat.questions.first.locator("p")
    assert await text.evaluate("(one) => getComputedStyle(one).direction") == "rtl"
