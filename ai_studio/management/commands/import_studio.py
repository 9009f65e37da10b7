"""`manage.py import_studio studio.yaml`: takes in what `export_studio` printed, all of it or nothing."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ai_studio import transfer


class Command(BaseCommand):
    help = (
        "Adds and changes what the file says, in one transaction; what is here and not in the file stays. Tokens are not in "
        "it: enter them in the admin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="what export_studio printed; - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        text = self._read(options["file"])
        try:
            changes = transfer.preview_text(text) if options["dry_run"] else transfer.apply_text(text, by=None)
        except transfer.Refused as refused:
            raise CommandError(f"Nothing was imported.\n{refused}") from refused
        for change in changes:
            self.stdout.write(f"{change.verb} {change.kind} {change.name}")
            for each in change.fields if change.verb == "changed" else ():
                self.stdout.write(f"    {each.name}: {_short(each.before)} -> {_short(each.after)}")
        done = "would change" if options["dry_run"] else "changed"
        self.stdout.write(f"{len(changes)} {done}." if changes else "Nothing differs.")

    def _read(self, name: str) -> str:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return data.decode("utf-8-sig")
        except OSError as error:
            raise CommandError(f"{name} can't be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{name} is not UTF-8 text.") from error


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
