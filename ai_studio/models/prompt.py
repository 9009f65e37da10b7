"""Prompts that were sent, each kept once."""

from __future__ import annotations

from django.db import models


class Prompt(models.Model):
    """The exact instructions of a provider call, and where each paragraph of them came from. Never changed.

    `hash` is `instructions.Composed.hash`; generations and completions name it.
    """

    hash = models.CharField(primary_key=True, max_length=64, editable=False)
    text = models.TextField()
    provenance = models.JSONField(default=list, help_text="`instructions.Paragraph.as_json`, in order.")
    created_at = models.DateTimeField("first sent", auto_now_add=True)

    def __str__(self) -> str:
        return self.hash[:12]
