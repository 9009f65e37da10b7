"""Files on their way into a message: taken in, checked, thrown away again."""

from __future__ import annotations

import hashlib
import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile

from chat import selectors
from chat.errors import FileEmpty, FileTooLarge, RateLimitReached, TooManyFiles
from chat.files import storage
from chat.files.inspection import Inspected, inspect
from chat.files.media import clean_name
from chat.files.scanning import scan
from chat.ids import new_id
from chat.models import Attachment
from chat.services.file_removal import remove_files

MOST_UNSENT = 100
UPLOADS_PER_MINUTE = 120
MEGABYTE = 1024 * 1024


def require_size(size: int) -> None:
    """Raises FileEmpty, FileTooLarge."""
    if size == 0:
        raise FileEmpty
    if size > settings.FILE_MAX_MEGABYTES * MEGABYTE:
        raise FileTooLarge(f"This file is too large: {settings.FILE_MAX_MEGABYTES} MB are allowed.")


def upload(user_id: str, file: UploadedFile[Any]) -> Attachment:
    """Takes a file in, ready to be sent; what is refused leaves nothing behind. It blocks, for seconds.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileUnreadable, FileInfected, FileCheckFailed, FilesUnavailable,
    TooManyFiles, RateLimitReached.
    """
    require_size(file.size or 0)
    _limit(user_id)
    name = clean_name(file.name or "")
    with tempfile.TemporaryDirectory(prefix="chat-studio-") as place:
        folder = Path(place)
        path = folder / storage.ORIGINAL
        digest = _copy(file, path)
        scan(path, settings.FILE_SCANNER)
        inspected = inspect(path, name, folder)
        return _keep(_row(user_id, name, file.size or 0, digest, inspected), folder)


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
        raise TooManyFiles(f"You have uploaded {MOST_UNSENT} files and sent none of them. Send them, or take some out.")


def _copy(file: UploadedFile[Any], path: Path) -> str:
    """Writes the upload to a file that others may look at. Its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as copy:
        for chunk in file.chunks():
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _row(user_id: str, name: str, size: int, digest: str, inspected: Inspected) -> Attachment:
    attachment_id = new_id()
    return Attachment(
        id=attachment_id,
        key=attachment_id,
        user_id=user_id,
        name=name,
        size=size,
        sha256=digest,
        media_type=inspected.media_type,
        width=inspected.width,
        height=inspected.height,
        text=inspected.text,
        is_text_cut=inspected.is_cut,
    )


def _keep(row: Attachment, folder: Path) -> Attachment:
    # The row first: if this process dies while it stores, the purge knows what to remove.
    row.save(force_insert=True)
    for form in storage.FORMS:
        if (folder / form).exists():
            storage.save(row.key, form, folder / form)
    row.state = Attachment.State.READY
    row.save(update_fields=["state"])
    return row
