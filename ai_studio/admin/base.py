"""What every page of the admin shares: rows, permissions and choices come from `authorization`."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin, TabularInline

from ai_studio import history
from ai_studio.admin.opened import OpenedForm
from ai_studio.authorization import Action, Authority, authority_of
from ai_studio.models import LanguageModel, Library, Team, User

_AUTHORITY = "studio_authority"
_FILTER_SUFFIXES = ("__exact", "__id__exact", "__isnull", "_from_0", "_from_1", "_to_0", "_to_1")


def signed_in(request: HttpRequest) -> User:
    """Whoever a page of the admin answers; the site has let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def authority(request: HttpRequest) -> Authority:
    """Looked up once for each request: a page asks dozens of times."""
    known: Authority | None = getattr(request, _AUTHORITY, None)
    if known is None:
        known = authority_of(request.user)
        setattr(request, _AUTHORITY, known)
    return known


def require_platform(request: HttpRequest) -> None:
    """For pages that are the platform admins' alone. Raises PermissionDenied."""
    if not authority(request).is_platform:
        raise PermissionDenied


class _LimitedChoices:
    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """A posted id outside of these is refused like one that does not exist."""
        rows = authority(request).choosable(db_field.related_model)
        if db_field.related_model is LanguageModel:
            rows = rows.select_related("provider").only("display_name", "provider__name")
            rows = rows.order_by("provider__name", "display_name")
        if db_field.related_model is Library:
            rows = rows.select_related("team").order_by("team__name", "name")
        kwargs.setdefault("queryset", rows)
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        if field is not None:
            field.label_from_instance = _with_owner  # type: ignore[method-assign, assignment]
            self._require_own_team(field, db_field, request)
        return field

    def _require_own_team(
        self, field: ModelChoiceField[Any], db_field: ForeignKey[Any, Any], request: HttpRequest
    ) -> None:
        """An empty team means the platform, which is not a team admin's to fill; who has one team needs no choice."""
        if db_field.related_model is Team and not authority(request).is_platform:
            field.required = True
            field.empty_label = None


def _with_owner(row: Model) -> str:
    """Two providers may offer the same model, and two teams have a library of one name: a choice says whose it is."""
    if isinstance(row, Library):
        return f"{row} · {row.team}"
    return f"{row} · {row.provider}" if isinstance(row, LanguageModel) else str(row)


class StudioModelAdmin(_LimitedChoices, ModelAdmin):
    list_fullwidth = True
    list_filter_sheet = False
    warn_unsaved_form = True
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = authority(request).visible(self.model)
        return rows.order_by(*(self.get_ordering(request) or ("pk",)))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not issubclass(self.form, OpenedForm) or not self.has_change_permission(request, obj):
            return fieldsets
        (title, options), *others = fieldsets
        return [(title, {**options, "fields": (*options["fields"], "opened")}), *others]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filters alone: otherwise a query string could ask for the beginnings of a secret until it had all of it."""
        filters = self.get_list_filter(request) if request else self.list_filter
        of_fields = {each[0] + suffix for each in filters if isinstance(each, tuple) for suffix in _FILTER_SUFFIXES}
        return lookup in of_fields | {each.parameter_name for each in filters if hasattr(each, "parameter_name")}

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back_to_guide(request) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back_to_guide(request) or super().response_post_save_change(request, obj)

    def _back_to_guide(self, request: HttpRequest) -> HttpResponseRedirect | None:
        """Whoever came from the overview's guide goes back to it."""
        return HttpResponseRedirect(reverse("admin:index")) if request.GET.get("then") == "overview" else None

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Field by field, where the rows leave a history; Django's own page knows only what was done in the admin."""
        if not history.is_recorded(self.model):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        shown = {
            "title": f"History of {row}",
            "entries": history.history_of(row),
            "opts": self.opts,
            "object": row,
            "is_of_one": True,
        }
        context = self.admin_site.each_context(request) | shown | (extra_context or {})
        return TemplateResponse(request, "admin/ai_studio/history.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.VIEW, self.model, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return authority(request).may(Action.ADD, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.CHANGE, self.model, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.DELETE, self.model, obj)


class StudioFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A table's headings are no labels: each field says its own."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # of a choice with links beside it
            if field.label and not widget.is_hidden:
                widget.attrs["aria-label"] = str(field.label)


class StudioInline(_LimitedChoices, TabularInline):
    """Rows below a parent. Whoever may act on the parent's page may act on these as far as `authorization` allows."""

    formset = StudioFormSet
    extra = 0
    tab = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = authority(request).visible(self.model)
        return rows.order_by(*(self.get_ordering(request) or ("pk",)))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.VIEW, self.model)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.ADD, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.CHANGE, self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return authority(request).may(Action.DELETE, self.model)
