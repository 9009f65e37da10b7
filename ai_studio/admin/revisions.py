"""Pages of rows that keep their revisions: what changed, by whom and why, and the way back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.widgets import UnfoldAdminTextInputWidget

from ai_studio import revisions
from ai_studio.admin.base import signed_in
from ai_studio.difference import Row, side_by_side
from ai_studio.models import LanguageModel, Library, Revision

BESIDE_THE_CONTENT = frozenset({"reason", "opened"})
PER_PAGE = 50


class RevisedForm(forms.Form):
    """Mixed into a model form: asks why, and notices when somebody else saved meanwhile."""

    reason = forms.CharField(
        label="Why",
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text="A few words about this change, for whoever looks at the revisions later.",
    )
    opened = forms.IntegerField(required=False, widget=forms.HiddenInput)
    blamed_when_stale = ""
    """The field beside which it is said that the row has changed meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["opened"] = self.instance.revision  # type: ignore[attr-defined]

    def clean(self) -> Any:
        cleaned = super().clean()
        opened, row = self.cleaned_data.get("opened"), self.instance  # type: ignore[attr-defined]
        if opened is not None and not row._state.adding and self.is_changed:
            try:
                revisions.refuse_stale(row, opened)
            except revisions.ChangedMeanwhile as error:
                who = error.row.updated_by or "Somebody"
                self.add_error(
                    self.blamed_when_stale,
                    ValidationError(
                        f"{who} saved revision {error.row.revision} while you were editing revision {opened}. Nothing"
                        " is overwritten: keep a copy of yours, open this page again, and put both together."
                    ),
                )
        return cleaned

    @property
    def is_changed(self) -> bool:
        return bool(set(self.changed_data) - BESIDE_THE_CONTENT)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    name: str
    rows: Sequence[Row]


class RevisedAdmin:
    """For a StudioModelAdmin: the history of a row is its revisions."""

    def get_urls(self) -> list[URLPattern]:
        name = f"ai_studio_{self.model._meta.model_name}_restore"  # type: ignore[attr-defined]
        view = self.admin_site.admin_view(self.restore_view)  # type: ignore[attr-defined]
        return [path("<path:object_id>/restore/<int:number>/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.is_changed or not change:
            revisions.save(obj, by=signed_in(request), reason=form.cleaned_data.get("reason", ""))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        kept = revisions.of(row)
        after = _chosen(kept, request.GET.get("after"), row.revision)
        before = _chosen(kept, request.GET.get("before"), after.number - 1) if after else None
        page = Paginator(kept, PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"Revisions of {row}",
            "opts": self.opts,  # type: ignore[attr-defined]
            "object": row,
            "original": row,
            "page": page,
            "before": before,
            "after": after,
            "differences": _differences(before, after, revisions.KEPT[type(row)]),
            "may_restore": self.has_change_permission(request, row),  # type: ignore[attr-defined]
            "restore_name": f"admin:ai_studio_{self.opts.model_name}_restore",  # type: ignore[attr-defined]
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/ai_studio/revisions.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            revisions.restore(row, number, by=signed_in(request))
        except Revision.DoesNotExist as error:
            raise Http404 from error
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Revision {number} is in force again, as revision {row.revision}.")
        return redirect(reverse(f"admin:ai_studio_{self.opts.model_name}_history", args=[row.pk]))  # type: ignore[attr-defined]


def _chosen(kept: Any, asked: str | None, otherwise: int) -> Revision | None:
    """The revision that an address names; a number that is none counts as not given."""
    number = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 10 else otherwise
    found: Revision | None = kept.filter(number=number).first()
    return found


def _differences(before: Revision | None, after: Revision | None, fields: Sequence[str]) -> list[FieldDifference]:
    """In the order of `fields`: PostgreSQL keeps JSON in an order of its own."""
    if after is None:
        return []
    old = before.content if before else {}
    kept = [(name, old.get(name), after.content[name]) for name in fields if name in after.content]
    return [
        FieldDifference(_field_name(name), side_by_side(_as_text(name, was), _as_text(name, now)))
        for name, was, now in kept
        if was != now
    ]


def _field_name(name: str) -> str:
    return {"library_id": "Library", "model_id": "Model", "is_enabled": "Enabled"}.get(name, name.capitalize())


def _as_text(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name == "library_id":
        return str(Library.objects.filter(pk=value).first() or value)
    if name == "model_id":
        return str(LanguageModel.objects.filter(pk=value).first() or value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return json.dumps(value, indent=2, ensure_ascii=False) if value else ""
    return "\n".join(value) if isinstance(value, list) else str(value)
