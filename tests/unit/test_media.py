"""What a file is, by its content alone, and what is left of its name."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.files.media import NAME_CHARACTERS, clean_name, decoded, signed_type, text_type


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a<script>", "image/gif"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00AVI ", None),
        (b"%PDF-1.7", "application/pdf"),
        (b"<html>%PDF-1.7", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_only_the_first_bytes_prove_a_type(head, media_type):
    assert signed_type(head) == media_type


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("notes.md", "text/markdown"),
        ("DATA.CSV", "text/csv"),
        ("a.json", "application/json"),
        ("a.py", "text/plain"),
        ("evil.svg", "text/plain"),
        ("page.html", "text/plain"),
        ("README", "text/plain"),
        ("page.png", None),
        ("page.pdf", None),
    ],
)
def test_a_text_is_never_of_a_type_that_a_browser_runs(name, media_type):
    assert text_type(name) == media_type


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        ("Größe".encode(), "Größe"),
        ("Größe".encode("utf-8-sig"), "Größe"),
        ("Größe".encode("utf-16"), "Größe"),
        ("Größe".encode("latin-1"), "Größe"),
        (b"one\r\ntwo\tthree\f\x1b[0m", "one\r\ntwo\tthree\f\x1b[0m"),
        (b"nul\x00byte", None),
        (b"\x7fELF\x02\x01\x01", None),
        (b"PK\x03\x04\x14", None),
        (b"\xff\xfe\x00\x00", None),
        (b"\xff\xfe\x00\xd8", None),
    ],
)
def test_what_is_a_text(data, text):
    assert decoded(data) == text


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\report.pdf", "report.pdf"),
        ("a\x00b\r\nSet-Cookie: x.txt", "abSet-Cookie: x.txt"),
        ('say "hi" <b>.txt', "say hi b.txt"),
        ("fdp\u202e.exe", "fdp.exe"),
        ("  two   words .txt ", "two words .txt"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("x" * 300 + ".jpeg", "x" * (NAME_CHARACTERS - 5) + ".jpeg"),
    ],
)
def test_a_name_is_made_safe(name, clean):
    assert clean_name(name) == clean


@given(st.text())
def test_no_name_breaks_a_header_or_a_prompt(name):
    clean = clean_name(name)
    assert 0 < len(clean) <= NAME_CHARACTERS
    assert not set(clean) & set('/\\"<>')
    assert all(unicodedata.category(one)[0] != "C" for one in clean)
