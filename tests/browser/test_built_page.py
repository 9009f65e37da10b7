"""What the build gives out: small, complete, and named by its manifest."""

from __future__ import annotations

import gzip
import json
import re
import urllib.request
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from chat.templatetags import page_assets
from tests import servers
from tests.servers import ROOT

DIST = ROOT / "static" / "dist"
FIRST_LOAD = 60 * 1024
"""Bytes of script, as they are sent, before anything is shown. Highlighting and formulas come when they are needed."""


def manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return names


def test_the_manifest_names_what_the_pages_ask_for() -> None:
    assert manifest().keys() >= {"main.js", "theme-early.js", "chat.css", "pages.css", "maths.css"}
    for name in manifest().values():
        assert (DIST / name).is_file()


def test_the_first_load_is_small() -> None:
    main = (DIST / manifest()["main.js"]).read_bytes()
    at_once = re.findall(rb'(?:from|import)"\./(chunks/[^"]+)"', main)
    scripts = [manifest()["main.js"], *(name.decode() for name in at_once)]
    assert sum((DIST / f"{script}.gz").stat().st_size for script in scripts) <= FIRST_LOAD
    assert b"@font-face" not in (DIST / manifest()["chat.css"]).read_bytes()


def test_what_is_sent_compressed_is_what_was_built() -> None:
    for name in manifest().values():
        assert gzip.decompress((DIST / f"{name}.gz").read_bytes()) == (DIST / name).read_bytes()


def test_files_with_a_hash_in_their_name_are_kept_for_good(studio: servers.StudioServer) -> None:
    for name, kept in ((manifest()["main.js"], True), ("tokens.css", False)):
        request = urllib.request.Request(f"{studio.base_url}/static/{name}", headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as response:
            assert ("immutable" in response.headers["Cache-Control"]) is kept
            assert (response.headers["Content-Encoding"] == "gzip") is kept


def test_the_fonts_of_formulas_come_in_one_format() -> None:
    fonts = list((DIST / "fonts").iterdir())
    assert fonts
    assert {font.suffix for font in fonts} == {".woff2"}
    assert ".ttf" not in (DIST / manifest()["maths.css"]).read_text()


def test_the_tokens_have_a_name_that_stays() -> None:
    """The admin uses them too."""
    assert "--accent" in (DIST / "tokens.css").read_text()


def test_a_page_that_is_not_built_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page_assets, "_MANIFEST", tmp_path / "manifest.json")
    with pytest.raises(ImproperlyConfigured, match="make setup"):
        page_assets.page_asset("main.js")


def test_a_file_that_is_not_there_says_which() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"nothing\.js"):
        page_assets.page_asset("nothing.js")
