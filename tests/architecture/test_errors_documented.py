"""Codes are a promise to clients: each is in docs/errors.md, and none is there that no error has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_studio.llm.errors import LLMError
from chat.errors import ChatError
from tests.architecture import source

DOCUMENTED = re.compile(r"^\| `([a-z_]+)` \|", flags=re.MULTILINE)


def test_every_code_is_documented_and_every_documented_code_exists():
    codes = _codes()
    assert set(DOCUMENTED.findall(source.read("docs/errors.md"))) == codes


def test_no_code_is_documented_twice():
    listed = DOCUMENTED.findall(source.read("docs/errors.md"))
    assert sorted(listed) == sorted(set(listed))


def test_codes_are_snake_case():
    codes = _codes()
    assert {code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)} == set()


def _codes() -> set[str]:
    return {kind.code for root in (ChatError, LLMError) for kind in _family(root)}


def _family(kind: type[LLMError | ChatError]) -> Iterator[type[LLMError | ChatError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _family(child)
