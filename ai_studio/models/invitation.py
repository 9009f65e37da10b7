"""Invitations to a team: a link with a secret, for one person, once, for some days."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.team import Membership, Team


class Invitation(models.Model):
    """`digest`: SHA-256 of the link's secret, which nobody keeps. A revoked invitation is deleted."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=10, choices=Membership.Role, default=Membership.Role.MEMBER)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "member"]), name="invitation_role_known"
            )
        ]

    def __str__(self) -> str:
        return self.email
