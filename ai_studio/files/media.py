"""What a file is, by its content: a name is only what somebody says. Pure."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

PNG, JPEG, WEBP, GIF = "image/png", "image/jpeg", "image/webp", "image/gif"
PDF = "application/pdf"
PLAIN = "text/plain"
IMAGES = frozenset({PNG, JPEG, WEBP, GIF})
HEAD_BYTES = 512
"""So much of a file's beginning tells its type."""

NAME_CHARACTERS = 120
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
)
_TEXTS = {".md": "text/markdown", ".markdown": "text/markdown", ".csv": "text/csv", ".json": "application/json"}
_CLAIMS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".pdf", ".docx", ".xlsx", ".pptx"})
_ORDINARY_CONTROLS = b"\t\n\r\f\x1b"
_BINARY = bytes(set(range(32)) - set(_ORDINARY_CONTROLS))
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def signed_type(head: bytes) -> str | None:
    """The media type that the first HEAD_BYTES of a file prove; None where they prove none of those that are taken."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return next((media_type for signature, media_type in _SIGNATURES if head.startswith(signature)), None)


def text_type(name: str) -> str | None:
    """The media type of a text of this name; None where the name says that it should be no text at all.

    Nothing here is a type that a browser runs: HTML, SVG and scripts are plain text.
    """
    suffix = PurePosixPath(name).suffix.lower()
    return None if suffix in _CLAIMS else _TEXTS.get(suffix, PLAIN)


def decoded(data: bytes) -> str | None:
    """`data` as text; None where it is none. What is not Unicode is read as Windows wrote it in the West."""
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    # Python's UTF-16 takes any bytes, and so does cp1252: what is written by machines for machines has these in it.
    return None if any(control in text for control in map(chr, _BINARY)) else text


def clean_name(name: str) -> str:
    """A name that is safe in a header, in a prompt and in a list: no folder, no control, nothing that turns the writing round."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C" and one not in '"<>')
    tidy = " ".join(unicodedata.normalize("NFC", shown).split()).strip(". ")
    if len(tidy) > NAME_CHARACTERS:
        suffix = PurePosixPath(tidy).suffix[:10]
        tidy = tidy[: NAME_CHARACTERS - len(suffix)] + suffix
    return tidy or "file"
