"""What the server says to people is in every catalogue, each catalogue has no more than that, and its two files agree."""

from __future__ import annotations

import io
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture import source
from tests.servers import ROOT

LANGUAGES = sorted(path.name for path in (ROOT / "locale").iterdir())
# These exceptions are raised with a sentence that a page translates where it shows it.
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "Unreadable": None, "ImportUnreadable": None}

CALL = re.compile(r"""\b(?:n?gettext|_)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""")
"""A sentence in what Django makes of a template, which is no Python."""

THEME = "templates/unfold/"
"""Templates of the admin's theme in other words of HTML: what they say, the theme and Django translate."""

Key = str | tuple[str, ...]


def _said() -> Iterator[Key]:
    """Sentences of the programs and templates; one with a plural is a pair."""
    for path in source.files(".py", ".html"):
        if not path.startswith((*source.PRODUCT, "templates/")) or path.startswith(THEME):
            continue
        text = source.read(path)
        code = "\n".join(CALL.findall(templatize(text))) if path.endswith(".html") else text
        for _line, found, _comments, _context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            yield tuple(found[:2]) if isinstance(found, tuple) else found


def _catalogue(language: str) -> Catalog:
    with Path(ROOT, "locale", language, "LC_MESSAGES", "django.po").open("rb") as file:
        return read_po(file, locale=language)


def _entries(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    def forms(text: object) -> tuple[str, ...]:
        return tuple(text) if isinstance(text, list | tuple) else (str(text),)

    return {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id: forms(message.string)
        for message in catalogue
        if message.id
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_what_is_said_and_no_more(language):
    said, known = set(_said()), _entries(_catalogue(language))
    assert said - known.keys() == set()
    assert known.keys() - said == set()
    assert [key for key, forms in known.items() if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_keeps_the_places_of_values(language):
    for key, forms in _entries(_catalogue(language)).items():
        wanted = key if isinstance(key, str) else key[-1]
        assert all(_places(form) == _places(wanted) for form in forms), key


def _places(text: str) -> tuple[set[str], list[str]]:
    named = {part.split(")")[0] for part in text.split("%(")[1:]}
    try:
        braces = sorted({name for _text, name, _spec, _how in string.Formatter().parse(text) if name})
    except ValueError:
        braces = []
    return named, braces


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_that_of_the_catalogue(language):
    with Path(ROOT, "locale", language, "LC_MESSAGES", "django.mo").open("rb") as file:
        assert _entries(read_mo(file)) == _entries(_catalogue(language)), "Run `make messages`."


def test_the_page_and_the_server_have_the_same_languages():
    pages = sorted(path.stem for path in Path(ROOT, "static/src/languages").glob("*.json"))
    assert pages == sorted(name.lower().replace("_", "-") for name in LANGUAGES)
