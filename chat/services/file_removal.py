"""Takes away files that belong to nobody any more. The rows of attachments outlive what they belonged to, until this is done."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from ai_studio import gateway
from chat import files
from chat.models import Attachment

REMOVED_AT_ONCE = 100
UNSENT_KEPT = timedelta(days=1)


def remove_files_of_nobody() -> int:
    """Some of those whose session is gone, and of uploads whose user is gone or that were not sent for a day. How many.

    Raises FilesUnavailable.
    """
    unsent_for_long = Q(created_at__lt=Now() - UNSENT_KEPT)
    # What a guest has sent stays in the chat when their account goes, as their words do.
    gone = Q(user=None) | Q(state=Attachment.State.SENT) | unsent_for_long
    return remove_files(Attachment.objects.filter(gone, session=None))


def remove_files_of_libraries() -> int:
    """Some of those that no document has any more. How many. Raises FilesUnavailable."""
    with files.told():
        return gateway.remove_discarded_files()


def remove_files(attachments: QuerySet[Attachment]) -> int:
    """Takes some of these out of the storage and the database. How many. Raises FilesUnavailable."""
    due = list(attachments.only("pk", "key")[:REMOVED_AT_ONCE])
    for attachment in due:
        # The file first: a row without a file is tried again, a file without a row would stay for ever.
        if not Attachment.objects.filter(key=attachment.key).exclude(pk=attachment.pk).exists():
            files.delete(attachment.key)
        attachment.delete()
    return len(due)
