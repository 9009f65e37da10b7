"""Provider tokens: written, shown as four characters and a fingerprint, never read back."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_post_parameters
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminPasswordWidget

from ai_studio import cooldown, services
from ai_studio.admin.base import StudioModelAdmin, signed_in
from ai_studio.admin.connection import ConnectionTested, show_test_next
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import StudioForm
from ai_studio.admin.opened import OpenedForm
from ai_studio.crypto import fingerprint
from ai_studio.llm.credentials import is_service_account, service_account
from ai_studio.llm.errors import Misconfigured
from ai_studio.models import Provider, ProviderToken

LONGEST = 16_000
# Browsers and password managers must neither offer a saved password here nor save the token as one.
_KEPT_OUT = {"autocomplete": "off", "spellcheck": "false", "data-1p-ignore": "", "data-lpignore": "true"}


class ProviderTokenForm(OpenedForm, StudioForm):
    value = forms.CharField(
        label="Token", required=False, max_length=LONGEST, widget=UnfoldAdminPasswordWidget(attrs=_KEPT_OUT)
    )

    class Meta:
        model = ProviderToken
        fields = ("provider", "team", "label", "priority", "is_enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance._state.adding
        self.fields["value"].required = is_new
        self.fields["value"].help_text = (
            "Stored encrypted and never shown again. A local server that wants no token gets any word."
            if is_new
            else "Leave empty to keep the stored one. It can't be shown; a new one takes its place at once."
        )

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        provider = self.cleaned_data.get("provider") or getattr(self.instance, "provider", None)
        if value and provider is not None and is_service_account(provider.provider_key):
            return _service_account(value, provider)
        if any(character.isspace() or not character.isprintable() for character in value) or not value.isascii():
            raise ValidationError("A token has no spaces, line breaks or accents. Copy it again.")
        return value

    def clean(self) -> dict[str, Any]:
        """The fingerprint is not a field of the form, so Django by itself would leave its constraint to the database."""
        cleaned = super().clean() or self.cleaned_data
        if value := cleaned.get("value"):
            token = self.instance
            owner = (token.provider_id, token.team_id)
            if token._state.adding:
                owner = (cleaned.get("provider"), cleaned.get("team"))
            same = ProviderToken.objects.filter(provider=owner[0], team=owner[1], fingerprint=fingerprint(value))
            if same.exclude(pk=token.pk).exists():
                self.add_error("value", "This token is already stored for this provider and team.")
        return cleaned


def _service_account(value: str, provider: Provider) -> str:
    try:
        return service_account(value, provider.base_url or None)
    except Misconfigured as error:
        raise ValidationError(error.detail) from None


_protected = method_decorator(sensitive_post_parameters("value"))


@admin.register(ProviderToken)
class ProviderTokenAdmin(ConnectionTested, StudioModelAdmin):
    form = ProviderTokenForm
    list_display = ("name", "provider", "owner", "state", "is_enabled", "priority", "last_used_at")
    list_filter = (
        ("provider", LimitedRelatedFilter),
        ("team", LimitedRelatedFilter),
        ("is_enabled", BooleanRadioFilter),
    )
    list_filter_submit = True
    list_select_related = ("provider", "team", "created_by")
    search_fields = ("label", "last_four", "provider__name", "team__name")
    ordering = ("provider__name", "team__name", "priority")
    fieldsets = (
        (None, {"fields": ("provider", "team", "label", "value")}),
        ("Use", {"fields": ("priority", "is_enabled")}),
    )
    stored = (
        "Stored",
        {"fields": ("stored_token", "health", "last_used_at", "last_error", "added_by", "created_at")},
    )

    def get_fieldsets(self, request: HttpRequest, obj: ProviderToken | None = None) -> Any:
        return (*self.fieldsets, self.stored) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderToken | None = None) -> tuple[str, ...]:
        shown = self.stored[1]["fields"]
        # The ciphertext is sealed for its provider and team: elsewhere it would not open.
        return ("provider", "team", *shown) if obj else shown

    @_protected
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().add_view(request, *args, **kwargs)

    @_protected
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().change_view(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderToken]:
        return super().get_queryset(request).defer("ciphertext")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With what the tokens of the page rest from, in one question to the cache."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = list(changelist.result_list)
        _note_rests(changelist.result_list)
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ProviderToken | None:
        token: ProviderToken | None = super().get_object(request, object_id, from_field)
        if token is not None:
            _note_rests([token])
        return token

    def save_model(self, request: HttpRequest, obj: ProviderToken, form: ModelForm[Any], change: bool) -> None:
        if value := form.cleaned_data.get("value"):
            services.set_provider_token(token=obj, value=value, by=signed_in(request))
            cooldown.end_rest(obj.pk)
            show_test_next(request, obj)
        else:
            obj.save(update_fields=[name for name in form.changed_data if name != "value"])

    def response_post_save_add(self, request: HttpRequest, obj: ProviderToken) -> HttpResponse:
        return self._back_to_guide(request) or _back_to(obj)  # where it is tested at once

    def response_post_save_change(self, request: HttpRequest, obj: ProviderToken) -> HttpResponse:
        return _back_to(obj) if request.POST.get("value") else super().response_post_save_change(request, obj)

    @display(description="token", ordering="label", header=True)
    def name(self, token: ProviderToken) -> tuple[str, str]:
        return token.label or "Token", f"…{token.last_four}" if token.last_four else f"fingerprint {token.fingerprint}"

    @display(description="for", ordering="team__name")
    def owner(self, token: ProviderToken) -> str:
        return str(token.team) if token.team else "Platform"

    @display(description="stored token")
    def stored_token(self, token: ProviderToken) -> str:
        last_four = f"…{token.last_four}" if token.last_four else "too short to show any of it"
        return f"{last_four} (fingerprint {token.fingerprint})"

    @display(
        description="health",
        label={"Working": "success", "Not used yet": "info", "failing": "danger", "resting": "warning"},
    )
    def state(self, token: ProviderToken) -> Any:
        """A rest is shown although the token may have worked since: until it ends, others are tried first."""
        rest: cooldown.Rest | None = getattr(token, "rest_", None)
        if rest is not None:
            return "resting", f"Resting for {_wait(rest.seconds)}: {_words(rest.code)}"
        if token.is_failing:
            return "failing", _words(token.last_error_code).capitalize()
        return "Working" if token.last_used_at else "Not used yet"

    @display(description="health")
    def health(self, token: ProviderToken) -> str:
        state = self.state(token)
        return state if isinstance(state, str) else str(state[1])

    @display(description="last error")
    def last_error(self, token: ProviderToken) -> str:
        if token.last_error_at is None:
            return "None"
        when = date_format(localtime(token.last_error_at), "DATETIME_FORMAT")
        detail = f": {token.last_error_detail}" if token.last_error_detail else ""
        return f"{when}, {_words(token.last_error_code)}{detail}"

    @display(description="added by")
    def added_by(self, token: ProviderToken) -> str:
        return str(token.created_by) if token.created_by else "The set-up"


def _back_to(token: ProviderToken) -> HttpResponse:
    return redirect("admin:ai_studio_providertoken_change", token.pk)


def _wait(seconds: float) -> str:
    return f"{ceil(seconds)} s" if seconds < 90 else f"{ceil(seconds / 60)} min"


def _words(code: str) -> str:
    return code.removeprefix("provider_").replace("_", " ")


def _note_rests(tokens: Iterable[ProviderToken]) -> None:
    """A provider that rests, for instance since nobody answers there, rests all its tokens."""
    rows = list(tokens)
    rests = cooldown.rests({each for token in rows for each in (token.pk, token.provider_id)})
    for token in rows:
        token.rest_ = rests.get(token.pk) or rests.get(token.provider_id)  # type: ignore[attr-defined]
