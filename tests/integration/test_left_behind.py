"""A database call that a test left behind does not meet the emptying of the tables: PostgreSQL would end one as a deadlock."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from ai_studio.models import User
from chat.models import Generation, Message, Session

pytestmark = pytest.mark.django_db(transaction=True)


def read_slowly(kinds: Any) -> None:
    with transaction.atomic():
        for kind in kinds:
            kind.objects.exists()
            time.sleep(0.1)


@pytest.mark.parametrize("first", [User, Generation])
async def test_the_end_waits_for_a_cancelled_call(first, people):
    kinds = [first, *(kind for kind in (Generation, Message, Session, User) if kind is not first)]
    call = asyncio.create_task(database_sync_to_async(read_slowly)(kinds))
    await asyncio.sleep(0.15)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
