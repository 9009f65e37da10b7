"""Files on their way into a message: taken in, checked, thrown away again."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max, Sum

from ai_studio.files import taking_in
from ai_studio.files.taking_in import MEGABYTE, Taken
from chat import selectors
from chat.errors import FileQuotaReached, RateLimitReached, TooManyFiles
from chat.files import told
from chat.ids import new_id
from chat.models import Attachment
from chat.services.file_removal import remove_files

MOST_UNSENT = 100
UPLOADS_PER_MINUTE = 120


def require_size(size: int) -> None:
    """Raises FileEmpty, FileTooLarge."""
    with told():
        taking_in.require_size(size)


def upload(user_id: str, file: UploadedFile[Any]) -> Attachment:
    """Takes a file in, ready to be sent; what is refused leaves nothing behind. It blocks, for seconds.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileUnreadable, FileInfected, FileCheckFailed, FilesUnavailable,
    TooManyFiles, FileQuotaReached, RateLimitReached.
    """
    size = file.size or 0
    require_size(size)
    _limit(user_id)
    _require_room(user_id, size)
    with told(), taking_in.taken_in(file) as taken:
        return _keep(_row(user_id, taken), taken)


def discard(user_id: str, attachment_id: str) -> None:
    """Throws a file away that has not been sent. Raises AttachmentNotFound, also for one that has been."""
    unsent = selectors.get_unsent_attachment(user_id, attachment_id)
    # Conditional: another tab may be sending it at this moment.
    gone = Attachment.objects.filter(pk=unsent.pk, session=None, state=Attachment.State.READY)
    if gone.update(state=Attachment.State.SENT):
        remove_files(Attachment.objects.filter(pk=unsent.pk))


def _limit(user_id: str) -> None:
    key = f"uploads:{user_id}:{int(time.time() // 60)}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > UPLOADS_PER_MINUTE:
        raise RateLimitReached("You are uploading faster than is allowed. Wait a moment, then go on.", retry_after=60)
    if Attachment.objects.filter(user_id=user_id, session=None).count() >= MOST_UNSENT:
        raise TooManyFiles(
            "You have uploaded {most} files and sent none of them. Send them, or take some out.", {"most": MOST_UNSENT}
        )


def _require_room(user_id: str, size: int) -> None:
    """Raises FileQuotaReached. One query; the copies of a fork lie there once and count once."""
    stored = Attachment.objects.filter(user_id=user_id).values("key").annotate(bytes=Max("size"))
    taken = stored.aggregate(all=Sum("bytes"))["all"] or 0
    most = settings.FILES_PER_PERSON_MEGABYTES
    if taken + size > most * MEGABYTE:
        raise FileQuotaReached(
            "There is no room for this file: your files may take {most} MB, and take {taken} MB. "
            "Delete files that are not sent, or chats with files: these count until they are gone for good.",
            {"most": most, "taken": round(taken / MEGABYTE, 1)},
        )


def _row(user_id: str, taken: Taken) -> Attachment:
    attachment_id, inspected = new_id(), taken.inspected
    return Attachment(
        id=attachment_id,
        key=attachment_id,
        user_id=user_id,
        name=taken.name,
        size=taken.size,
        sha256=taken.sha256,
        media_type=inspected.media_type,
        width=inspected.width,
        height=inspected.height,
        text=inspected.text,
        is_text_cut=inspected.is_cut,
    )


def _keep(row: Attachment, taken: Taken) -> Attachment:
    # The row first: if this process dies while it stores, the purge knows what to remove.
    row.save(force_insert=True)
    taken.keep(row.key)
    row.state = Attachment.State.READY
    row.save(update_fields=["state"])
    return row
