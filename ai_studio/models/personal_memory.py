"""What the assistant remembers about people across their chats."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.remembered_facts import MAX_CHARACTERS


class PersonalMemory(models.Model):
    """One fact about one person, which goes into the prompts of their chats while they have memory on (`User.has_memory`).

    Nothing to do with `ai_studio.memory`, which is what a process remembers of the configuration. It is private: no page of
    the admin lists it, no history keeps it, and it goes with its person.
    """

    class By(models.TextChoices):
        PERSON = "person", "The person"
        ASSISTANT = "assistant", "The assistant"

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_memories")
    number = models.PositiveIntegerField(help_text="By which models name it.")
    text = models.CharField(max_length=MAX_CHARACTERS)
    by = models.CharField(max_length=10, choices=By, help_text="Who wrote it as it is now.")
    session_id = models.CharField(max_length=64, blank=True, help_text="Of the chat that it comes from, if any.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "personal memories"
        constraints = [
            models.UniqueConstraint(fields=["user", "number"], name="personal_memory_number_once_per_user"),
        ]

    def __str__(self) -> str:
        return self.pk  # not the text: that is the person's, and this ends up in logs
