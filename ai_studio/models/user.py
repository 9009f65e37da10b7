"""People sign in with their e-mail address."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from ai_studio.ids import MAX_LENGTH, new_id


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail; Django's commands (`createsuperuser`) call it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A platform admin."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractUser):
    """A person. `is_superuser` is the platform admin; what one may do in a team is in `Membership`."""

    id = models.CharField(primary_key=True, max_length=MAX_LENGTH, default=new_id, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True, help_text="As the assistant may address this person.")
    language = models.CharField(
        max_length=16, default="en", help_text="Language code, such as en or pt-br; the assistant is told."
    )
    has_memory = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The assistant remembers facts about them: see `PersonalMemory`.",
    )
    last_memory_number = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The highest that a memory of theirs has ever had."
    )
    active_team = models.ForeignKey(
        "ai_studio.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_ignoring_case",
                violation_error_message="There is an account with this e-mail address already.",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email.partition("@")[0]
