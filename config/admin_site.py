"""The admin's site: who may enter, and how one signs in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from unfold.sites import UnfoldAdminSite

from ai_studio import authorization, readiness
from config import known_settings
from config.checks import TAG

SHOWN_APPS = frozenset({"ai_studio", "chat"})


class StudioAdminSite(UnfoldAdminSite):
    index_title = "Overview"

    def has_permission(self, request: HttpRequest) -> bool:
        return authorization.may_enter_admin(request.user)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With the guide while something is missing, and for platform admins what is set wrong."""
        steps = readiness.steps_for(request.user)  # type: ignore[arg-type]  # the site has let nobody else in
        is_complete = all(step.is_done for step in steps)
        faults = run_checks(tags=[TAG], include_deployment_checks=True) if request.user.is_superuser else []
        guide = {"steps": [] if is_complete else steps, "faults": faults}
        response: HttpResponse = super().index(request, {**guide, **(extra_context or {})})
        return response

    def register(
        self, model_or_iterable: type[Model] | Iterable[type[Model]], admin_class: Any = None, **options: Any
    ) -> None:
        """Pages that other packages bring along know nothing of teams: only the product's own are shown."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        own = [model for model in models if model._meta.app_label in SHOWN_APPS]
        super().register(own, admin_class or ModelAdmin, **options)

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """`is_open`: whether there is anything in a group for this person."""
        groups: list[dict[str, Any]] = super().get_sidebar_list(request)
        return [group | {"is_open": any(item["has_permission"] for item in group["items"])} for group in groups]

    def get_urls(self) -> list[Any]:
        own = [path("studio/settings/", self.admin_view(self.settings_view), name="settings")]
        return own + list(super().get_urls())

    def settings_view(self, request: HttpRequest) -> HttpResponse:
        """Each setting, its value and where that comes from; secrets are not among the values."""
        if not authorization.authority_of(request.user).is_platform:
            raise PermissionDenied
        shown = {"title": "Settings", "settings": known_settings.of_this_process()}
        return TemplateResponse(request, "admin/settings.html", self.each_context(request) | shown)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """There is one door for passwords, the product's own: it has the rate limits."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/admin/"), settings.LOGIN_URL)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_change_password")
