"""What instructions, agents and saved prompts said before: every saved state, with who, when and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.models.agent import Agent
from ai_studio.models.instructions import Instructions
from ai_studio.models.saved_prompt import SavedPrompt


class Revision(models.Model):
    """One saved state of one row; never changed. `number` is the row's `revision`, as prompts name it."""

    instructions = models.ForeignKey(
        Instructions, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions"
    )
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions")
    saved_prompt = models.ForeignKey(
        SavedPrompt, null=True, blank=True, on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="The row's fields, by name.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["instructions", "number"], name="instructions_revision_once"),
            models.UniqueConstraint(fields=["agent", "number"], name="agent_revision_once"),
            models.UniqueConstraint(fields=["saved_prompt", "number"], name="saved_prompt_revision_once"),
            models.CheckConstraint(
                condition=models.Q(instructions__isnull=False, agent__isnull=True, saved_prompt__isnull=True)
                | models.Q(instructions__isnull=True, agent__isnull=False, saved_prompt__isnull=True)
                | models.Q(instructions__isnull=True, agent__isnull=True, saved_prompt__isnull=False),
                name="revision_of_one_row",
            ),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"
