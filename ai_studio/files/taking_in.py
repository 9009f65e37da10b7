"""The way of a file from an upload to what is known of it: written where others may look at it, scanned, inspected. It blocks, for seconds."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from ai_studio.files import storage
from ai_studio.files.inspection import Inspected, inspect
from ai_studio.files.media import clean_name
from ai_studio.files.problems import FileEmpty, FileTooLarge
from ai_studio.files.scanning import scan

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """`folder` holds its forms (`storage.FORMS`), for as long as it is being taken in. `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str
    inspected: Inspected
    folder: Path

    def keep(self, key: str) -> None:
        """Stores its forms under `key`. Raises FilesUnavailable."""
        for form in storage.FORMS:
            if (self.folder / form).exists():
                storage.save(key, form, self.folder / form)


def require_size(size: int) -> None:
    """Raises FileEmpty, FileTooLarge."""
    if size == 0:
        raise FileEmpty
    if size > settings.FILE_MAX_MEGABYTES * MEGABYTE:
        raise FileTooLarge("This file is too large: {limit} MB are allowed.", limit=settings.FILE_MAX_MEGABYTES)


@contextmanager
def taken_in(file: UploadedFile[Any]) -> Iterator[Taken]:
    """What is not kept within the block leaves nothing behind.

    Raises FileEmpty, FileTooLarge, FileTypeRefused, FileUnreadable, FileInfected, FileCheckFailed.
    """
    size = file.size or 0
    require_size(size)
    name = clean_name(file.name or "")
    with tempfile.TemporaryDirectory(prefix="chat-studio-") as place:
        folder = Path(place)
        path = folder / storage.ORIGINAL
        digest = _copy(file, path)
        scan(path, settings.FILE_SCANNER)
        yield Taken(name, size, digest, inspect(path, name, folder), folder)


def _copy(file: UploadedFile[Any], path: Path) -> str:
    """Writes the upload to a file that others may look at. Its SHA-256."""
    digest = hashlib.sha256()
    with path.open("wb") as copy:
        for chunk in file.chunks():
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()
