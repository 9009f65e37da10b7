"""Teams: who is in one, which models it may use, and with which tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.forms import Field, ModelChoiceField, ModelForm, Widget
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.decorators import display

from ai_studio import services
from ai_studio.admin import usable
from ai_studio.admin.base import StudioFormSet, StudioInline, StudioModelAdmin, authority, signed_in
from ai_studio.admin.deletion import CountedDeletion
from ai_studio.admin.forms import RowForm, StudioForm
from ai_studio.admin.legal_holds import HeldBack
from ai_studio.admin.memberships import MembershipInline
from ai_studio.admin.opened import OpenedForm
from ai_studio.authorization import Action
from ai_studio.models import LanguageModel, Membership, ProviderToken, Team, TeamModel


class TeamModelForm(OpenedForm, RowForm):
    blamed = {"default_team_model_enabled": "is_default"}

    class Meta:
        model = TeamModel
        fields = ("model", "is_enabled", "is_default", "max_context_tokens", "max_output_tokens", "priority")


class _SettledModelField(Field):
    """The model of a stored row, which stays: it is not looked up again."""

    def __init__(self, model: LanguageModel, *, label: Any, widget: Widget) -> None:
        super().__init__(label=label, widget=widget, disabled=True)
        self._model = model

    def clean(self, value: Any) -> LanguageModel:
        return self._model


class _SettledModel(Widget):
    """Says which model a stored row is about. In a select it would be a list of one, with three links beside it."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__()
        self._name, self._address = name, address

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if not self._address:
            return format_html("<span>{}</span>", self._name)
        return format_html('<a class="text-link" href="{}">{}</a>', self._address, self._name)


class TeamModelFormSet(StudioFormSet):
    opens_models: ClassVar[bool] = False
    """Whether the page leads to the models. Set for each request."""

    offered: list[Any] | None = None

    def add_fields(self, form: ModelForm[TeamModel], index: int | None) -> None:
        """A stored row keeps its model. Empty ones offer the same models: asked for once, not for each row."""
        super().add_fields(form, index)
        field = cast("ModelChoiceField[Any]", form.fields["model"])
        if not form.instance._state.adding:
            model = form.instance.model
            widget = self._settled(field.label_from_instance(model), model.pk)
            form.fields["model"] = _SettledModelField(model, label=field.label, widget=widget)
            return
        self.offered = self.offered or list(cast("Iterable[Any]", field.choices))
        field.choices = self.offered

    def _settled(self, name: str, model_id: str) -> _SettledModel:
        address = reverse("admin:ai_studio_languagemodel_change", args=[model_id]) if self.opens_models else ""
        return _SettledModel(name, address)

    def clean(self) -> None:
        super().clean()
        rows = [form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data")]
        if sum(bool(row.get("is_default") and not row.get("DELETE")) for row in rows) > 1:
            raise ValidationError("A team has one default model. Leave “default” on for one of them.")

    def save(self, commit: bool = True) -> Any:
        """The default is set last and through the service, which takes it from the row that had it."""
        rows = super().save(commit=False)
        for row in self.deleted_objects:
            row.delete()
        self._append(self.new_objects)
        chosen = [row for row in rows if row.is_default]
        for row in rows:
            row.is_default = False
            row.save()
        for row in chosen:
            services.set_default_model(team=row.team, model=row.model)
        return rows

    def _append(self, rows: Iterable[TeamModel]) -> None:
        """A new row comes last, unless it was dragged to a place."""
        last = max((form.instance.priority for form in self.initial_forms), default=-1)
        for row in rows:
            if not row.priority:
                last = row.priority = last + 1


class TeamModelInline(StudioInline):
    model = TeamModel
    form = TeamModelForm
    formset = TeamModelFormSet
    verbose_name = "model"
    verbose_name_plural = "models"
    ordering = ("priority", "model__display_name")
    ordering_field = "priority"
    hide_ordering_field = True
    hide_title = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamModel]:
        return super().get_queryset(request).select_related("model__provider")

    def get_formset(self, request: HttpRequest, obj: Team | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.opens_models = authority(request).may(Action.VIEW, LanguageModel)
        return formset


class TokenInline(StudioInline):
    """To look at. A token is entered on its own page, which knows how to keep it."""

    model = ProviderToken
    verbose_name_plural = "tokens"
    fields = readonly_fields = ("name", "provider", "ending", "is_enabled", "priority", "last_used_at")
    ordering = ("provider__name", "priority")
    hide_title = True
    template_after = "admin/ai_studio/add_token.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderToken]:
        return super().get_queryset(request).select_related("provider").defer("ciphertext")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="token")
    def name(self, token: ProviderToken) -> str:
        address = reverse("admin:ai_studio_providertoken_change", args=[token.pk])
        return format_html('<a href="{}" class="text-link">{}</a>', address, token.label or "Token")

    @display(description="ends in")
    def ending(self, token: ProviderToken) -> str:
        return f"…{token.last_four}" if token.last_four else "—"


class TeamForm(OpenedForm, StudioForm):
    class Meta:
        model = Team
        fields = ("name",)


@admin.register(Team)
class TeamAdmin(HeldBack, CountedDeletion, StudioModelAdmin):
    form = TeamForm
    list_display = ("name", "default_model", "member_count", "model_count", "created_at")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("chats_are_kept",)
    inlines = (MembershipInline, TeamModelInline, TokenInline)
    change_form_outer_before_template = "admin/ai_studio/team_links.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.usable_view)
        return [path("<path:object_id>/usable/", view, name="ai_studio_team_usable"), *super().get_urls()]

    def usable_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        team = self.get_object(request, unquote(object_id))
        if team is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, team):
            raise PermissionDenied
        return usable.view(request, self.admin_site, team)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        enabled = Q(team_models__is_enabled=True)
        default = TeamModel.objects.filter(team=OuterRef("pk"), is_default=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                members_=Count("memberships", distinct=True),
                models_=Count("team_models", filter=enabled, distinct=True),
                default_=Subquery(default.values("model__display_name")[:1]),
            )
        )

    def get_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        return ("name", "chats_are_kept") if obj else ("name",)

    def get_inlines(self, request: HttpRequest, obj: Team | None) -> Any:
        # A token belongs to a team that is stored: the page of a new one has nothing to point it at.
        return self.inlines if obj else (MembershipInline, TeamModelInline)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A team has an owner: whoever makes it, unless others were named."""
        super().save_related(request, form, formsets, change)
        team: Team = form.instance
        if not change and not team.memberships.exists():
            services.add_member(team=team, user=signed_in(request), role=Membership.Role.OWNER)

    @display(description="default model", ordering="default_")
    def default_model(self, team: Any) -> str:
        return team.default_ or "—"

    @display(description="chats are kept")
    def chats_are_kept(self, team: Team) -> str:
        days = team.retention_days
        return f"{days} day{'' if days == 1 else 's'} after their last activity" if days else "For ever"

    @display(description="members", ordering="members_")
    def member_count(self, team: Any) -> int:
        return team.members_

    @display(description="models", ordering="models_")
    def model_count(self, team: Any) -> int:
        return team.models_
