"""Teams, and who belongs where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.configuration import ConfigurationQuerySet


class Team(models.Model):
    """`retention_days`: not editable in forms, nor taken from files: the page that sets it says first what would be deleted."""

    LONGEST_RETENTION = 36_500
    """Days. More than that is for ever, and no date of a database."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    retention_days = models.IntegerField(
        "chats are kept", null=True, editable=False, help_text="Days after the last activity; null: for ever."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConfigurationQuerySet["Team"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(retention_days__isnull=True) | models.Q(retention_days__range=(1, 36_500)),
                name="team_retention_is_some_days",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's place in a team, and what the user prefers there."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        ADMIN = "admin", _("Team admin")
        MEMBER = "member", _("Member")

    ADMIN_ROLES = (Role.OWNER, Role.ADMIN)

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    preferred_model = models.ForeignKey(
        "ai_studio.LanguageModel", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    preferred_agent = models.ForeignKey(
        "ai_studio.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConfigurationQuerySet["Membership"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"],
                name="membership_once_per_team",
                violation_error_message="This person is in the team already.",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "member"]), name="membership_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
