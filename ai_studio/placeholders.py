"""What a saved prompt asks for: `{topic}`, written as a variable of instructions is, but with any name. Pure.

`{{topic}}`, as other products write it, means the same. `${topic}`, `{ topic }` and JSON stay what they are. The page knows the
same rule (`static/src/core/placeholders.ts`); one list of examples holds the two together.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 20_000
"""Of a prompt's text."""
MOST = 20
"""Values that one prompt may ask for."""

# A letter, then whatever is neither white space nor punctuation; `-` and `_` are no punctuation here.
_NAME = r"[^\W\d][^\s!-,./:-@\[-^`{-~]{0,39}"
_PLACEHOLDER = re.compile(rf"(?<![${{])(?:\{{\{{({_NAME})\}}\}}|\{{({_NAME})\}})(?!\}})")


def names(text: str) -> list[str]:
    """What is asked for, each once, in the order of the text."""
    return list(dict.fromkeys(twice or once for twice, once in _PLACEHOLDER.findall(text)))


def problems(text: str) -> list[str]:
    """What is wrong with a prompt's text, a sentence for each; empty when it may be stored."""
    if len(text) > MAX_CHARACTERS:
        return [f"This has {len(text):,} characters; at most {MAX_CHARACTERS:,} fit."]
    if not text.strip():
        return ["Write the text first."]
    asked = len(names(text))
    return [f"This asks for {asked} values; at most {MOST} can be asked for."] if asked > MOST else []
