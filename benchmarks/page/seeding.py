"""Fills the database of a running server with chats of its admin: `python -m benchmarks.page.seeding --chats 10000 …`.

Prints the ids of the chats that are measured as JSON. The newest in the list are those that are opened.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from chat.models import Message, Session

AT_ONCE = 500
SWITCHED, SWITCHED_MESSAGES = 24, 50
PARAGRAPH = (
    "Streams are written once and read by many, so the page must know where it stands: a frame has a number, and one "
    "that follows another says so. What is **stored** wins over what was *streamed*, and `after` names the gap."
)
CODE = "```python\ndef gap(after: int, seq: int) -> bool:\n    return after != seq - 1\n```"
LIST = "1. Read the newest page.\n2. Follow what comes after it.\n3. Join both by their ids."


def last_words(number: int) -> str:
    """With which the switched chat of that number ends, and no other."""
    return f"The end of chat {number}."


def fill(email: str, chats: int, reading: int, streaming: int) -> dict[str, Any]:
    """`reading` and `streaming`: messages of the chat that is read, and of the one that is asked."""
    from django.utils import timezone

    from ai_studio.models import User
    from chat.ids import new_id
    from chat.models import Message, Session

    user = User.objects.get(email=email)
    now = timezone.now()

    def session(title: str, minutes: int) -> Session:
        at = now - timedelta(minutes=minutes)
        return Session(
            id=new_id(),
            user=user,
            team=user.active_team,
            title=title,
            is_title_chosen=True,
            created_at=at,
            updated_at=at,
        )

    opened = [session(f"Measured {number}", number) for number in range(SWITCHED + 2)]
    others = [session(f"Chat about matter {number}", 60 + number) for number in range(chats - len(opened))]
    Session.objects.bulk_create([*opened, *others], batch_size=AT_ONCE)
    lengths = [SWITCHED_MESSAGES] * SWITCHED + [reading, streaming]
    for number, (each, length) in enumerate(zip(opened, lengths, strict=True)):
        written = list(_conversation(each, number, length, now))
        Message.objects.bulk_create(written, batch_size=AT_ONCE)
        each.leaf = written[-1]
    Session.objects.bulk_update(opened, ["leaf"])
    *switched, read, asked = (each.pk for each in opened)
    return {"switched": switched, "reading": read, "streaming": asked}


def _conversation(session: Session, number: int, length: int, now: datetime) -> Iterator[Message]:
    from chat.ids import new_id
    from chat.models import Message

    parent = None
    for place in range(length):
        role = Message.Role.ASSISTANT if place % 2 else Message.Role.USER
        text = _text(place) if place < length - 1 else last_words(number)
        at = now - timedelta(seconds=length - place)
        parts = [{"type": "text", "text": text}]
        message = Message(id=new_id(), session=session, parent=parent, role=role, parts=parts, text=text, created_at=at)
        yield message
        parent = message


def _text(place: int) -> str:
    """Questions are short; every fifth answer has code, and every third a list."""
    if place % 2 == 0:
        return f"Question {place}: what happens when a frame is lost?"
    blocks = [PARAGRAPH, PARAGRAPH]
    if place % 3 == 0:
        blocks.append(LIST)
    if place % 5 == 0:
        blocks.append(CODE)
    return "\n\n".join(blocks)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page.seeding")
    parser.add_argument("--email", required=True)
    for name in ("chats", "reading", "streaming"):
        parser.add_argument(f"--{name}", type=int, required=True)
    told = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        ids = fill(told.email, told.chats, told.reading, told.streaming)
    sys.stdout.buffer.write(orjson.dumps(ids))


if __name__ == "__main__":
    main()
