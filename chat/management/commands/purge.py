"""`manage.py purge`: what every node does by itself, for when none runs, or nobody wants to wait."""

from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from chat import services


class Command(BaseCommand):
    help = "Deletes for good the chats whose time is over, and prompts that nothing names any more."

    def handle(self, *args: Any, **options: Any) -> None:
        gone = asyncio.run(services.purge_now())
        self.stdout.write(", ".join(f"{what}: {count}" for what, count in sorted(gone.items())) or "Nothing was due.")
