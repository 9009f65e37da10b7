"""`manage.py export_studio > studio.yaml`: providers, models, teams, agents, instructions and the teams' saved prompts, without a secret."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ai_studio import security_log, transfer


class Command(BaseCommand):
    help = (
        "Prints the studio's configuration as YAML: providers, models, teams, agents, instructions of the platform and of "
        "teams. Never tokens, never people."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        text = transfer.export_text()
        security_log.record(security_log.Event.EXPORTED, characters=len(text))
        self.stdout.write(text, ending="")
