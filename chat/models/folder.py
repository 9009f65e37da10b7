"""A folder: sessions of one person that belong together, and what new ones in it begin with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models.holding import cascade_unless_held


class Folder(models.Model):
    """Belongs to one user in one team, as its sessions do, and its parent, where it lies in another folder.

    `model` and `agent` are the choice of a new session; where they are null, it is the parent's.
    """

    id = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=cascade_unless_held, related_name="chat_folders")
    team = models.ForeignKey("ai_studio.Team", on_delete=cascade_unless_held, related_name="+")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    name = models.CharField(max_length=100)
    model = models.ForeignKey(
        "ai_studio.LanguageModel", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agent = models.ForeignKey("ai_studio.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    instructions = models.TextField(blank=True, help_text="Go to the model with each message of its sessions.")
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, editable=False, help_text="As a session's: gone, but for a legal hold.")

    class Meta:
        indexes = [
            models.Index(fields=["erased_at"], name="erased_folders", condition=models.Q(erased_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.pk  # not the name: that is the owner's
