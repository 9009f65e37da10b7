"""`manage.py create_api_token EMAIL`: a token for programs, printed this once and alone, so that it can be piped."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from knox.models import AuthToken

from ai_studio.models import User


class Command(BaseCommand):
    help = "Prints a new API token of a user; it goes into the header `Authorization: Token …`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the user's e-mail address")
        parser.add_argument("--expires", type=int, metavar="DAYS", help="days until it stops working; never by default")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["expires"]
        if days is not None and days < 1:
            raise CommandError("--expires takes a number of days, at least 1.")
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody has an account with the address {options['email']}.")
        if not user.is_active:
            raise CommandError(f"The account of {user.email} is not active.")
        _, token = AuthToken.objects.create(user=user, expiry=None if days is None else timedelta(days=days))
        self.stdout.write(token)
