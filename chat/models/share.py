"""A link under which a session, or all that lie in a folder, can be read by others."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from chat.models.folder import Folder
from chat.models.message import Message
from chat.models.session import Session


def new_token() -> str:
    """192 random bits: whoever does not have the link does not find it."""
    return secrets.token_urlsafe(24)


class ShareQuerySet(models.QuerySet["Share"]):
    def in_force(self) -> ShareQuerySet:
        """Those that have not expired, by the database's clock."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=Now()))


class Share(models.Model):
    """Whoever may follow the link reads one branch: up to `leaf` as it was, or, where that is null, the one on the owner's screen now.

    Of a folder they read so each session that lies in it at that moment, and in the folders in it.
    """

    class Audience(models.TextChoices):
        TEAM = "team", "The team"
        ANYONE = "anyone", "Anyone with the link"

    id = models.CharField(primary_key=True, max_length=64, default=new_token)
    session = models.ForeignKey(Session, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    audience = models.CharField(max_length=6, choices=Audience)
    is_live = models.BooleanField(help_text="What comes later is shown too.")
    leaf = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True, help_text="As it was when it was shared.")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="share_of_one_thing",
                condition=models.Q(session__isnull=False, folder=None) | models.Q(session=None, folder__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.session_id or self.folder_id)  # not the id: that is the secret
