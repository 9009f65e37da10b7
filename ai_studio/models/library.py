"""Libraries: documents that a team's agents know."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.configuration import ConfigurationQuerySet
from ai_studio.models.team import Team

MAX_TEXT = 200_000
"""Characters of a document."""


class Library(models.Model):
    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="libraries")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300, blank=True)
    max_tokens = models.PositiveIntegerField(
        "most tokens in a prompt",
        null=True,
        blank=True,
        help_text="Documents past it are left out of the instructions, whole. Empty: as many as the model's context window lets it have.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ConfigurationQuerySet["Library"].as_manager()

    class Meta:
        verbose_name_plural = "libraries"
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"],
                name="library_name_once_per_team",
                violation_error_message="The team has a library of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """One file of a library. `name` and `media_type` were made safe when it came; the type is what the content proves.

    `key`: where the file is stored; empty for one that came as text, with an import. Of the same name there is one: a new
    file takes the place of the old one.
    """

    class State(models.TextChoices):
        READY = "ready", "Read"
        UNREAD = "unread", "Without text"

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="documents")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    text = models.TextField(
        blank=True, validators=[MaxLengthValidator(MAX_TEXT)], help_text="What could be read in it."
    )
    state = models.CharField(max_length=8, choices=State, default=State.READY, editable=False)
    reason = models.CharField(max_length=200, blank=True, editable=False, help_text="Why not all of it was read.")
    tokens = models.PositiveIntegerField(default=0, editable=False, help_text="Of its text, about.")
    size = models.PositiveBigIntegerField(default=0, editable=False, help_text="In bytes.")
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    key = models.CharField(max_length=64, blank=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConfigurationQuerySet["Document"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["library", "name"], name="document_name_once_per_library")]

    def __str__(self) -> str:
        return self.name


class Passage(models.Model):
    """A piece of a document's text, as it is searched: written when the document is, never changed."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(help_text="Of its first character in the document's text.")
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.document_id}:{self.position}"


class DiscardedFile(models.Model):
    """A stored file that no document has any more, or none has yet: what is still here after a while is removed."""

    key = models.CharField(primary_key=True, max_length=64)
    discarded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
