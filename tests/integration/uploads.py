"""Files to upload, friendly and hostile, and how they are uploaded."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.integration.tabs import Tab

SCRIPT = "<script>alert(document.domain)</script>"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "#1b6a56", **options: Any) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, kind, **options)
    return data.getvalue()


def huge_png(side: int = 30_000) -> bytes:
    """A few kilobytes that say that they are 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


def pdf(*pages: str) -> bytes:
    """A document with one line of text on each page."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, text in enumerate(pages):
        stream = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET" if text else ""
        resources = "<< /Font << /F1 3 0 R >> >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources {resources} /Contents {5 + 2 * index} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    body, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def packed(**files: str) -> bytes:
    """A zip file; the names say `_` for `/` and `__` for `.`."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", ".").replace("_", "/"), content)
    return data.getvalue()


def docx(
    body: str = "<w:p><w:r><w:t>First</w:t><w:tab/><w:t>line</w:t></w:r></w:p><w:p><w:r><w:t>Second</w:t></w:r></w:p>",
) -> bytes:
    return packed(word_document__xml=f"<w:document {W}><w:body>{body}</w:body></w:document>")


def xlsx() -> bytes:
    row = '<row><c t="s"><v>1</v></c><c><v>42.5</v></c><c t="inlineStr"><is><t>here</t></is></c><c t="s"><v>9</v></c></row>'
    return packed(
        xl_workbook__xml=f"<workbook {S}/>",
        xl_sharedStrings__xml=f"<sst {S}><si><t>a</t></si><si><r><t>Total </t></r><r><t>sum</t></r></si></sst>",
        xl_worksheets_sheet1__xml=f"<worksheet {S}><sheetData>{row}</sheetData></worksheet>",
    )


def pptx() -> bytes:
    slides = {
        f"ppt_slides_slide{number}__xml": f"<sld><a:p {A}><a:r><a:t>Slide of {number}</a:t></a:r></a:p></sld>"
        for number in (10, 2)
    }
    return packed(ppt_presentation__xml="<p/>", **slides)


def post_file(client: Client, data: bytes, name: str = "notes.txt") -> Any:
    return client.post("/api/attachments", {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, data: bytes, name: str = "notes.txt") -> dict[str, Any]:
    response = post_file(client, data, name)
    assert response.status_code == 201, response.content
    shown: dict[str, Any] = response.json()
    return shown


async def send(tab: Tab, session: str, text: str, *files: str, parent: str | None = None) -> Any:
    """Sends a message with files, and waits for the end of the answer. Returns the result of the command."""
    sent = await tab.command("send", session=session, parent=parent, text=text, attachments=list(files))
    await tab.until_end(sent["generation"])
    return sent
