"""Providers and the encrypted tokens to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.validators import validate_base_url, validate_options


class Provider(models.Model):
    """An account's door to models: LiteLLM's provider key, and an address when it is not the provider's own."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    name = models.CharField(max_length=100, unique=True)
    provider_key = models.CharField(
        "LiteLLM provider",
        max_length=60,
        help_text="LiteLLM's key: openai, anthropic, gemini, mistral, ollama, … Use openai for any OpenAI-compatible server.",
    )
    base_url = models.CharField(
        "base URL",
        max_length=300,
        blank=True,
        validators=[validate_base_url],
        help_text="Empty for the provider's own address. Tokens are sent to this address.",
    )
    options = models.JSONField(
        default=dict,
        blank=True,
        validators=[validate_options],
        help_text="What else this provider is told with each call, by LiteLLM's names. No secrets.",
    )
    is_enabled = models.BooleanField("enabled", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConfigurationQuerySet["Provider"].as_manager()

    def __str__(self) -> str:
        return self.name


class ProviderToken(models.Model):
    """A key to a provider, for one team or (no team) for the platform.

    `ciphertext` is sealed together with the row's id, provider and team (`services.set_provider_token`), so it is of
    no use in another row. The token itself is never shown again: only the last four characters and a fingerprint.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="tokens")
    team = models.ForeignKey(
        "ai_studio.Team",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="provider_tokens",
        help_text="Empty: the platform's token, used by teams that have none of their own.",
    )
    label = models.CharField(max_length=100, blank=True)
    ciphertext = models.TextField(editable=False)
    last_four = models.CharField(max_length=4, blank=True, editable=False)
    fingerprint = models.CharField(max_length=16, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(default=0, help_text="The lowest number is tried first.")
    is_enabled = models.BooleanField("enabled", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error_code = models.CharField(max_length=60, blank=True, editable=False)
    last_error_detail = models.TextField(
        blank=True, editable=False, help_text="The provider's own words, redacted and cut."
    )

    objects = ConfigurationQuerySet["ProviderToken"].as_manager()

    class Meta:
        # Two, since SQLite has no unique constraint in which no team equals no team.
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "team", "fingerprint"],
                name="team_token_once",
                violation_error_message="This token is already stored for this provider and team.",
            ),
            models.UniqueConstraint(
                fields=["provider", "fingerprint"],
                condition=models.Q(team__isnull=True),
                name="platform_token_once",
                violation_error_message="This token is already stored for this provider and the platform.",
            ),
        ]

    def __str__(self) -> str:
        label = self.label or "Token"
        return f"{label} …{self.last_four}" if self.last_four else label

    @property
    def is_failing(self) -> bool:
        """Whether its last use was one that failed by the token's or the provider's fault."""
        return bool(self.last_error_at and self.last_used_at and self.last_error_at >= self.last_used_at)

    @property
    def seal_context(self) -> str:
        """What the ciphertext is bound to: moving it to another row, provider or team makes it unreadable."""
        return f"provider-token:{self.pk}:provider:{self.provider_id}:team:{self.team_id or 'platform'}"
