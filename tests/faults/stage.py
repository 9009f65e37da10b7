"""Fills an empty database as an admin would: one team, the emulator as its provider, people who are signed in.

Prints the seats as JSON: `python -m tests.faults.stage --provider URL --seats 8`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import orjson

MODEL = "faults-tokens-60-rate-0"
"""What the emulator hears. It speaks 60 tokens at once, unless the prompt asks for something else."""


def prepare() -> None:
    """Keys and tables in DATA_DIR; afterwards Django is set up."""
    from config import keys

    keys.ensure(Path(os.environ["DATA_DIR"]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def fill(provider_url: str, seats: int) -> list[dict[str, str]]:
    """For each seat: `user` id, `cookie` of a signed-in browser, API `token`."""
    from django.test import Client
    from knox.models import AuthToken

    from ai_studio import services
    from ai_studio.models import LanguageModel, Provider, ProviderToken, Team, User

    team = Team.objects.create(name="Faults")
    provider = Provider.objects.create(name="Emulator", provider_key="openai", base_url=f"{provider_url}/v1")
    services.set_provider_token(token=ProviderToken(provider=provider), value="faults-token", by=None)
    model = LanguageModel.objects.create(
        provider=provider, model_id=MODEL, display_name="Faults", context_window=128_000
    )
    services.set_default_model(team=team, model=model)
    made = []
    for number in range(seats):
        user = User.objects.create_user(f"user{number}@example.com", name=f"User {number}")
        services.add_member(team=team, user=user)
        browser = Client()
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        _, token = AuthToken.objects.create(user=user)
        made.append({"user": user.pk, "cookie": f"sessionid={browser.cookies['sessionid'].value}", "token": token})
    return made


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.stage")
    parser.add_argument("--provider", required=True, help="the emulator's URL, without a path")
    parser.add_argument("--seats", type=int, required=True)
    options = parser.parse_args()
    prepare()
    from django.db import transaction

    with transaction.atomic():
        seats = fill(options.provider, options.seats)
    sys.stdout.buffer.write(orjson.dumps(seats))


if __name__ == "__main__":
    main()
