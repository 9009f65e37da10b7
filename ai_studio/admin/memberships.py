"""Who is in a team: edited on the team's page, by e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from unfold.decorators import display
from unfold.forms import PaginationFormSetMixin
from unfold.widgets import UnfoldAdminEmailInputWidget

from ai_studio import authorization, services
from ai_studio.admin.base import StudioFormSet, StudioInline
from ai_studio.admin.forms import RowForm
from ai_studio.admin.opened import OpenedForm
from ai_studio.models import Membership, Team, User

Role = Membership.Role


class MembershipForm(OpenedForm, RowForm):
    email = forms.EmailField(label="E-mail address", widget=UnfoldAdminEmailInputWidget())

    class Meta:
        model = Membership
        fields = ("role",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["email"].disabled = True
            self.initial["email"] = self.instance.user.email

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.instance._state.adding:
            user = User.objects.filter(email__iexact=email, is_active=True).first()
            if user is None:
                raise ValidationError("Nobody has an account with this address. A platform admin can make one.")
            self.instance.user = user
        return email


class MembershipFormSet(PaginationFormSetMixin, StudioFormSet):
    grantable: ClassVar[frozenset[str]] = frozenset()
    """Set for each request."""

    def add_fields(self, form: ModelForm[Membership], index: int | None) -> None:
        super().add_fields(form, index)
        role = form.fields["role"]
        if not form.instance._state.adding and form.instance.role not in self.grantable:
            role.disabled = True
        else:
            role.choices = [choice for choice in Role.choices if choice[0] in self.grantable]  # type: ignore[attr-defined]

    def clean(self) -> None:
        super().clean()
        filled = [form for form in self.forms if getattr(form, "cleaned_data", None)]
        kept = [form for form in filled if not form.cleaned_data.get("DELETE")]
        removed = [form for form in filled if form.cleaned_data.get("DELETE") and not form.instance._state.adding]
        if any(form.instance.role not in self.grantable for form in removed):
            raise ValidationError("Only an owner can remove an owner.")
        elsewhere = self._on_other_pages()
        people = [form.instance.user_id for form in kept if "email" in form.cleaned_data]
        if len(people) != len(set(people)) or elsewhere.filter(user__in=people).exists():
            raise ValidationError("Somebody is in the list twice.")
        had_owner = any(form.initial.get("role") == Role.OWNER for form in filled if not form.instance._state.adding)
        has_owner = any(form.cleaned_data.get("role") == Role.OWNER for form in kept)
        if had_owner and not has_owner and not elsewhere.filter(role=Role.OWNER).exists():
            raise ValidationError("A team keeps at least one owner. Make somebody else an owner first.")

    def _on_other_pages(self) -> QuerySet[Membership]:
        shown = [form.instance.pk for form in self.initial_forms]
        return Membership.objects.filter(team=self.instance.pk).exclude(pk__in=shown)

    def save(self, commit: bool = True) -> Any:
        rows = super().save(commit=False)
        for row in self.deleted_objects:
            services.remove_member(membership=row)
        for row in rows:
            if row._state.adding:
                services.add_member(team=row.team, user=row.user, role=row.role)
            else:
                row.save(update_fields=["role"])
        return rows


class MembershipInline(StudioInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    verbose_name = "member"
    verbose_name_plural = "members"
    fields = ("person", "email", "role", "opened")
    readonly_fields = ("person",)
    ordering = ("created_at", "pk")
    per_page = 25
    hide_title = True
    tab = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user")

    def get_formset(self, request: HttpRequest, obj: Team | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.grantable = authorization.grantable_roles(request.user, obj.pk if obj else "")
        return formset

    @display(description="name")
    def person(self, membership: Membership) -> str:
        return membership.user.get_full_name() if membership.user_id else "—"


class TeamsOfUserInline(StudioInline):
    """To look at: memberships are edited on the team's page."""

    model = Membership
    verbose_name_plural = "teams"
    fields = readonly_fields = ("team", "role", "created_at")
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
