"""What a model wrote of the beginning of a long chat, for models that can't be shown all of it."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from chat.models.message import Message


class Summary(models.Model):
    """Of everything on the branch up to `message` and with it: so it serves every branch that goes through that.

    Nothing is changed or left out because of it but what a model is shown. `tokens`: about how many it takes there.
    """

    id = models.CharField(primary_key=True, max_length=64)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="summary")
    text = models.TextField()
    tokens = models.PositiveIntegerField()
    model_name = models.CharField(max_length=200, help_text="Of the model that wrote it.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        return f"summary {self.pk}"
