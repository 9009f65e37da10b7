"""Legal holds: placed and lifted by platform admins. And what stands in the way of deleting what one keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget

from ai_studio.admin.base import StudioModelAdmin, signed_in
from ai_studio.admin.deletion import CountedDeletion, Falling
from ai_studio.admin.forms import StudioForm
from ai_studio.models import LegalHold, User


class LegalHoldForm(StudioForm):
    email = forms.EmailField(
        required=False,
        label="Person",
        widget=UnfoldAdminEmailInputWidget(),
        help_text="The e-mail address of an account. All that this person wrote is kept, in every team.",
    )

    class Meta:
        model = LegalHold
        fields = ("team", "reason")
        help_texts = {"team": "All that anybody wrote in it is kept."}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email:
            self.instance.user = User.objects.filter(email__iexact=email).first()
            if self.instance.user is None:
                raise ValidationError("Nobody has an account with this address.")
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("team")) == bool(cleaned.get("email")):
            self.add_error("team", "A hold is on a team or on a person: name one of the two.")
        return cleaned


@admin.register(LegalHold)
class LegalHoldAdmin(CountedDeletion, StudioModelAdmin):
    form = LegalHoldForm
    list_display = ("subject", "reason", "placed_by", "placed_at")
    list_select_related = ("team", "user")
    search_fields = ("team__name", "user__email", "reason")
    ordering = ("-placed_at",)
    delete_confirmation_template = "admin/ai_studio/lift_hold.html"

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> tuple[str, ...]:
        return ("subject", "reason", "placed_by", "placed_at") if obj else ("team", "email", "reason")

    def save_model(self, request: HttpRequest, obj: LegalHold, form: ModelForm[Any], change: bool) -> None:
        obj.placed_by = signed_in(request).email
        obj.save()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The security log has it."""

    @display(description="on")
    def subject(self, hold: LegalHold) -> str:
        return f"Team {hold.team}" if hold.team else str(hold.user)


class HeldBack:
    """For the admin of what a legal hold can keep: deleting it is refused, and the answer says which hold stands in the way."""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None or not self.has_delete_permission(request, row) or not (holds := holds_on(row)):  # type: ignore[attr-defined]
            answer: HttpResponse = super().delete_view(request, object_id, extra_context)  # type: ignore[misc]
            return answer
        named = "; ".join(f"{hold}, since {hold.placed_at:%d %B %Y}, by {hold.placed_by}" for hold in holds)
        text = f"“{row}” can't be deleted, because a legal hold keeps what hangs on it. {named}. Lift it first."
        messages.error(request, text)
        return redirect(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", row.pk)


def holds_on(row: Model) -> list[LegalHold]:
    """The holds that keep the row, or something that would fall with it."""
    return [each for each in Falling([row]).protected if isinstance(each, LegalHold)]
