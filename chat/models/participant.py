"""Who else writes in a session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from chat.models.session import Session


class Participant(models.Model):
    """A guest: a colleague of the session's team whom its owner lets write in it (`chat.access`)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_unread = models.BooleanField(default=False, help_text="An answer has ended that they have not seen.")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="guest_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.session_id}"


@receiver(post_delete, sender=Participant)
def _has_gone(instance: Participant, **_: Any) -> None:
    """By whatever way, also with their account: who was the last leaves the chat to its owner alone."""
    alone = Session.objects.filter(pk=instance.session_id).exclude(
        Exists(Participant.objects.filter(session=OuterRef("pk")))
    )
    alone.update(is_joint=False)
