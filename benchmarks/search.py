"""What a search costs: `python -m benchmarks.search` fills a new database with messages, on SQLite and on PostgreSQL, and asks.

The whole request is timed, in this process: session, authorization, query, snippets, JSON. The messages are one person's, which is
the most that a search may look through; a tenth as many are somebody else's.
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate
from typing import Any

GOAL_MS = 150
REPEAT = 5
PER_SESSION = 100
AT_ONCE = 2_000
WORDS = 30_000
"""Different words; the n-th most frequent one comes 1/n as often as the first, as in a language."""
QUESTIONS = {
    "a rare word": {"q": "word29999"},
    "a frequent word": {"q": "word1"},
    "three frequent words": {"q": "word1 word2 word3"},
    "a beginning of many words": {"q": "word1 wo"},
    "words in quotes": {"q": '"word1 word2"'},
    "no such word": {"q": "xyzzy"},
    "a script without spaces": {"q": "検索"},
    "archived chats": {"q": "word1", "archived": "true"},
    "the last week": {"q": "word1", "since": "week"},
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--here", action="store_true", help="on the database of DATABASE_URL, which must be empty")
    told = parser.parse_args(arguments)
    if told.here:
        measure(told.messages)
        return 0
    from tests import servers

    status = 0
    with tempfile.TemporaryDirectory(prefix="chat-studio-search-") as folder:
        status |= _apart("SQLite", told.messages, {"DATA_DIR": folder, "DATABASE_URL": ""})
    try:
        with servers.running_postgres() as address, tempfile.TemporaryDirectory(prefix="chat-studio-search-") as folder:
            status |= _apart("PostgreSQL", told.messages, {"DATA_DIR": folder, "DATABASE_URL": address})
    except servers.Missing as reason:
        print(f"PostgreSQL is left out: {reason}")
    return status


def _apart(name: str, messages: int, changes: dict[str, str]) -> int:
    """In a process of its own: a process knows one database."""
    print(f"\n{name}, {messages:,} messages", flush=True)
    keys = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "TOKEN_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    changes = changes | keys | {"LOG_LEVEL": "WARNING"}
    environment = {name: value for name, value in (os.environ | changes).items() if value or name not in changes}
    command = [sys.executable, "-m", "benchmarks.search", "--here", "--messages", str(messages)]
    return subprocess.run(command, env=environment, check=False).returncode


def measure(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import Client
    from django.test.utils import override_settings
    from django.utils import timezone

    from chat.search import schema

    call_command("migrate", verbosity=0)
    schema.drop(connection)  # made of all messages at once, the index takes a fraction of the time
    with transaction.atomic():
        owner = _fill(count)
    with transaction.atomic():
        schema.create(connection)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        for name, question in QUESTIONS.items():
            asked = dict(question)
            if "since" in asked:
                asked["since"] = (timezone.now() - timedelta(days=7)).isoformat()
            times, busy, found = _times(client, asked)
            took = f"{statistics.median(times):7.1f} ms, at most {max(times):7.1f} ms, processor {statistics.median(busy):7.1f} ms"
            verdict = "" if statistics.median(times) <= GOAL_MS else f"   over {GOAL_MS} ms"
            print(f"  {name:26} {took}, {found:2} shown{verdict}", flush=True)


def _times(client: Any, asked: dict[str, str]) -> tuple[list[float], list[float], int]:
    """Milliseconds of each repetition after the first, those of this process's processor, and how many messages were shown."""
    times, busy = [], []
    for _ in range(REPEAT + 1):
        begun, worked = time.perf_counter(), time.process_time()
        response = client.get("/api/search", asked)
        times.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - worked) * 1000)
        if response.status_code != 200:
            raise RuntimeError(response.content)
    return times[1:], busy[1:], len(response.json()["messages"])


def _fill(count: int) -> Any:
    """Makes the person whose messages they are."""
    from django.utils import timezone

    from ai_studio.ids import new_id
    from chat.models import Message, Session
    from tests import factories

    people = factories.make_people()
    chance = random.Random(7)
    now = timezone.now()
    weights = list(accumulate(1 / n for n in range(1, WORDS + 1)))
    words = [f"word{n}" for n in range(1, WORDS + 1)]

    def rows(user: Any, many: int) -> Iterator[Message]:
        for start in range(0, many, PER_SESSION):
            at = now - timedelta(minutes=many - start)
            session = Session.objects.create(
                id=new_id(), user=user, team=people.team, title=f"Chat {start}", updated_at=at,
                archived_at=at if start % (5 * PER_SESSION) == 0 else None,
            )  # fmt: skip
            for number in range(min(PER_SESSION, many - start)):
                text = " ".join(chance.choices(words, cum_weights=weights, k=80)) + (
                    " 全文検索です" if number == 7 else ""
                )
                role = "assistant" if number % 2 else "user"
                moment = at + timedelta(seconds=number / 2)
                yield Message(id=new_id(), session=session, role=role, text=text, created_at=moment)

    for user, many in ((people.alice, count), (people.bob, count // 10)):
        some: list[Message] = []
        for row in rows(user, many):
            some.append(row)
            if len(some) == AT_ONCE:
                Message.objects.bulk_create(some)
                some = []
        Message.objects.bulk_create(some)
    return people.alice


if __name__ == "__main__":
    sys.exit(main())
