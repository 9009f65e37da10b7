"""What a sync of the catalogue would change: kept between looking at it and applying it, and afterwards as a record."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.provider import Provider


class CatalogueReview(models.Model):
    """`proposals` is a list of `catalogue_diff.Proposal` as JSON. It is applied once or never."""

    class Source(models.TextChoices):
        LITELLM = "litellm", "LiteLLM's catalogue"
        PROVIDER = "provider", "The provider's own list"

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="catalogue_reviews")
    source = models.CharField(max_length=10, choices=Source)
    proposals = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_source_display()} for {self.provider_id}"
