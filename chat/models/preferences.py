"""How a person wants the page to look and behave, on every device."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Preferences(models.Model):
    """One row for each person who has chosen something. `values`: what was chosen, of the keys and words in `CHOICES` alone."""

    AUTOMATIC = "automatic"
    """The language that the browser asks for."""

    CHOICES: dict[str, tuple[str, ...]] = {
        "theme": ("system", "light", "dark"),
        "density": ("comfortable", "compact"),
        "send_key": ("enter", "ctrl-enter"),
        "notifications": ("off", "hidden"),
        "language": (AUTOMATIC, *(code for code, _ in settings.LANGUAGES)),
    }
    """By key; the first word is what holds where nothing is chosen."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="chat_preferences"
    )
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"
