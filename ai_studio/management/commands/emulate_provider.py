"""`manage.py emulate_provider`: a provider to talk to without a key."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Emulates the APIs of OpenAI, Anthropic and Gemini over HTTP: for the demo without a key, and for tests."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")

    def handle(self, *args: Any, **options: Any) -> None:
        from ai_studio.emulator.server import main

        main(options["host"], options["port"])
