"""What a process remembers of the configuration, so that an answer costs one query for it instead of five.

Everything is forgotten the moment the version in the database is another one, whichever node changed it, and after five
minutes in any case. Secrets are remembered sealed only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models.signals import post_delete, post_save

from ai_studio.models import (
    Agent,
    Configuration,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Membership,
    Provider,
    ProviderToken,
    SwitchRule,
    Team,
    TeamModel,
    User,
)

Value = TypeVar("Value")

MAX_SECONDS = 300.0
MAX_ENTRIES = 20_000

CONFIGURATION = (
    Agent,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Membership,
    Provider,
    ProviderToken,
    SwitchRule,
    Team,
    TeamModel,
    User,
)


class Remembered:
    """What was read under one version. Loading twice at the same moment is possible, and harmless."""

    def __init__(self, version: int) -> None:
        self.version = version
        self._made_at = time.monotonic()
        self._entries: dict[tuple[str, ...], Any] = {}

    @property
    def is_old(self) -> bool:
        return time.monotonic() - self._made_at > MAX_SECONDS or len(self._entries) > MAX_ENTRIES

    def get(self, key: tuple[str, ...], load: Callable[[], Value]) -> Value:
        if key not in self._entries:
            self._entries[key] = load()
        value: Value = self._entries[key]
        return value


_lock = threading.Lock()
_remembered = Remembered(-1)


def remembered() -> Remembered:
    """What is remembered under the version of now: one query.

    The version is read before anything is loaded under it. A change that commits in between is loaded, but remembered
    under the older number, and so forgotten at the next look: never the other way round.
    """
    global _remembered
    version = Configuration.current_version()
    with _lock:
        if _remembered.version != version or _remembered.is_old:
            _remembered = Remembered(version)
        return _remembered


def _changed(update_fields: frozenset[str] | None = None, **_: Any) -> None:
    if update_fields != frozenset({"last_login"}):  # signing in changes no answer
        Configuration.raise_version()


def connect() -> None:
    """From now on a saved or deleted row of the configuration raises its version. Called when the app is ready."""
    for model in CONFIGURATION:
        post_save.connect(_changed, sender=model, dispatch_uid=f"configuration-saved-{model.__name__}")
        post_delete.connect(_changed, sender=model, dispatch_uid=f"configuration-deleted-{model.__name__}")
