"""The look of the admin, and its sidebar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _may_open(label: str) -> Callable[[HttpRequest], bool]:
    """The page itself says who may open it; the sidebar only repeats it."""

    def may_open(request: HttpRequest) -> bool:
        page = admin.site.get_model_admin(apps.get_model(label))
        return page.has_view_permission(request)

    return may_open


def _administers(request: HttpRequest) -> bool:
    return admin.site.has_permission(request)


def _shows_kept_prompts(request: HttpRequest) -> bool:
    """The inspector's address begins like theirs, and has an entry of its own."""
    return request.path.startswith("/admin/ai_studio/prompt/") and not request.path.endswith("/inspect/")


def _item(title: str, icon: str, label: str, about: str) -> dict[str, Any]:
    """`label`: of the model whose list it opens. `about`: a sentence for the overview."""
    address = f"admin:{label.lower().replace('.', '_')}_changelist"
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(address),
        "permission": _may_open(label),
        "about": about,
    }


def _page(title: str, icon: str, address: str, about: str) -> dict[str, Any]:
    """A page of platform admins that shows no rows of one model."""
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(address),
        "permission": lambda request: request.user.is_superuser,
        "about": about,
    }


NAVIGATION = [
    {
        "title": "Studio",
        "items": [
            _item("Agents", "smart_toy", "ai_studio.Agent", "Roles with instructions and a model of their own."),
            _item("Libraries", "library_books", "ai_studio.Library", "Documents that a team's agents know."),
            {
                "title": "Prompt inspector",
                "icon": "frame_inspect",
                "link": reverse_lazy("admin:ai_studio_inspector"),
                "permission": _administers,
                "about": "What a model would be told, and where each word of it comes from.",
            },
            _item(
                "Saved prompts",
                "bookmark",
                "ai_studio.SavedPrompt",
                "Texts that a team's members put into a message by a slash.",
            ),
            _item("Instructions", "notes", "ai_studio.Instructions", "What every answer follows, level by level."),
            _item(
                "Agent switches",
                "swap_horiz",
                "ai_studio.SwitchRule",
                "How each model family is told of another agent.",
            ),
            _item("Models", "neurology", "ai_studio.LanguageModel", "The catalogue: limits, prices, abilities."),
        ],
    },
    {
        "title": "Connections",
        "items": [
            _item("Providers", "dns", "ai_studio.Provider", "Where models are reached."),
            _item("Tokens", "key", "ai_studio.ProviderToken", "The keys to providers, stored encrypted."),
        ],
    },
    {
        "title": "People",
        "items": [
            _item("Teams", "groups", "ai_studio.Team", "Members, and the models that they may use."),
            _item("Invitations", "mail", "ai_studio.Invitation", "Links that bring somebody into a team, once."),
            _item("Legal holds", "lock", "ai_studio.LegalHold", "What must not be deleted, and why."),
            _item("Users", "person", "ai_studio.User", "Accounts, and who administers the platform."),
        ],
    },
    {
        "title": "Ledger",
        "items": [
            _item("Completions", "receipt_long", "ai_studio.Completion", "Every provider call: tokens, cost, time."),
            _item("Prompts", "quick_reference", "ai_studio.Prompt", "The instructions that were sent, word for word.")
            | {"active": _shows_kept_prompts},
            _item("Generations", "bolt", "chat.Generation", "Every answer: which model, why, how it ended."),
            _item(
                "Scheduled prompts", "schedule", "chat.Schedule", "Whose, and when they come next; never what they ask."
            ),
            _item("Sessions", "forum", "chat.Session", "Whose and when, never what was said."),
        ],
    },
    {
        "title": "Operation",
        "items": [
            _page("Settings", "tune", "admin:settings", "What the environment sets, and where each value comes from."),
            _page("Changes", "history", "studio:changes", "Who changed what in the configuration, field by field."),
            _page("Export and import", "swap_vert", "studio:transfer", "The whole studio as a file, without secrets."),
            _item(
                "Security log", "shield", "ai_studio.SecurityEvent", "Sign-ins, roles, tokens, exports: who and when."
            ),
        ],
    },
]

# The page's design tokens under the names of unfold's ramps. Each step has one use in light and another in dark.
COLORS = {
    "base": {
        "50": "var(--paper-sunken)",
        "100": "light-dark(var(--paper-tinted), var(--ink))",
        "200": "light-dark(var(--line), var(--ink))",
        "300": "light-dark(var(--line-strong), var(--ink-soft))",
        "400": "var(--ink-faint)",
        "500": "var(--ink-faint)",
        "600": "light-dark(var(--ink-soft), var(--line-strong))",
        "700": "light-dark(var(--ink), var(--line-strong))",
        "800": "light-dark(var(--ink), var(--line))",
        "900": "light-dark(var(--ink), var(--paper))",
        "950": "light-dark(var(--ink), var(--paper-sunken))",
    },
    "primary": {
        "50": "var(--accent-soft)",
        "100": "var(--accent-soft)",
        "200": "var(--accent-soft)",
        "300": "var(--accent)",
        "400": "var(--accent)",
        "500": "var(--accent)",
        "600": "var(--accent)",
        "700": "var(--accent-strong)",
        "800": "var(--accent-strong)",
        "900": "var(--accent-strong)",
        "950": "var(--accent-strong)",
    },
    "font": {
        "subtle-light": "var(--ink-faint)",
        "subtle-dark": "var(--ink-faint)",
        "default-light": "var(--ink-soft)",
        "default-dark": "var(--ink-soft)",
        "important-light": "var(--ink)",
        "important-dark": "var(--ink)",
    },
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Chat Studio",
    "SITE_HEADER": "Chat Studio",
    "SITE_SYMBOL": "forum",
    "SITE_URL": "/",
    "SITE_ICON": lambda _request: static("favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("favicon.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "var(--radius-m)",
    "COLORS": COLORS,
    "STYLES": [
        lambda _request: static("tokens.css"),
        lambda _request: static("ai_studio/admin.css"),
        lambda _request: static("ai_studio/operate.css"),
    ],
    "SCRIPTS": [lambda _request: static("ai_studio/admin.js")],
    "SIDEBAR": {"navigation": NAVIGATION},
    "ACCOUNT": {"navigation": [{"title": "Your settings", "link": reverse_lazy("chat:settings")}]},
}
