"""A message: parts as JSON, the same as plain text, and the message that it follows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models.session import Session


class Message(models.Model):
    """`parts` is what is shown (docs/protocol.md, stored parts); `text` is what models and searches read.

    Messages of a session are a tree by `parent`. `client_id` is the id of the command that wrote it: writing it
    twice is refused by the constraint, which makes sending again safe.
    """

    class Role(models.TextChoices):
        USER = "user", "User"
        ASSISTANT = "assistant", "Assistant"
        TRANSITION = "transition", "Transition"

    id = models.CharField(primary_key=True, max_length=64)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    client_id = models.CharField(max_length=64, null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role)
    parts = models.JSONField(default=list)
    text = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,  # the partial index below: most messages have none
        help_text="The guest who wrote it; null: the session's owner, or a model.",
    )
    author_name = models.CharField(
        max_length=150, blank=True, default="", db_default="", help_text="The guest's name, which stays when they go."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "client_id"], name="message_once_per_command"),
            models.CheckConstraint(
                condition=models.Q(role__in=["user", "assistant", "transition"]), name="message_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["author"], name="messages_of_guests", condition=models.Q(author__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"
