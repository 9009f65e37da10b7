"""`manage.py seed_studio`: instructions, providers and models to start with; `--demo` adds a world to play in."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ai_studio import seeding
from ai_studio.models import Seed

DEFAULT_EMULATOR_URL = "http://127.0.0.1:8081"


class Command(BaseCommand):
    help = (
        "Makes the platform's instructions, and providers with their current models. Safe to run again: it makes nothing "
        "twice, and leaves alone what has been changed or deleted since."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo",
            action="store_true",
            help="also the emulator at EMULATOR_URL as three providers, two teams, people of each role, three agents",
        )
        parser.add_argument(
            "--demo-password",
            default="",
            help="for the people of the demonstration; without it they have none and can't sign in",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = Seed.objects.count()
        seeding.sow_basics()
        if options["demo"]:
            url = os.environ.get("EMULATOR_URL") or DEFAULT_EMULATOR_URL
            seeding.sow_demo(emulator_url=url, password=options["demo_password"])
        if options["verbosity"] > 0:
            self.stdout.write(f"Seeds sown: {Seed.objects.count() - before}.")
