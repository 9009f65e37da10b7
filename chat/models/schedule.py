"""A scheduled prompt: what is asked again and again, each time in a chat of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.ids import new_id
from chat.models.folder import Folder
from chat.models.session import Session


class Schedule(models.Model):
    """Belongs to one user in one team, as the sessions that it begins do. When it runs: see `chat.recurrence`.

    `next_at` is null where it is off, or has nothing left to come. `claimed_at` is of the process that runs it at this moment.
    """

    id = models.CharField(primary_key=True, max_length=64, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("ai_studio.Team", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    prompt = models.TextField()
    model = models.ForeignKey(
        "ai_studio.LanguageModel", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agent = models.ForeignKey("ai_studio.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    at = models.TimeField(help_text="In `zone`.")
    zone = models.CharField(max_length=64, help_text="A name of the IANA, such as Europe/Lisbon.")
    weekdays = models.JSONField(default=list, help_text="ISO: 1 is Monday.")
    month_day = models.PositiveSmallIntegerField(null=True)
    day = models.DateField(null=True, help_text="The only one.")

    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(null=True, help_text="When it ran last, or could not.")
    session = models.ForeignKey(
        Session, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Of that run."
    )
    error = models.JSONField(null=True, help_text="Why it could not, as a client is told.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="schedules_to_come", condition=models.Q(next_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.pk  # not the name: that is the owner's
