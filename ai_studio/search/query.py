"""What somebody typed into a search field, as words. Pure.

Both databases and the marks in a snippet use the same words, so that what is found is what is marked.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 200
MAX_PHRASES = 12

_IN_WORDS = frozenset("LNM")
"""Categories of Unicode that make words: letters, numbers, and the marks that many scripts write vowels with."""

WITHOUT_SPACES = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0x20000, 0x3FFFF),
)
"""Scripts that put no space between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

_UNSPACED = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in WITHOUT_SPACES) + "]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other. The last one may go on, unless the phrase was quoted."""

    words: tuple[str, ...]
    """As they were typed. FTS5 folds them as it has folded the text, which is less than `folded` does outside of Latin."""
    is_prefix: bool

    @property
    def folded(self) -> tuple[str, ...]:
        """Lower case, without diacritics."""
        return tuple("".join(map(fold, word)) for word in self.words)

    @property
    def is_unspaced(self) -> bool:
        """Its script has no spaces: what is searched may be anywhere within what an index takes for one word."""
        return any(map(_UNSPACED.search, self.words))

    @property
    def unspaced_runs(self) -> tuple[str, ...]:
        """What stands in it in such scripts, as `folded`."""
        return tuple(run for word in self.folded for run in _UNSPACED.findall(word))


@dataclass(frozen=True, slots=True)
class Query:
    phrases: tuple[Phrase, ...]
    """All of them have to be there, in any order."""


def parse(text: str) -> Query:
    """Anything may be typed. `"quoted words"` follow each other exactly; a quote that is not closed runs to the end."""
    phrases: list[Phrase] = []
    for index, piece in enumerate(text[:MAX_CHARACTERS].split('"')):
        words = words_of(piece)
        if index % 2 and words:
            phrases.append(Phrase(words, is_prefix=False))
        else:
            phrases += [Phrase((word,), is_prefix=True) for word in words]
    return Query(tuple(dict.fromkeys(phrases))[:MAX_PHRASES])


def words_of(text: str) -> tuple[str, ...]:
    composed = unicodedata.normalize("NFC", text)
    pieces = "".join(character if is_in_word(character) else " " for character in composed).split()
    return tuple(word for word in pieces if any(map(fold, word)))


def is_in_word(text: str) -> bool:
    return all(unicodedata.category(character)[0] in _IN_WORDS for character in text)


def fold(character: str) -> str:
    """One character as it is compared. Empty for a diacritic on its own; several characters in rare cases."""
    if character.isascii():
        return character.lower()
    bare = "".join(piece for piece in unicodedata.normalize("NFD", character) if not "\u0300" <= piece <= "\u036f")
    # Lower case may bring a diacritic of its own: the Turkish dotted capital I.
    return "".join(piece for piece in bare.lower() if not "\u0300" <= piece <= "\u036f")
