"""Takes out of the database what was deleted: at once, or when the time in which it can be brought back is over."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from chat.models import Session

logger = logging.getLogger(__name__)

PURGE_SECONDS = 600.0
PURGED_AT_ONCE = 100


async def purge() -> None:
    """Without end: what was deleted long enough ago goes for good. Every process does it; the rows are gone once."""
    while True:
        try:
            while await database_sync_to_async(purge_some)():
                pass
        except DatabaseFailure:
            logger.exception("Deleted chats could not be removed; the next round tries again")
        await asyncio.sleep(PURGE_SECONDS)


def purge_some() -> int:
    """Removes a number of sessions whose time is over. How many."""
    kept = timedelta(days=settings.DELETED_KEPT_DAYS)
    due = Session.objects.filter(deleted_at__lt=Now() - kept).values_list("pk", flat=True)
    return remove(Session.objects.filter(pk__in=list(due[:PURGED_AT_ONCE])))


def remove(sessions: QuerySet[Session]) -> int:
    """Takes sessions out of the database, with all that hangs on them. How many."""
    with transaction.atomic():
        # The leaf first: session and message refer to each other.
        count = sessions.update(leaf=None)
        sessions.delete()
    return count
