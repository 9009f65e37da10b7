"""Files of messages: `ai_studio.files`, whose problems are told here as the chat's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ai_studio.files import problems, storage
from chat import errors

_OWN: dict[type[problems.FileProblem], type[errors.ChatError]] = {
    problems.FileEmpty: errors.FileEmpty,
    problems.FileTooLarge: errors.FileTooLarge,
    problems.FileTypeRefused: errors.FileTypeRefused,
    problems.FileUnreadable: errors.FileUnreadable,
    problems.FileInfected: errors.FileInfected,
    problems.FileCheckFailed: errors.FileCheckFailed,
    problems.FilesUnavailable: errors.FilesUnavailable,
}


@contextmanager
def told() -> Iterator[None]:
    """Raises the chat's error for each problem of a file."""
    try:
        yield
    except problems.FileProblem as problem:
        raise _OWN[type(problem)](problem.sentence, problem.values) from problem


def read(key: str, form: str) -> bytes:
    """The whole file: uploads are bounded. Raises FilesUnavailable, also where there is none."""
    with told():
        return storage.read(key, form)


def delete(key: str) -> None:
    """All forms; those that are not there are deleted already. Raises FilesUnavailable."""
    with told():
        storage.delete(key)
