"""Phrases in the languages of the databases' own full-text search, and how both read a text. Pure."""

from __future__ import annotations

from itertools import pairwise

from ai_studio.search.query import WITHOUT_SPACES, Phrase

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
"""FTS5's, as a value of `tokenize`."""

_UNSPACED = "".join(rf"\U{low:08X}-\U{high:08X}" for low, high in WITHOUT_SPACES)
"""Within the brackets of PostgreSQL's regular expressions."""

# Case is folded by ICU where PostgreSQL has it, else by the database's locale (which in "C" knows ASCII alone). Signs become spaces: the
# parser would take "config.settings" for the name of a host. The bound keeps a vector under PostgreSQL's limit of 1 MB: past it, storing the text would fail.
# Of scripts without spaces, where the parser takes a whole sentence for a word, each two characters that follow each other are kept:
# the pairs from the first character on, and those from the second on. The last one of a run, which begins no pair, is left alone by one of the two.
_VECTOR_FUNCTION = r"""
CREATE OR REPLACE FUNCTION {name}(value text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN folded !~ '[{unspaced}]' THEN to_tsvector('simple', folded) ELSE
        to_tsvector('simple', regexp_replace(folded, '[{unspaced}]+', ' ', 'g')) || array_to_tsvector(ARRAY(
            SELECT pair[1] FROM regexp_matches(folded, '[{unspaced}]{{1,2}}', 'g') AS even(pair) UNION
            SELECT pair[1] FROM regexp_matches(
                regexp_replace(folded, '([{unspaced}])([{unspaced}]+)', '\1 \2', 'g'), '[{unspaced}]{{1,2}}', 'g'
            ) AS odd(pair)
        ))
    END FROM (SELECT left(regexp_replace(regexp_replace(
        lower(normalize(left(value, 100000), NFD){collation}), '[\u0300-\u036f]+', '', 'g'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u2190-\u2bff'
        '\u3000-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufe00-\ufe0f\U0001F000-\U0001FAFF]+',
        ' ', 'g'), 100000) AS folded) AS text
$$
"""


ICU = "SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"
"""Has a row where PostgreSQL knows ICU."""


def vector_function(name: str, *, has_icu: bool) -> str:
    """The statement that makes PostgreSQL's function from a text to what is searched in it."""
    collation = ' COLLATE "und-x-icu"' if has_icu else ""
    return _VECTOR_FUNCTION.format(name=name, collation=collation, unspaced=_UNSPACED)


def fts5(phrases: tuple[Phrase, ...], *, joined_by: str = " ") -> str:
    """For MATCH. Quoted, nothing in a word is syntax; words hold no quotes. All phrases have to be there, or with ` OR ` any."""
    return joined_by.join(f'"{" ".join(phrase.words)}"{" *" if phrase.is_prefix else ""}' for phrase in phrases)


def tsquery(phrases: tuple[Phrase, ...], *, joined_by: str = " & ") -> str:
    """For `to_tsquery('simple', …)`. All phrases have to be there, or with ` | ` any."""
    return joined_by.join(
        "(" + " <-> ".join(f"'{word}'" for word in phrase.folded) + (":*" if phrase.is_prefix else "") + ")"
        for phrase in phrases
    )


def pairs(phrase: Phrase) -> str:
    """For a cast to `tsquery`: texts in whose vector all of this is may hold an unspaced `phrase`, no others do. The texts themselves have to be asked."""
    wanted = [
        lexeme
        for run in phrase.unspaced_runs
        for lexeme in ([f"'{a}{b}'" for a, b in pairwise(run)] if len(run) > 1 else [f"'{run}':*"])
    ]
    return " & ".join(dict.fromkeys(wanted))
