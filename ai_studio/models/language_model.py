"""The catalogue of models, and which of them a team may use."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.models.provider import Provider
from ai_studio.models.team import Team
from ai_studio.validators import validate_capabilities, validate_efforts, validate_parameters

LEAST_CONTEXT = 1_000
"""Tokens. In less there is no room for instructions and a question."""


def _price(help_text: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True, help_text=help_text, validators=[MinValueValidator(0)]
    )


class LanguageModel(models.Model):
    """A model of a provider. Prices are in US dollars per million tokens; None means that nobody has said."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        ARCHIVED = "archived", "Archived"

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="models")
    model_id = models.CharField(
        "model id", max_length=200, help_text="The id within the provider, as LiteLLM takes it, without a prefix."
    )
    display_name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    is_enabled = models.BooleanField("enabled", default=True)
    context_window = models.PositiveIntegerField(null=True, blank=True, help_text="Tokens in and out together.")
    max_output_tokens = models.PositiveIntegerField(null=True, blank=True)
    input_price = _price("US dollars per million tokens.")
    output_price = _price("US dollars per million tokens.")
    cached_input_price = _price("US dollars per million cached input tokens.")
    capabilities = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_capabilities],
        help_text='Such as ["vision", "tools", "reasoning"].',
    )
    efforts = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_efforts],
        help_text="How hard a person may ask it to think, chat by chat. None: nothing is offered.",
    )
    parameters = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_parameters],
        help_text='Sent with each call, such as {"temperature": 0.7, "max_tokens": 4000}.',
    )
    synced = models.JSONField(default=dict, editable=False, help_text="What the last sync of the catalogue said.")
    synced_at = models.DateTimeField(null=True, editable=False)
    overridden = models.JSONField(
        default=list, editable=False, help_text="The facts that somebody wrote by hand: a sync leaves them in force."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConfigurationQuerySet["LanguageModel"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "model_id"],
                name="model_once_per_provider",
                violation_error_message="This provider has a model with this id already.",
            ),
            models.CheckConstraint(
                condition=models.Q(status="active") | models.Q(is_enabled=False),
                name="archived_model_not_enabled",
                violation_error_message="An archived model can't be enabled.",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name


class TeamModel(models.Model):
    """That a team may use a model, and when it is tried."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="team_models")
    model = models.ForeignKey(LanguageModel, on_delete=models.CASCADE, related_name="team_models")
    is_enabled = models.BooleanField("enabled", default=True)
    is_default = models.BooleanField("default", default=False)
    priority = models.PositiveSmallIntegerField(default=0, help_text="The lowest number is tried first.")
    max_context_tokens = models.PositiveIntegerField(
        "context limit",
        null=True,
        blank=True,
        validators=[MinValueValidator(LEAST_CONTEXT)],
        help_text="Tokens of one call, in and out together. Empty: the model's own window.",
    )
    max_output_tokens = models.PositiveIntegerField(
        "answer limit",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Tokens of one answer, also where the model or an agent asks for more. Empty: no limit of the team.",
    )

    objects = ConfigurationQuerySet["TeamModel"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "model"],
                name="team_model_once",
                violation_error_message="The team has this model already.",
            ),
            models.UniqueConstraint(
                fields=["team"],
                condition=models.Q(is_default=True),
                name="one_default_model_per_team",
                violation_error_message="A team has one default model. Unset the other one first.",
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(is_enabled=True),
                name="default_team_model_enabled",
                violation_error_message="The default model must be enabled.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} for {self.team_id}"
