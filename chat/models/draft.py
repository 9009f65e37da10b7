"""What was typed and not sent: of each person one text for each session, and one for the chat that has not begun."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models.session import Session


class Draft(models.Model):
    """`session` is null for the chat that has not begun. `version` counts the writes; it never goes back, so the row of a sent draft stays."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "user"], name="one_draft_of_a_person_in_a_session"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(session=None), name="one_draft_of_the_chat_that_has_not_begun"
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.user_id}"
