"""Legal holds: what somebody has to keep, whoever wants it gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.models.team import Team


class LegalHold(models.Model):
    """While the row is there, nothing that was said in the team, or by the person, is deleted for good.

    Lifting it deletes the row; the security log keeps when it was placed, when it was lifted, and why. There may be several on
    the same team or person: what one case lets go, another may still need.
    """

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_holds")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="legal_holds"
    )
    reason = models.CharField(max_length=300, help_text="The case or the order behind it. Platform admins see it.")
    placed_by = models.CharField("by", max_length=254, editable=False)
    placed_at = models.DateTimeField("since", auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=False, user__isnull=True)
                | models.Q(team__isnull=True, user__isnull=False),
                name="legal_hold_on_a_team_or_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user or self.team}: {self.reason}"
