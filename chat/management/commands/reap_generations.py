"""`manage.py reap_generations`: what every node does by itself, for when none runs."""

from __future__ import annotations

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from chat import services


class Command(BaseCommand):
    help = "Ends the answers whose process is gone, with all of their text that can be had."

    def handle(self, *args: Any, **options: Any) -> None:
        ended = asyncio.run(services.reap_generations())
        self.stdout.write(f"Ended: {ended}")
