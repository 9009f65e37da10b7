"""`manage.py rotate_token_keys`: seals every provider token with the newest key."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ai_studio import services
from ai_studio.crypto import generate_key
from ai_studio.models import ProviderToken


class Command(BaseCommand):
    help = (
        "To change keys: put what --new-key prints first into TOKEN_KEYS, before the old ones and a comma; restart; "
        "run this command; take the old keys out."
    )
    requires_system_checks = []  # --new-key is what helps when the check of TOKEN_KEYS fails

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="print a fresh key and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self.stdout.write(generate_key())
            return
        try:
            report = services.rotate_token_keys()
        except ValueError as error:
            raise CommandError(f"TOKEN_KEYS can't be used: {error}. --new-key prints a good one.") from error
        self.stdout.write(f"Sealed with the newest key: {report.rotated}.")
        if report.unreadable:
            raise CommandError(f"Not readable with any key, and left as they are: {self._named(report.unreadable)}.")

    def _named(self, ids: tuple[str, ...]) -> str:
        tokens = ProviderToken.objects.filter(pk__in=ids).select_related("provider", "team").order_by("pk")
        return "; ".join(f"{token.provider}, {token.team or 'platform'}, {token} ({token.pk})" for token in tokens)
