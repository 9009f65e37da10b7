"""Codes are a promise to clients: each is in docs/errors.md, and none is there that no error has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_studio.files.problems import FileProblem
from ai_studio.llm.errors import LLMError
from chat import errors, memory_errors, people_errors, schedule_errors  # noqa: F401  (the codes of all)
from chat.errors import ChatError
from tests.architecture import error_sentences, source

DOCUMENTED = re.compile(r"^\| `([a-z_]+)` \|", flags=re.MULTILINE)
SENTENCE = re.compile(r"^- `([a-z_]+)`: (.+)$", flags=re.MULTILINE)


def test_every_code_is_documented_and_every_documented_code_exists():
    codes = _codes()
    assert set(DOCUMENTED.findall(source.read("docs/errors.md"))) == codes


def test_no_code_is_documented_twice():
    listed = DOCUMENTED.findall(source.read("docs/errors.md"))
    assert sorted(listed) == sorted(set(listed))


def test_codes_are_snake_case():
    codes = _codes()
    assert {code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)} == set()


def test_what_is_said_in_place_of_a_sentence_is_listed_and_so_translated():
    """The page's catalogues must have what is listed: `tests/js/languages.test.ts`."""
    listed = set(SENTENCE.findall(source.read("docs/errors.md")))
    assert listed == set(error_sentences.said(_kinds()))


def _kinds() -> dict[str, str]:
    of_files = {kind.__name__: getattr(errors, kind.__name__).code for kind in FileProblem.__subclasses__()}
    return of_files | {kind.__name__: kind.code for kind in _family(ChatError)}


def _codes() -> set[str]:
    return {kind.code for root in (ChatError, LLMError) for kind in _family(root)}


def _family(kind: type[LLMError | ChatError]) -> Iterator[type[LLMError | ChatError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)
