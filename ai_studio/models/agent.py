"""Agents: instructions with a name, a face, and perhaps a model of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.models.language_model import LanguageModel
from ai_studio.models.library import Library
from ai_studio.models.team import Team
from ai_studio.validators import validate_instructions, validate_parameters, validate_starters, validate_tools


class Agent(models.Model):
    class Visibility(models.TextChoices):
        TEAM = "team", "Everybody in the team"
        ADMINS = "admins", "The team's admins alone (a draft)"

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="agents")
    name = models.CharField(max_length=100)
    icon = models.CharField(max_length=16, blank=True, help_text="One emoji.")
    description = models.CharField(max_length=300, blank=True)
    instructions = models.TextField(validators=[validate_instructions])
    library = models.ForeignKey(
        Library,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="agents",
        help_text="Documents that it knows.",
    )
    model = models.ForeignKey(
        LanguageModel,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agents",
        help_text="Used unless the person has chosen another one for the session.",
    )
    fallbacks = models.JSONField(
        default=list, blank=True, help_text="Ids of models, tried in this order before the team's others."
    )
    parameters = models.JSONField(
        default=dict, blank=True, validators=[validate_parameters], help_text="Override the model's parameters."
    )
    starters = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_starters],
        help_text="Three or four first messages to choose from.",
    )
    tools = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_tools],
        help_text="What the agent may do besides speaking, if its model can call tools.",
    )
    visibility = models.CharField(
        max_length=10,
        choices=Visibility,
        default=Visibility.TEAM,
        help_text="A draft can be tried by the team's admins before the others see it.",
    )
    is_enabled = models.BooleanField("enabled", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConfigurationQuerySet["Agent"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="agent_name_once_per_team",
                violation_error_message="The team has an agent of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name
