"""A session: one person's conversation, with the model and agent chosen for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from chat.models.folder import Folder
from chat.models.holding import cascade_unless_held


class Session(models.Model):
    """Belongs to one user in one team. The id may be the client's own, so it has no default here.

    `leaf` is the end of the branch on the screen; `model` and `agent` are null where nothing is chosen.
    """

    # What `selectors.with_names` adds.
    model_name: str | None
    agent_name: str | None

    id = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=cascade_unless_held, related_name="chat_sessions")
    # Without an index of its own: the one of the team's by activity serves.
    team = models.ForeignKey("ai_studio.Team", on_delete=cascade_unless_held, related_name="+", db_index=False)
    title = models.CharField(max_length=200, blank=True)
    is_title_chosen = models.BooleanField(default=False, help_text="The owner named it: no model renames it.")
    model = models.ForeignKey(
        "ai_studio.LanguageModel", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    agent = models.ForeignKey("ai_studio.Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    effort = models.CharField(
        max_length=10, blank=True, help_text="How hard to think; empty: as the agent and the model say."
    )
    leaf = models.ForeignKey("chat.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    forked_from = models.ForeignKey(
        "chat.Message",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="threads",
        db_index=False,  # the partial index below: most sessions are no threads
        help_text="Of a thread: the message of another session that it departs from.",
    )
    folder = models.ForeignKey(Folder, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    tags = models.JSONField(default=list, blank=True, help_text="The owner's words for it, in their order.")
    is_unread = models.BooleanField(default=False, help_text="An answer has ended that its owner has not seen.")
    pinned_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="Out of the list, still found.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Absent, and really gone some days later.")
    is_temporary = models.BooleanField(
        default=False, help_text="In no list, search or export; gone for good some hours after its last activity."
    )
    erased_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Its owner wanted it gone at once: it can't be brought back, and goes at the next purge.",
    )
    is_joint = models.BooleanField(default=False, db_default=False, help_text="Others than its owner write in it too.")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now, help_text="The newest message or change of title.")

    class Meta:
        indexes = [
            models.Index(fields=["user", "-updated_at", "-id"], name="session_of_user_newest_first"),
            models.Index(
                fields=["user", "-pinned_at"], name="pinned_sessions", condition=models.Q(pinned_at__isnull=False)
            ),
            models.Index(fields=["deleted_at"], name="deleted_sessions", condition=models.Q(deleted_at__isnull=False)),
            models.Index(fields=["erased_at"], name="erased_sessions", condition=models.Q(erased_at__isnull=False)),
            models.Index(fields=["updated_at"], name="temporary_sessions", condition=models.Q(is_temporary=True)),
            models.Index(fields=["team", "updated_at"], name="session_of_team_by_activity"),
            models.Index(
                fields=["forked_from"], name="threads_of_messages", condition=models.Q(forked_from__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.pk  # not the title: that is the owner's, and this ends up in the admin and in logs
