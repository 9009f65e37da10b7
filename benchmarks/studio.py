"""Fills an empty data directory for the row `ours`: keys, database, a provider, people who are signed in, empty sessions.

Prints the seats as JSON: `python -m benchmarks.studio --provider URL --users 20 --sessions 60`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from ai_studio.models import LanguageModel, Team, User


def prepare() -> None:
    """Keys and tables in DATA_DIR; afterwards Django is set up."""
    from config import keys

    keys.ensure(Path(os.environ["DATA_DIR"]))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def make_team(provider_url: str) -> tuple[Team, LanguageModel]:
    """A team whose default model is the emulator's, with a sealed token, as an admin would set it up."""
    from ai_studio import services
    from ai_studio.models import LanguageModel, Provider, ProviderToken, Team

    team = Team.objects.create(name="Benchmark")
    provider = Provider.objects.create(name="Emulator", provider_key="openai", base_url=f"{provider_url}/v1")
    services.set_provider_token(token=ProviderToken(provider=provider), value="benchmark-token", by=None)
    model = LanguageModel.objects.create(
        provider=provider,
        model_id="bench",
        display_name="Bench",
        context_window=128_000,
        input_price="0.15",
        output_price="0.60",
    )
    services.set_default_model(team=team, model=model)
    return team, model


def make_seat(number: int, team: Team, session_count: int) -> dict[str, object]:
    """A signed-in member of the team with that many empty sessions."""
    from django.test import Client

    from ai_studio import services
    from ai_studio.models import User
    from chat.ids import new_id
    from chat.models import Session

    user: User = User.objects.create_user(f"user{number}@example.com", name=f"User {number}")
    services.add_member(team=team, user=user)
    browser = Client()
    browser.force_login(user)
    # Named by their owner, so that no answer is followed by another model call that makes a title.
    made = [
        Session(id=new_id(), user=user, team=team, title="Bench", is_title_chosen=True) for _ in range(session_count)
    ]
    Session.objects.bulk_create(made)
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    return {"cookie": cookie, "sessions": [session.pk for session in made]}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studio")
    parser.add_argument("--provider", required=True, help="the emulator's URL, without a path")
    parser.add_argument("--users", type=int, required=True)
    parser.add_argument("--sessions", type=int, required=True, help="for each user")
    options = parser.parse_args()
    prepare()
    from django.db import transaction

    with transaction.atomic():
        team, _ = make_team(options.provider)
        seats = [make_seat(number, team, options.sessions) for number in range(options.users)]
    sys.stdout.buffer.write(orjson.dumps(seats))


if __name__ == "__main__":
    main()
