"""The ledger: one row per provider call, written once, whatever came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.models.agent import Agent
from ai_studio.models.language_model import LanguageModel
from ai_studio.models.provider import ProviderToken
from ai_studio.models.team import Team


class Completion(models.Model):
    """Who asked which model with which token, and what it took. Cost is in US dollars; None means that it is not known."""

    class Purpose(models.TextChoices):
        ANSWER = "answer", "Answer"
        TITLE = "title", "Title"
        SUMMARY = "summary", "Summary of a long chat"
        TEST = "test", "Test of a connection"
        TRIAL = "trial", "Trial of an agent"

    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.ANSWER)
    generation_id = models.CharField(max_length=64, blank=True, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    model = models.ForeignKey(LanguageModel, null=True, on_delete=models.SET_NULL, related_name="+")
    token = models.ForeignKey(ProviderToken, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_model = models.CharField(max_length=200)
    actual_model = models.CharField(max_length=200, blank=True)
    prompt_hash = models.CharField(max_length=64, blank=True, db_index=True, help_text="Of the `Prompt` that was sent.")
    attempts = models.PositiveSmallIntegerField(default=1)
    input_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    reasoning_tokens = models.PositiveIntegerField(null=True)
    is_estimated = models.BooleanField(
        default=False, help_text="The provider did not count: the tokens are an estimate."
    )
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True)
    first_token_ms = models.PositiveIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_detail = models.TextField(blank=True, help_text="The provider's own words, redacted.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.requested_model} at {self.created_at:%Y-%m-%d %H:%M:%S}"
