"""A program that opens one file that somebody uploaded: `python -m ai_studio.files.inspecting FILE NAME FOLDER`.

Parsers of images and PDFs are where hostile files strike, so they run in a process of their own: it has no secrets in its
environment, little memory and little time, and knows neither Django nor the database. It says what it found as one JSON object:
`{"media_type", "width", "height", "text", "is_cut"}`, or `{"refused": CODE}`. Of an image it leaves a thumbnail
and the picture that models get in FOLDER.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ai_studio.files.media import HEAD_BYTES, IMAGES, JPEG, PDF, decoded, signed_type, text_type
from ai_studio.files.office import Damaged, office_type, text_of

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 20
MOST_PIXELS = 40_000_000
MOST_PAGES = 300
MOST_CHARACTERS = 200_000

THUMBNAIL, PICTURE = "thumbnail", "picture"
THUMBNAIL_SIDE = 480
PICTURE_SIDE = 1_600
"""In pixels. Models scale down what is larger."""
LOSSLESS_BYTES = 512 * 1024
"""A picture of more bytes than that is a photograph, of which a JPEG says as much in less. Providers bound a request, and
building one of many megabytes holds up the event loop."""


class Refused(Exception):
    """Why a file is not taken: `type`, `damaged`, `pixels` or `locked`."""


def inspect(path: Path, name: str, folder: Path) -> dict[str, Any]:
    """What a file is. Raises Refused."""
    with path.open("rb") as file:
        kind = signed_type(file.read(HEAD_BYTES))
    if kind in IMAGES:
        return {"media_type": kind, **_image(path, str(kind), folder)}
    if kind == PDF:
        return {"media_type": PDF, **_pdf(path)}
    if (office := office_type(path)) is not None:
        return {"media_type": office, **_office(path, office)}
    text, media_type = decoded(path.read_bytes()), text_type(name)
    if text is None or media_type is None:
        raise Refused("type")
    return {"media_type": media_type, **_bounded(text)}


def _bounded(text: str) -> dict[str, Any]:
    return {"text": text[:MOST_CHARACTERS], "is_cut": len(text) > MOST_CHARACTERS}


def _image(path: Path, media_type: str, folder: Path) -> dict[str, Any]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(path, formats=[media_type.partition("/")[2]]) as image:
            if image.width * image.height > MOST_PIXELS:  # the header says it: nothing has been decoded yet
                raise Refused("pixels")
            image.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
            size = (image.width, image.height)
            # Without what else a camera writes into a file, such as where it was.
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("damaged") from error
    if not _is_seen_through(upright):
        upright = upright.convert("RGB")
    upright.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
    _save_picture(upright, folder / PICTURE, may_be_lossless=media_type != JPEG)
    upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    upright.save(folder / THUMBNAIL, "WEBP", quality=80)
    return {"width": size[0], "height": size[1]}


def _is_seen_through(image: Any) -> bool:
    return bool(image.getchannel("A").getextrema()[0] < 255)


def _save_picture(image: Any, path: Path, *, may_be_lossless: bool) -> None:
    from PIL import Image

    if may_be_lossless:
        image.save(path, "PNG")
        if path.stat().st_size <= LOSSLESS_BYTES:
            return
    if image.mode == "RGBA":
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    image.convert("RGB").save(path, "JPEG", quality=85)


def _pdf(path: Path) -> dict[str, Any]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("locked")
        return _text_of_pages(reader)
    # pypdf meets broken files with whatever the broken value runs into.
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError) as error:
        raise Refused("damaged") from error
    except RecursionError as error:
        raise Refused("damaged") from error


def _office(path: Path, media_type: str) -> dict[str, Any]:
    try:
        return _bounded(text_of(path, media_type, most=MOST_CHARACTERS))
    except Damaged as error:
        raise Refused("damaged") from error


def _text_of_pages(reader: Any) -> dict[str, Any]:
    pages: list[str] = []
    length = 0
    count = len(reader.pages)
    for index in range(min(count, MOST_PAGES)):
        if length > MOST_CHARACTERS:
            break
        text = "".join(one for one in reader.pages[index].extract_text() if one >= " " or one in "\n\t").strip()
        length += len(text)
        pages.append(text)
    whole = "\n\n".join(page for page in pages if page)
    found = _bounded(whole.encode("utf-8", "ignore").decode())
    return {**found, "is_cut": found["is_cut"] or len(pages) < count}


def _bind() -> None:
    with suppress(ValueError, OSError):  # macOS has this limit in name only
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, name: str, folder: str) -> None:
    _bind()
    try:
        said = inspect(Path(path), name, Path(folder))
    except (Refused, MemoryError) as problem:
        said = {"refused": str(problem) or "damaged"}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
