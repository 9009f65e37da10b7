"""People's accounts: the platform admin's alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserCreationForm

from ai_studio.admin.base import StudioModelAdmin
from ai_studio.admin.deletion import CountedDeletion
from ai_studio.admin.forms import StudioForm
from ai_studio.admin.legal_holds import HeldBack
from ai_studio.admin.memberships import TeamsOfUserInline
from ai_studio.admin.opened import OpenedForm
from ai_studio.models import User

_ONE_ACCOUNT_EACH = {"user_email_unique_ignoring_case": "email"}


class NewUserForm(StudioForm, UserCreationForm):
    blamed = _ONE_ACCOUNT_EACH

    class Meta:
        model = User
        fields = ("email", "name", "language")


class UserForm(OpenedForm, StudioForm):
    blamed = _ONE_ACCOUNT_EACH

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active", "is_superuser")
        labels = {"is_superuser": "Platform admin"}
        help_texts = {
            "is_active": "Off: this person can't sign in any more, and what they wrote stays.",
            "is_superuser": "May see and change everything in this admin.",
        }


@admin.register(User)
class UserAdmin(HeldBack, CountedDeletion, StudioModelAdmin, DjangoUserAdmin):  # type: ignore[type-arg, misc]  # not subscriptable when it runs; the theme has no types
    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("person", "role", "is_active", "last_login", "date_joined")
    list_filter = (("is_superuser", BooleanRadioFilter), ("is_active", BooleanRadioFilter))
    list_filter_submit = True
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    inlines = (TeamsOfUserInline,)
    fieldsets = (
        (None, {"fields": ("email", "name", "language", "password_state")}),
        ("Access", {"fields": ("is_active", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "language", "usable_password", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # Nobody locks the door behind themselves: another platform admin has to do that.
        own = ("is_active", "is_superuser") if obj and obj.pk == request.user.pk else ()
        return ("password_state", "last_login", "date_joined", *own)

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[Any], change: bool) -> None:
        # Django's own admin lets only staff in; here `is_superuser` says it all, and the two must not disagree.
        obj.is_staff = obj.is_superuser
        obj.save()

    @display(description="person", ordering="email", header=True)
    def person(self, user: User) -> tuple[str, str]:
        return user.name or user.get_short_name(), user.email

    @display(description="password")
    def password_state(self, user: User) -> str:
        state = "Set" if user.has_usable_password() else "None: this person can't sign in with one"
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{}. <a href="{}" class="text-link">Set a new one</a>', state, address)

    @display(description="role", ordering="is_superuser", label={"Platform admin": "primary", "User": "default"})
    def role(self, user: User) -> str:
        return "Platform admin" if user.is_superuser else "User"
