"""Where files are kept: a folder, or what S3 speaks to (FILES_URL). A file has a key, and under it its forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from ai_studio.files.problems import FilesUnavailable

ALIAS = "attachments"
ORIGINAL, THUMBNAIL, PICTURE = "original", "thumbnail", "picture"
FORMS = (ORIGINAL, THUMBNAIL, PICTURE)
"""What was uploaded; of an image also a small WebP for lists, and the PNG or JPEG that models get."""


def save(key: str, form: str, path: Path) -> None:
    """Copies a file in. Raises FilesUnavailable."""
    with _failing(), path.open("rb") as file:
        _storage().save(_place(key, form), File(file))


def read(key: str, form: str) -> bytes:
    """The whole file: uploads are bounded. Raises FilesUnavailable, also where there is none."""
    with _failing(), _storage().open(_place(key, form)) as file:
        data: bytes = file.read()
        return data


def delete(key: str) -> None:
    """All forms; those that are not there are deleted already. Raises FilesUnavailable."""
    with _failing():
        for form in FORMS:
            _storage().delete(_place(key, form))
        _storage().delete(f"{key[:2]}/{key}")  # the folder, where there are folders


def _storage() -> Storage:
    return storages[ALIAS]


def _place(key: str, form: str) -> str:
    return f"{key[:2]}/{key}/{form}"


@contextmanager
def _failing() -> Iterator[None]:
    """A storage that is away or full fails in its own words."""
    try:
        yield
    except FileNotFoundError as error:
        raise FilesUnavailable("This file is not there any more.") from error
    except OSError as error:
        raise FilesUnavailable from error
    except _failures_of_s3() as error:
        raise FilesUnavailable from error


def _failures_of_s3() -> tuple[type[Exception], ...]:
    if not settings.FILES_URL:
        return ()
    from botocore.exceptions import BotoCoreError, ClientError

    return (BotoCoreError, ClientError)
