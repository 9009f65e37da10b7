"""Instructions of the platform, of teams and of users. An agent's own are on the agent."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.models.team import Team
from ai_studio.validators import validate_instructions


class Instructions(models.Model):
    """One text per level and owner. `safety` is the platform's alone: no other level can override it."""

    class Level(models.TextChoices):
        PLATFORM = "platform", "Platform"
        TEAM = "team", "Team"
        USER = "user", "User"

    level = models.CharField(max_length=10, choices=Level)
    team = models.OneToOneField(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="instructions")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="instructions"
    )
    text = models.TextField(
        blank=True,
        validators=[validate_instructions],
        help_text="May use {user_name}, {user_language}, {team_name}, {agent_name} and {date}.",
    )
    safety = models.TextField(
        "safety rules",
        blank=True,
        validators=[validate_instructions],
        help_text="Platform only: a section that the other levels can't override.",
    )
    is_enabled = models.BooleanField("enabled", default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConfigurationQuerySet["Instructions"].as_manager()

    class Meta:
        verbose_name_plural = "instructions"
        constraints = [
            models.UniqueConstraint(
                fields=["level"],
                condition=models.Q(level="platform"),
                name="one_platform_instructions",
                violation_error_message="The platform has its instructions already: edit those.",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(level="platform", team__isnull=True, user__isnull=True)
                    | models.Q(level="team", team__isnull=False, user__isnull=True, safety="")
                    | models.Q(level="user", team__isnull=True, user__isnull=False, safety="")
                ),
                name="instructions_owner_fits_level",
                violation_error_message=(
                    "Platform instructions have no owner, a team's have a team, a user's have a user; only the platform has safety rules."
                ),
            ),
        ]

    def __str__(self) -> str:
        owner = self.team or self.user
        return f"{self.get_level_display()} instructions{f' of {owner}' if owner else ''}"
