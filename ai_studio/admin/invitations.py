"""Invitations to teams. Deleting one revokes it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from unfold.decorators import display

from ai_studio import invitations
from ai_studio.admin.base import StudioModelAdmin, signed_in
from ai_studio.admin.filters import LimitedRelatedFilter
from ai_studio.admin.forms import StudioForm
from ai_studio.authorization import grantable_roles
from ai_studio.models import Invitation, Membership, User


class InvitationForm(StudioForm):
    by: User
    """Set for each request."""

    class Meta:
        model = Invitation
        fields = ("team", "email", "role")
        help_texts = {"email": "The link works for this address alone, with an account that is there or a new one."}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        team, email, role = (cleaned.get(name) for name in ("team", "email", "role"))
        if team and role and role not in grantable_roles(self.by, team.pk):
            self.add_error("role", ValidationError("Only an owner of the team can make somebody an owner."))
        if team and email and Membership.objects.filter(team=team, user__email__iexact=email).exists():
            self.add_error("email", ValidationError("This person is in the team already."))
        return cleaned


@admin.register(Invitation)
class InvitationAdmin(StudioModelAdmin):
    form = InvitationForm
    list_display = ("email", "team", "role", "state", "created_by", "expires_at")
    list_filter = (("team", LimitedRelatedFilter),)
    list_filter_submit = True
    list_select_related = ("team", "created_by")
    search_fields = ("email", "team__name")
    ordering = ("-created_at",)

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> tuple[str, ...]:
        asked = ("team", "email", "role")
        return (*asked, "state", "created_by", "created_at", "expires_at", "accepted_at") if obj else asked

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("InvitationFormOf", (form,), {"by": signed_in(request)})

    def save_model(self, request: HttpRequest, obj: Invitation, form: ModelForm[Any], change: bool) -> None:
        made, secret = invitations.invite(team=obj.team, email=obj.email, role=obj.role, by=signed_in(request))
        obj.pk, obj.expires_at = made.pk, made.expires_at
        address = request.build_absolute_uri(reverse("invitation", args=[secret]))
        was_sent = invitations.mail(made, address=address)
        words = "Sent to {}." if was_sent else "The mail to {} could not be sent: pass the link on yourself."
        told = format_html(words + " The link, shown only now: <code>{}</code>", made.email, address)
        messages.add_message(request, messages.SUCCESS if was_sent else messages.WARNING, told)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The security log has it."""

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        invitations.revoke(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        for invitation in queryset:
            invitations.revoke(invitation)

    @display(description="state", label={"Open": "info", "Accepted": "success", "Expired": "warning"})
    def state(self, invitation: Invitation) -> str:
        if invitation.accepted_at:
            return "Accepted"
        return "Open" if invitation.expires_at > timezone.now() else "Expired"
