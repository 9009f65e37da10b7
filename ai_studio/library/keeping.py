"""Takes documents into a library and out of it. Whoever calls has asked whether one may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from ai_studio.files import storage
from ai_studio.files.taking_in import Taken, taken_in
from ai_studio.ids import new_id
from ai_studio.library.passages import passages
from ai_studio.llm.tokens import count_tokens
from ai_studio.models import DiscardedFile, Document, Library, Passage, User

CUT = "It is longer than is read: its beginning is used."
PICTURE = "It is a picture: there are no words in it."
EMPTY = "No text could be read in it. A PDF of scanned pages holds pictures of words; make one with text of it."
REMOVED_AT_ONCE = 100
STORED_AFTER = timedelta(hours=1)
"""By then a file that was being taken in has its document, or never will."""


class TooManyDocuments(Exception):
    """The library is full. The text says so."""


def add(library: Library, file: UploadedFile[Any], *, by: User | None) -> Document:
    """Takes a file in; one of the same name makes way for it. It blocks, for seconds: hold no transaction open.

    Raises TooManyDocuments, and the problems of `ai_studio.files`; then nothing has changed.
    """
    with taken_in(file) as taken:
        key = new_id()
        # Named first: if this process dies while it stores, the purge knows what to remove.
        DiscardedFile.objects.create(key=key)
        taken.keep(key)
        with transaction.atomic():
            document = put(
                library,
                name=taken.name,
                media_type=taken.inspected.media_type,
                text=taken.inspected.text,
                by=by,
                reason=_reason(taken),
                size=taken.size,
                sha256=taken.sha256,
                key=key,
            )
            DiscardedFile.objects.filter(pk=key).delete()
    return document


def put(library: Library, *, name: str, media_type: str, text: str, by: User | None, **fields: Any) -> Document:
    """The document of this name, made or replaced, with its passages. Raises TooManyDocuments."""
    with transaction.atomic():
        # Two who add at once wait here for each other: the bound and the name hold for both.
        Library.objects.select_for_update().get(pk=library.pk)
        document = Document.objects.filter(library=library, name=name).first()
        if document is None:
            _require_room(library)
            document = Document(library=library, name=name)
        if document.key:
            discard(document.key)
        values = {"reason": "", "size": len(text.encode()), "sha256": "", "key": ""} | fields
        values |= {"media_type": media_type, "text": text, "tokens": count_tokens(text)}
        values |= {"added_by": by, "added_at": timezone.now()}
        values["state"] = Document.State.READY if text.strip() else Document.State.UNREAD
        for field, value in values.items():
            setattr(document, field, value)
        document.save()
        document.passages.all().delete()
        Passage.objects.bulk_create(
            [Passage(document=document, position=position, text=said) for position, said in passages(text)]
        )
    return document


def discard(key: str) -> None:
    """Has a stored file removed, once the transaction is through: at once, else by the purge."""
    DiscardedFile.objects.get_or_create(pk=key)
    transaction.on_commit(lambda: remove_discarded([key]), robust=True)


def remove_discarded(keys: list[str] | None = None) -> int:
    """Removes these files, or some that have waited for a while. How many. Raises FilesUnavailable."""
    due = DiscardedFile.objects.filter(pk__in=keys) if keys else _waiting()
    rows = list(due[:REMOVED_AT_ONCE])
    for row in rows:
        # The file first: a row without a file is tried again, a file without a row would stay for ever.
        storage.delete(row.key)
        row.delete()
    return len(rows)


def _waiting() -> Any:
    return DiscardedFile.objects.filter(discarded_at__lt=Now() - STORED_AFTER)


def _require_room(library: Library) -> None:
    if Document.objects.filter(library=library).count() >= settings.LIBRARY_DOCUMENTS:
        raise TooManyDocuments(f"A library holds {settings.LIBRARY_DOCUMENTS} documents. Remove some first.")


def _reason(taken: Taken) -> str:
    inspected = taken.inspected
    if inspected.width is not None:
        return PICTURE
    if not inspected.text.strip():
        return EMPTY
    return CUT if inspected.is_cut else ""
