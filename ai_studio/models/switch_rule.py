"""How models are told that another agent takes over, where the platform knows better than `switching.STRATEGIES`."""

from __future__ import annotations

from django.db import models

from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.switching import Strategy


class SwitchRule(models.Model):
    """A family of models and the strategy for it. Rules are asked in their order, and before the built-in ones."""

    position = models.PositiveSmallIntegerField(default=0, help_text="The lowest number is asked first.")
    provider_key = models.CharField(
        "LiteLLM provider", max_length=100, default="*", help_text="Such as anthropic, or * for every provider."
    )
    model_pattern = models.CharField(
        max_length=200, default="*", help_text="A model id in small letters; * stands for anything: *opus*"
    )
    strategy = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Strategy])

    objects = ConfigurationQuerySet["SwitchRule"].as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["provider_key", "model_pattern"],
                name="switch_rule_once_per_family",
                violation_error_message="There is a rule for this family already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider_key} {self.model_pattern}"
