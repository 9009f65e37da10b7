"""A file that somebody uploaded, for a message. What it holds lies in a storage, under its key."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models.session import Session


class Attachment(models.Model):
    """Belongs to whoever uploaded it, and from its message on to the message's session.

        checking → ready → sent

    A row outlives its session and its user until its file is gone: they are set to null, and the purge does the rest. Copies
    of a session share a key. `name` and `media_type` were made safe when it came; the type is what the content proves.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        READY = "ready", "Ready to be sent"
        SENT = "sent", "Sent"

    id = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    session = models.ForeignKey(Session, null=True, on_delete=models.SET_NULL, related_name="attachments")
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    key = models.CharField(max_length=64, db_index=True, help_text="Where its forms are stored.")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, help_text="In pixels; null where it is no image.")
    height = models.PositiveIntegerField(null=True)
    text = models.TextField(blank=True, help_text="What could be read in it, for models that read it as text.")
    is_text_cut = models.BooleanField(default=False, help_text="There was more to read than is kept.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["user", "created_at"], name="files_without_a_session", condition=models.Q(session__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.pk  # not the name: that is the owner's

    @property
    def is_image(self) -> bool:
        return self.width is not None
