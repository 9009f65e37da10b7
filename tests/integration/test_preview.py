"""The frame that shows what a model's HTML makes: with an origin and a policy of its own."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def policy(path: str) -> dict[str, str]:
    header = Client().get(path)["Content-Security-Policy"]
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in header.split(";"))}


def test_the_frame_has_an_origin_of_its_own_and_reaches_no_network():
    frame = policy("/preview")
    assert frame["sandbox"] == "allow-scripts"
    assert frame["default-src"] == frame["form-action"] == frame["base-uri"] == "'none'"
    assert "connect-src" not in frame
    assert not any("http" in sources or "*" in sources or "'self'" in sources for sources in _without_ancestors(frame))
    assert frame["frame-ancestors"] == "'self'"


def _without_ancestors(frame: dict[str, str]) -> list[str]:
    return [sources for name, sources in frame.items() if name != "frame-ancestors"]


def test_the_frame_knows_nobody():
    response = Client().get("/preview")
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_the_page_shows_no_frames_but_its_own_and_runs_no_inline_script():
    page = policy("/accounts/login/")
    assert page["frame-src"] == "'self'"
    assert page["script-src"] == "'self'"
    assert "sandbox" not in page


def test_no_frame_calls_anybody():
    """No content policy speaks of WebRTC."""
    assert Client().get("/preview")["Connection-Allowlist"] == "()"
    for path in ("/preview/diagram", "/preview/chart"):
        assert Client().get(path)["Connection-Allowlist"] == "(response-origin)"


@pytest.mark.parametrize("path", ["/preview/diagram", "/preview/chart"])
def test_what_is_drawn_is_drawn_by_the_library_alone(path: str):
    frame = policy(path)
    page = Client().get(path)
    assert frame["sandbox"] == "allow-scripts"
    assert frame["default-src"] == frame["form-action"] == frame["base-uri"] == "'none'"
    assert re.fullmatch(r"'nonce-[^' ]+'", frame["script-src"]), "and not by what stands in the document, nor by eval"
    assert frame["img-src"] == "data:"
    assert frame["script-src"] not in page["Content-Security-Policy"], "each answer has its own"
    assert "no-store" in page["Cache-Control"]
    assert page.content.decode().count("<script") == 1
