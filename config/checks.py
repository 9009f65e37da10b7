"""What can be set wrong, said at start instead of at the first message. Ids are `studio.E…` and `studio.W…`."""

from __future__ import annotations

import shlex
import shutil
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

TAG = "studio"
"""The admin's overview shows what the checks with this tag say, those of AI Studio as well."""


@register(TAG)
def check_page_is_built(**_: Any) -> list[CheckMessage]:
    if (settings.STATICFILES_DIRS[0] / "manifest.json").is_file():
        return []
    return [Warning("The chat page has not been built.", hint="Run `make setup`.", id="studio.W001")]


@register(TAG, deploy=True)
def check_many_nodes(**_: Any) -> list[CheckMessage]:
    sqlite = settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    if settings.REDIS_URL and sqlite:
        return [
            Error(
                "REDIS_URL is set, but the database is SQLite, which nodes can't share.",
                hint="Set DATABASE_URL to a PostgreSQL address, or unset REDIS_URL.",
                id="studio.E001",
            )
        ]
    return []


@register(TAG, deploy=True)
def check_files_are_shared(**_: Any) -> list[CheckMessage]:
    if settings.REDIS_URL and not settings.FILES_URL:
        return [
            Warning(
                "Files are kept in a folder of this machine, but REDIS_URL says that there are several nodes.",
                hint="Set FILES_URL, or see to it that all nodes have the same DATA_DIR.",
                id="studio.W002",
            )
        ]
    return []


LIMITS = (
    "FILE_MAX_MEGABYTES",
    "FILES_PER_MESSAGE",
    "FILES_PER_PERSON_MEGABYTES",
    "LIBRARY_CONTEXT_PERCENT",
    "LIBRARY_DOCUMENTS",
    "MESSAGE_MAX_CHARACTERS",
    "PROVIDER_CONNECT_SECONDS",
    "PROVIDER_SILENCE_SECONDS",
    "SENDS_PER_MINUTE",
    "SOCKETS_PER_USER",
    "TEMPORARY_KEPT_HOURS",
)


@register(TAG)
def check_limits(**_: Any) -> list[CheckMessage]:
    return [
        Error(f"{name} is {value}, but must be at least 1.", hint=f"Unset {name} or raise it.", id="studio.E002")
        for name in LIMITS
        if (value := getattr(settings, name)) < 1
    ]


@register(TAG)
def check_scanner(**_: Any) -> list[CheckMessage]:
    """Each upload would be refused."""
    scanner = settings.FILE_SCANNER
    if not scanner or _can_be_run(scanner):
        return []
    hint = "Install the program, or correct FILE_SCANNER: a command, or package.module:function."
    return [Error(f"FILE_SCANNER is {scanner}, which is not there.", hint=hint, id="studio.E003")]


def _can_be_run(scanner: str) -> bool:
    try:
        program = shlex.split(scanner)[0]
        return shutil.which(program) is not None or callable(import_string(scanner.replace(":", ".")))
    except (ImportError, ValueError):
        return False
