"""Files that are uploaded: what is taken, what is refused and why, and how they are given back."""

from __future__ import annotations

import hashlib
import io
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from PIL import Image

from ai_studio.files import inspecting, problems, storage
from ai_studio.files.office import DOCX, PPTX, XLSX
from chat.errors import FilesUnavailable
from chat.models import Attachment
from chat.services import attachments
from chat.services.file_removal import remove_files_of_nobody
from tests import factories
from tests.integration.rest import assert_refused, signed_in
from tests.integration.uploads import SCRIPT, docx, huge_png, packed, pdf, picture, post_file, pptx, uploaded, xlsx

pytestmark = pytest.mark.django_db(transaction=True)


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<x><t>&c;</t></x>"
)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# --- What is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_an_image_is_taken_and_shown_small(api, stored, kind):
    data = picture(kind, (1000, 500))
    shown = uploaded(api, data, "a picture.bin")
    expected = ("a picture.bin", f"image/{kind.lower()}", len(data), 1000, 500, 0)
    assert tuple(shown[key] for key in ("name", "media_type", "size", "width", "height", "characters")) == expected
    assert files_in(stored) == ["original", "picture", "thumbnail"]
    small = api.get(f"/api/attachments/{shown['id']}/thumbnail")
    assert small["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(small.content)).size == (480, 240)
    row = Attachment.objects.get()
    assert (row.state, row.session, row.sha256) == ("ready", None, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("data", "name", "media_type", "text"),
    [
        (b"# Notes", "notes.md", "text/markdown", "# Notes"),
        (b"a,b\n1,2", "table.csv", "text/csv", "a,b\n1,2"),
        (b"{}", "data.json", "application/json", "{}"),
        (b"print(1)", "code.py", "text/plain", "print(1)"),
        ("Gr\u00f6\u00dfe".encode("utf-16"), "windows.txt", "text/plain", "Gr\u00f6\u00dfe"),
        (pdf("First page", "Second page"), "report", "application/pdf", "First page\n\nSecond page"),
        (docx(), "letter.docx", DOCX, "First\tline\nSecond"),
        (xlsx(), "table.xlsx", XLSX, "[Sheet 1]\nTotal sum\t42.5\there\t9"),
        (pptx(), "talk.pptx", PPTX, "[Slide 2]\nSlide of 2\n[Slide 10]\nSlide of 10"),
    ],
)
def test_the_text_of_a_file_is_read(api, stored, data, name, media_type, text):
    shown = uploaded(api, data, name)
    assert (shown["media_type"], shown["width"], shown["characters"]) == (media_type, None, len(text))
    assert (Attachment.objects.get().text, files_in(stored)) == (text, ["original"])
    assert_refused(api.get(f"/api/attachments/{shown['id']}/thumbnail"), 404, "attachment_not_found")


def test_a_long_text_is_cut_and_says_so(api, stored):
    uploaded(api, b"x" * (inspecting.MOST_CHARACTERS + 1))
    row = Attachment.objects.get()
    assert (len(row.text), row.is_text_cut) == (inspecting.MOST_CHARACTERS, True)


def test_of_a_long_document_no_more_is_read_than_is_kept(api, stored):
    uploaded(api, docx("<w:p><w:r><w:t>word </w:t></w:r></w:p>" * 100_000), "long.docx")
    row = Attachment.objects.get()
    assert (len(row.text), row.is_text_cut) == (inspecting.MOST_CHARACTERS, True)


def test_a_model_gets_no_more_of_a_photograph_than_it_sees(api, stored):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "taken at a secret place"
    noisy = Image.effect_noise((3000, 2000), 90).convert("RGB")
    data = io.BytesIO()
    noisy.save(data, "JPEG", exif=exif)
    shown = uploaded(api, data.getvalue(), "photo.jpg")
    seen = storage.read(shown["id"], storage.PICTURE)
    with Image.open(io.BytesIO(seen)) as image:
        assert (image.format, image.height, bool(image.getexif())) == ("JPEG", 1600, False)
    assert b"secret" not in seen
    assert b"secret" not in storage.read(shown["id"], storage.THUMBNAIL)


# --- How it is given back ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (picture() + SCRIPT.encode(), "polyglot.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT.encode() + b"</svg>", "evil.svg"),
        (SCRIPT.encode(), "page.html"),
        (pdf("x") + SCRIPT.encode(), "page.html"),
    ],
)
def test_whatever_it_is_no_browser_runs_it(api, stored, data, name):
    shown = uploaded(api, data, name)
    given = api.get(f"/api/attachments/{shown['id']}")
    assert given.content == data
    assert given["Content-Type"].partition(";")[0] in {"image/png", "text/plain", "application/pdf"}
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Disposition"] == f'attachment; filename="{name}"'
    policy = given["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


def test_what_is_appended_to_an_image_is_in_none_of_its_other_forms(api, stored):
    shown = uploaded(api, picture() + SCRIPT.encode(), "polyglot.png")
    assert b"script" not in storage.read(shown["id"], storage.THUMBNAIL)
    assert b"script" not in storage.read(shown["id"], storage.PICTURE)


def test_a_name_leads_nowhere_else(api, stored):
    shown = uploaded(api, b"text", "..\\..\\etc/pass\u202ewd\x00 y.txt")
    assert shown["name"] == "passwd y.txt"
    assert [path.parent.name for path in stored.rglob("original")] == [shown["id"]]


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "status", "code"),
    [
        (b"", "empty.txt", 400, "file_empty"),
        (SCRIPT.encode(), "page.png", 415, "file_type_refused"),
        (SCRIPT.encode(), "page.PDF", 415, "file_type_refused"),
        (b"text with a \x00 in it", "notes.txt", 415, "file_type_refused"),
        (b"MZ\x90\x00\x03", "setup.exe", 415, "file_type_refused"),
        (b"PK\x03\x04\x14\x00", "archive.zip", 415, "file_type_refused"),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT.encode(), "page.png", 400, "file_unreadable"),
        (picture()[:60], "half.png", 400, "file_unreadable"),
        (huge_png(), "bomb.png", 400, "file_unreadable"),
        (b"GIF89a/*" + b"\x00" * 20, "polyglot.gif", 400, "file_unreadable"),
        (b"%PDF-1.7 and nothing else", "broken.pdf", 400, "file_unreadable"),
        (b"text", "letter.docx", 415, "file_type_refused"),
        (packed(word_document__xml="<w:p>"), "letter.docx", 400, "file_unreadable"),
        (packed(word_document__xml=BILLION_LAUGHS), "letter.docx", 400, "file_unreadable"),
        (packed(word_document__xml="<x/>", word_vbaProject__bin="macro"), "letter.docx", 415, "file_type_refused"),
        (packed(word_document__xml=f"<x>{' ' * 300_000_000}</x>"), "bomb.docx", 400, "file_unreadable"),
    ],
)
def test_what_can_t_be_used_is_refused_and_leaves_nothing(api, stored, data, name, status, code):
    error = assert_refused(post_file(api, data, name), status, code)
    assert error["text"].endswith(".")
    assert (Attachment.objects.count(), files_in(stored)) == (0, [])


def test_a_file_over_the_limit_is_refused(api, stored, settings):
    settings.FILE_MAX_MEGABYTES = 1
    megabyte = 1024 * 1024
    uploaded(api, b"x" * megabyte)
    error = assert_refused(post_file(api, b"x" * (megabyte + 1)), 413, "file_too_large")
    assert "1 MB" in error["text"]
    assert_refused(post_file(api, b"x" * (2 * megabyte)), 413, "file_too_large")
    assert Attachment.objects.count() == 1


def test_a_form_without_a_file_is_told_so(api):
    assert_refused(api.post("/api/attachments", {"file": "text"}), 400, "invalid_command")
    assert_refused(api.post("/api/attachments", "{}", content_type="application/json"), 415, "unsupported_media_type")


def test_nobody_piles_up_files(api, alice, stored, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_UNSENT", 2)
    for _ in range(2):
        uploaded(api, b"text")
    assert_refused(post_file(api, b"text"), 400, "too_many_files")
    monkeypatch.setattr(attachments, "UPLOADS_PER_MINUTE", 2)
    assert_refused(post_file(api, b"text"), 429, "rate_limit_reached")
    cache.clear()


def test_a_parser_that_takes_for_ever_is_ended(api, stored, monkeypatch):
    from ai_studio.files import inspection

    monkeypatch.setattr(inspection, "SECONDS", 0.01)
    assert_refused(post_file(api, pdf("x"), "slow.pdf"), 400, "file_unreadable")


# --- The scanner ------------------------------------------------------------------------------------------------------


def says_clean(path: Path) -> bool:
    return b"EICAR" not in path.read_bytes()


def fails(path: Path) -> bool:
    raise OSError("no scanner")


COMMAND = f"{sys.executable} -c \"import sys; sys.exit(b'EICAR' in open(sys.argv[1], 'rb').read())\""


@pytest.mark.parametrize("scanner", ["tests.integration.test_uploads:says_clean", COMMAND])
def test_what_is_infected_is_refused(api, stored, settings, scanner):
    settings.FILE_SCANNER = scanner
    uploaded(api, b"clean")
    assert_refused(post_file(api, b"EICAR"), 400, "file_infected")
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    "scanner", ["tests.integration.test_uploads:fails", "/no/such/scanner", f"{sys.executable} -c 'exit(2)'"]
)
def test_without_the_scanner_nothing_is_taken(api, stored, settings, scanner):
    settings.FILE_SCANNER = scanner
    error = assert_refused(post_file(api, b"clean"), 503, "file_check_failed")
    assert error["retryable"] is True
    assert (Attachment.objects.count(), files_in(stored)) == (0, [])


# --- The end of a file ------------------------------------------------------------------------------------------------


def test_a_file_can_be_thrown_away_until_it_is_sent(api, alice, stored):
    shown = uploaded(api, picture(), "a.png")
    assert api.delete(f"/api/attachments/{shown['id']}").status_code == 204
    assert (Attachment.objects.count(), files_in(stored)) == (0, [])
    assert_refused(api.get(f"/api/attachments/{shown['id']}"), 404, "attachment_not_found")
    sent = factories.make_attachment(alice, session=factories.make_session(alice), state="sent")
    assert_refused(api.delete(f"/api/attachments/{sent.pk}"), 404, "attachment_not_found")


def test_what_is_not_sent_for_a_day_goes(api, alice, stored):
    old, new = uploaded(api, b"old"), uploaded(api, b"new")
    Attachment.objects.filter(pk=old["id"]).update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert remove_files_of_nobody() == 1
    assert remove_files_of_nobody() == 0
    assert [row.pk for row in Attachment.objects.all()] == [new["id"]]
    assert [path.parent.name for path in stored.rglob("original")] == [new["id"]]


def test_the_files_of_a_deleted_account_go(people, stored):
    uploaded(signed_in(people.bob), b"text")
    people.bob.delete()
    assert remove_files_of_nobody() == 1
    assert (Attachment.objects.count(), files_in(stored)) == (0, [])


def test_a_file_whose_storage_is_away_is_tried_again(api, stored, monkeypatch):
    shown = uploaded(api, b"text")
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=2))

    def away(key: str) -> None:
        raise problems.FilesUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", away)
        with pytest.raises(FilesUnavailable):
            remove_files_of_nobody()
    assert Attachment.objects.get().pk == shown["id"]
    assert remove_files_of_nobody() == 1


def test_a_file_that_is_gone_is_said_to_be(api, stored):
    shown = uploaded(api, b"text")
    storage.delete(shown["id"])
    assert_refused(api.get(f"/api/attachments/{shown['id']}"), 503, "files_unavailable")


def test_without_signing_in_there_is_nothing(api, stored):
    shown = uploaded(api, picture(), "a.png")
    for path in (f"/api/attachments/{shown['id']}", f"/api/attachments/{shown['id']}/thumbnail"):
        assert_refused(Client().get(path), 401, "not_signed_in")
    assert_refused(post_file(Client(), b"text"), 401, "not_signed_in")
    assert_refused(post_file(Client(enforce_csrf_checks=True), b"text"), 401, "not_signed_in")
