"""Saved prompts: texts that people put into their messages by a short name, a team's or one person's own."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from ai_studio.ids import MAX_LENGTH, new_id
from ai_studio.models.team import Team
from ai_studio.validators import validate_prompt_text

NAME_CHARACTERS = 40
TITLE_CHARACTERS = 100
MOST_PER_OWNER = 200
NAME_TAKEN = "name_taken"
TOO_MANY = "too_many"


class SavedPrompt(models.Model):
    """No answer depends on one: it is text in the composer before anything is sent.

    A person's own are private, as what they say is: no page of the admin shows them, and no history keeps them.
    """

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_prompts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_prompts"
    )
    name = models.CharField(
        max_length=NAME_CHARACTERS,
        validators=[RegexValidator(r"\A[a-z0-9-]+\Z", "Use small letters a to z, digits and hyphens.")],
        help_text="What is typed after the slash: small letters, digits and hyphens.",
    )
    title = models.CharField(max_length=TITLE_CHARACTERS)
    text = models.TextField(
        validators=[validate_prompt_text],
        help_text="{topic}, or any other word in braces, is asked for when it is used.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=False, user__isnull=True)
                | models.Q(team__isnull=True, user__isnull=False),
                name="saved_prompt_has_one_owner",
                violation_error_message="A saved prompt belongs to a team or to a person, and to one of them alone.",
            ),
            models.UniqueConstraint(
                fields=["team", "name"],
                name="saved_prompt_name_once_per_team",
                violation_error_code=NAME_TAKEN,
                violation_error_message="The team has a saved prompt of this name already.",
            ),
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_prompt_name_once_per_user",
                violation_error_code=NAME_TAKEN,
                violation_error_message="You have a saved prompt of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.name}"

    @property
    def is_personal(self) -> bool:
        return self.user_id is not None

    def clean(self) -> None:
        if self._state.adding and (self.team_id or self.user_id):
            owned = SavedPrompt.objects.filter(team=self.team_id, user=self.user_id).count()
            if owned >= MOST_PER_OWNER:
                text = f"There are {MOST_PER_OWNER} saved prompts, which is the most. Delete one first."
                raise ValidationError(text, code=TOO_MANY)
