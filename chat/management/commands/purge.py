"""`manage.py purge`: what every node does by itself, for when none runs, or nobody wants to wait."""

from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat import services
from chat.errors import FilesUnavailable


class Command(BaseCommand):
    help = "Deletes for good the chats whose time is over, and files and prompts that nothing names any more."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            gone = asyncio.run(services.purge_now())
        except FilesUnavailable as error:
            raise CommandError(
                "Chats are purged, but the storage of their files does not answer. Try again."
            ) from error
        self.stdout.write(", ".join(f"{what}: {count}" for what, count in sorted(gone.items())) or "Nothing was due.")
