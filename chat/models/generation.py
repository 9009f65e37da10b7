"""A generation: one production of one assistant message, and how it went.

    pending → streaming → (stopping) → completed | stopped | failed | interrupted

Status changes only by conditional updates whose count is looked at: whoever comes second finds 0 rows.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from chat.commands import MOST_BESIDE, REASONS
from chat.models.message import Message
from chat.models.session import Session


class GenerationQuerySet(models.QuerySet["Generation"]):
    def active(self) -> GenerationQuerySet:
        """Those that have not ended."""
        return self.filter(status__in=Generation.ACTIVE)

    def together(self, group: str) -> GenerationQuerySet:
        """All that stand, or stood, side by side; `group` is that of one of them."""
        return self.filter(models.Q(pk=group) | models.Q(beside=group))

    def silent_for(self, time: timedelta) -> GenerationQuerySet:
        """Active ones whose owner has shown no sign of life for that long, by the database's clock."""
        return self.active().filter(heartbeat_at__lt=Now() - time)


class Generation(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        STREAMING = "streaming", "Streaming"
        STOPPING = "stopping", "Stopping"
        COMPLETED = "completed", "Completed"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"
        INTERRUPTED = "interrupted", "Interrupted"

    class Rating(models.TextChoices):
        UP = "up", "Good"
        DOWN = "down", "Bad"

    ACTIVE = (Status.PENDING, Status.STREAMING, Status.STOPPING)

    id = models.CharField(primary_key=True, max_length=64)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="generations")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="generation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)

    # What was asked, and why it was this: names are kept, since the rows may go.
    model = models.ForeignKey("ai_studio.LanguageModel", null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(max_length=200, blank=True)
    agent = models.ForeignKey("ai_studio.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    agent_name = models.CharField(max_length=100, blank=True)
    resolution = models.JSONField(default=list, help_text="Each candidate in order, and why it was taken or not.")
    prompt_hash = models.CharField(max_length=64, blank=True)
    provenance = models.JSONField(default=list, help_text="Each paragraph of the prompt: level, row, revision.")

    # How it went.
    metadata = models.JSONField(default=dict, help_text="docs/protocol.md, `messageMetadata` of `finish`.")
    finish_reason = models.CharField(max_length=20, blank=True)
    error = models.JSONField(null=True, help_text="code, text, retryable, retry_after")

    # Who produces it, and how far the stored message is.
    owner = models.CharField(max_length=64, blank=True, help_text="The process that produces it.")
    heartbeat_at = models.DateTimeField(default=timezone.now)
    seq = models.PositiveIntegerField(default=0, help_text="The last frame that the stored message holds.")
    stop_seen = models.PositiveIntegerField(null=True, help_text="The last frame on the screen of who stopped it.")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    beside = models.CharField(
        max_length=64, blank=True, help_text="The generation at whose side it stands, as another answer to its message."
    )
    place = models.PositiveSmallIntegerField(default=0, help_text="Among those side by side; 0 leads, or stands alone.")
    merged_from = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="Of an answer made out of others: each one's message (null in a copy) and model, by name.",
    )
    guidance = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What was wanted of this answer, where it was asked for again: in the words of its reader.",
    )
    guided_from = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="The message of the answer that the guidance is about; empty in a copy.",
    )
    copy_of = models.CharField(max_length=64, blank=True, help_text="In a fork: the generation that this is a copy of.")

    # What its reader thinks of it.
    rating = models.CharField(max_length=4, blank=True, choices=Rating)
    rating_reason = models.CharField(
        max_length=20, blank=True, choices=[(word, word.replace("_", " ")) for word in REASONS]
    )
    rated_at = models.DateTimeField(null=True)

    objects = GenerationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "place"],
                condition=models.Q(status__in=["pending", "streaming", "stopping"]),
                name="one_active_generation_per_place",
            ),
            models.CheckConstraint(condition=models.Q(place__lte=MOST_BESIDE), name="place_known"),
        ]
        indexes = [
            models.Index(
                fields=["heartbeat_at"],
                condition=models.Q(status__in=["pending", "streaming", "stopping"]),
                name="active_generations",
            ),
            models.Index(fields=["prompt_hash"], name="generations_of_prompt"),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.pk}"

    @property
    def group(self) -> str:
        """The id of the generation that leads those that stand side by side; its own, where it leads or is alone."""
        return self.beside or self.pk

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE
