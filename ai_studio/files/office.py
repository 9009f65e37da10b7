"""The words of Word, Excel and PowerPoint files: zip files of XML. Runs in the process of `ai_studio.files.inspecting` alone."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.parsers import expat

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFFICE = frozenset({DOCX, XLSX, PPTX})

MOST_BYTES = 200 * 1024 * 1024
"""Of what is packed in a file, all together."""
PIECE = 64 * 1024

_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_SHEET, _SLIDE = re.compile(r"xl/worksheets/sheet(\d+)\.xml"), re.compile(r"ppt/slides/slide(\d+)\.xml")
_SHARED = "xl/sharedStrings.xml"
_MACROS = "vbaproject.bin"
_DAMAGED = (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, RuntimeError, KeyError, EOFError)


class Damaged(Exception):
    """What it says it is, it is not; or it is packed to fill a memory."""


class _Enough(Exception):
    """There is more, and nobody wants it."""


def office_type(path: Path) -> str | None:
    """The media type of a zip file whose content makes it one of these, without macros; None for any other."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except _DAMAGED:
        return None
    if any(name.lower().endswith(_MACROS) for name in names):
        return None
    return next((media_type for main, media_type in _MAIN.items() if main in names), None)


def text_of(path: Path, media_type: str, *, most: int) -> str:
    """The words, of `most` characters and a few more at most. Raises Damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Reader(archive, most).text(media_type)
    except _DAMAGED as error:
        raise Damaged from error


class _Reader:
    """Reads XML by its events: a tree of what somebody packed could be of any size."""

    def __init__(self, archive: zipfile.ZipFile, most: int) -> None:
        self._archive, self._most = archive, most
        self._bytes = self._characters = 0
        self._said: list[str] = []

    def text(self, media_type: str) -> str:
        try:
            if media_type == DOCX:
                self._paragraphs("word/document.xml")
            elif media_type == PPTX:
                for number, name in self._numbered(_SLIDE):
                    self._say(f"[Slide {number}]\n")
                    self._paragraphs(name)
            else:
                self._sheets()
        except _Enough:
            pass
        return re.sub(r"\n{3,}", "\n\n", "".join(self._said)).strip()

    def _numbered(self, pattern: re.Pattern[str]) -> list[tuple[int, str]]:
        found = ((pattern.fullmatch(name), name) for name in self._archive.namelist())
        return sorted((int(match[1]), name) for match, name in found if match)

    def _paragraphs(self, name: str) -> None:
        marks = {"p": "\n", "br": "\n", "cr": "\n", "tab": "\t", "tc": "\t"}

        def end(tag: str, text: str, _: dict[str, str]) -> None:
            if tag == "t":
                self._say(text)
            elif tag in marks:
                self._say(marks[tag])

        self._parse(name, end)

    def _sheets(self) -> None:
        shared = list(self._shared()) if _SHARED in self._archive.namelist() else []
        for number, name in self._numbered(_SHEET):
            self._say(f"[Sheet {number}]\n")
            self._cells(name, shared)

    def _shared(self) -> Iterator[str]:
        strings = [""]

        def end(tag: str, text: str, _: dict[str, str]) -> None:
            if tag == "t":
                strings[-1] += text
            elif tag == "si":
                strings.append("")

        self._parse(_SHARED, end)
        yield from strings

    def _cells(self, name: str, shared: list[str]) -> None:
        value = ""

        def end(tag: str, text: str, attributes: dict[str, str]) -> None:
            nonlocal value
            if tag in ("v", "t"):
                value += text
            elif tag == "c":
                is_shared = attributes.get("t") == "s" and value.isdecimal() and int(value) < len(shared)
                self._say(f"{shared[int(value)] if is_shared else value}\t")
                value = ""
            elif tag == "row":
                self._say("\n")

        self._parse(name, end)

    def _say(self, text: str) -> None:
        self._said.append(text)
        self._characters += len(text)
        if self._characters > self._most:
            raise _Enough

    def _parse(self, name: str, end: Callable[[str, str, dict[str, str]], None]) -> None:
        """Calls `end` at the end of each element, with its name, the text straight in it, and its attributes."""
        parser = expat.ParserCreate(namespace_separator=" ")
        open_elements: list[tuple[list[str], dict[str, str]]] = []

        def closed(tag: str) -> None:
            text, attributes = open_elements.pop()
            end(tag.rpartition(" ")[2], "".join(text), attributes)

        def doctype(*_: object) -> None:
            raise Damaged  # office programs write none; what it declares could grow without end

        parser.StartElementHandler = lambda _, attributes: open_elements.append(([], attributes))
        parser.EndElementHandler = closed
        parser.CharacterDataHandler = lambda text: open_elements[-1][0].append(text)
        parser.StartDoctypeDeclHandler = doctype
        with self._archive.open(name) as file:
            while piece := file.read(PIECE):
                self._bytes += len(piece)
                if self._bytes > MOST_BYTES:
                    raise Damaged
                parser.Parse(piece, False)
        parser.Parse(b"", True)
