"""What can be set wrong in AI Studio, said at start. Ids are `ai_studio.E…` and `ai_studio.W…`.

All have the tag `studio`: the admin's overview runs these and shows what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, transaction

from ai_studio import readiness
from ai_studio.crypto import Vault
from ai_studio.llm.addresses import Reachable

TAG = "studio"
_STEP_IDS = {
    "provider": "ai_studio.W001",
    "token": "ai_studio.W002",
    "model": "ai_studio.W003",
    "team": "ai_studio.W004",
    "team_model": "ai_studio.W005",
}


@register(TAG, Tags.database)
def check_readiness(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """What the guide on the overview asks for; on the command line with `manage.py check --database default`."""
    if not databases:
        return []
    try:
        with transaction.atomic():
            steps = readiness.steps_of_platform()
    except DatabaseError:  # before the first migration there is nothing to look at, and the database's own checks speak
        return []
    hint = "Open the admin's overview: its guide leads to the page where it is done."
    missing = [step for step in steps if not step.is_done]
    return [Warning(f"{step.title}: {step.about}", hint=hint, id=_STEP_IDS[step.code]) for step in missing]


@register(TAG)
def check_token_keys(**_: Any) -> list[CheckMessage]:
    """Provider tokens can't be sealed or opened without a key."""
    hint = "Set TOKEN_KEYS (newest first, separated by commas), or run `make run` once: it makes a key in DATA_DIR."
    if not settings.TOKEN_KEYS:
        return [Error("There is no key for provider tokens.", hint=hint, id="ai_studio.E001")]
    try:
        Vault(settings.TOKEN_KEYS)
    except ValueError:
        return [
            Error(
                "TOKEN_KEYS holds a malformed key.",
                hint="Each key is 32 bytes in url-safe base64; `manage.py rotate_token_keys --new-key` prints a fresh one.",
                id="ai_studio.E002",
            )
        ]
    return []


@register(TAG)
def check_private_hosts(**_: Any) -> list[CheckMessage]:
    """A network that is misspelt would silently allow nothing, or too much."""
    try:
        Reachable.parse(settings.PROVIDER_PRIVATE_HOSTS)
    except ValueError as error:
        hint = "Write networks (10.0.0.0/8), addresses or hosts' names, separated by commas."
        return [Error(f"PROVIDER_PRIVATE_HOSTS can't be read: {error}.", hint=hint, id="ai_studio.E003")]
    return []
