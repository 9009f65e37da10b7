"""Why a file is not taken, in sentences for the person who brings it. Pure."""

from __future__ import annotations

from typing import ClassVar


class FileProblem(Exception):
    """Subclasses fix the sentence; where more is known, it is said instead, with `{name}` for each of `values`."""

    text: ClassVar[str] = ""

    def __init__(self, sentence: str = "", **values: int) -> None:
        self.sentence = sentence or self.text
        self.values = values
        super().__init__(self.sentence.format(**values) if values else self.sentence)


class FileEmpty(FileProblem):
    text = "This file is empty."


class FileTooLarge(FileProblem):
    text = "This file is too large."


class FileTypeRefused(FileProblem):
    text = "Files of this kind can't be used. Take an image (PNG, JPEG, WebP, GIF), a PDF, a Word, Excel or PowerPoint file, or a text."


class FileUnreadable(FileProblem):
    text = "This file can't be read: it is damaged, or not what it says it is."


class FileInfected(FileProblem):
    text = "The virus scanner found something in this file. It was not kept."


class FileCheckFailed(FileProblem):
    text = "The virus scanner could not look at this file. Try again; if it stays, tell your administrator."


class FilesUnavailable(FileProblem):
    text = "Files can't be stored or read at the moment. Try again; if it stays, tell your administrator."
