"""A question that a model puts to the person, with options to choose from: the arguments of one tool, read. Pure.

They stay as the model wrote them wherever the call is stored, and whoever shows or sends them on reads them here (the page in core/question.ts).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ASK_PERSON = "ask_person"
"""The tool's name."""

FEWEST_OPTIONS, MOST_OPTIONS = 2, 6
QUESTION_CHARACTERS, LABEL_CHARACTERS, DESCRIPTION_CHARACTERS = 500, 80, 200

# One line each: what is put together of them as Markdown has no other structure than the list.
_SPACE = re.compile(r"[\s\x00-\x1f]+")


class NotAQuestion(ValueError):
    """The text says to the model what to change."""


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`is_several`: more than one of the options may be chosen."""

    text: str
    options: tuple[Option, ...]
    is_several: bool = False

    @property
    def words(self) -> str:
        """As Markdown: for whoever reads it where nothing can be pressed, models and searches among them."""
        listed = (f"- {': '.join(filter(None, (each.label, each.description)))}" for each in self.options)
        return "\n".join([self.text, "", *listed])


def read_question(arguments: Any) -> Question:
    """Raises NotAQuestion."""
    if not isinstance(arguments, Mapping):
        raise NotAQuestion("The arguments must be a JSON object.")
    text = _text(arguments.get("question"), "question", QUESTION_CHARACTERS)
    if not text:
        raise NotAQuestion("Say in `question` what to ask.")
    given = arguments.get("options")
    if not isinstance(given, list) or not FEWEST_OPTIONS <= len(given) <= MOST_OPTIONS:
        raise NotAQuestion(f"`options` must be a list of {FEWEST_OPTIONS} to {MOST_OPTIONS} options.")
    options = tuple(map(_option, given))
    if len({option.label.casefold() for option in options}) < len(options):
        raise NotAQuestion("Two options have the same label. Each must be another one.")
    several = arguments.get("several")
    if several is not None and not isinstance(several, bool):
        raise NotAQuestion("`several` must be true or false.")
    return Question(text, options, several is True)


def question_in(tool: str, arguments: Any) -> Question | None:
    """What a call that was done has put to the person; None for a call of anything else."""
    try:
        return read_question(arguments) if tool == ASK_PERSON else None
    except NotAQuestion:
        return None


def _option(given: Any) -> Option:
    """A text alone is a label: some models write no more."""
    fields = {"label": given} if isinstance(given, str) else given
    if not isinstance(fields, Mapping):
        raise NotAQuestion("Each of `options` must be an object with a `label`.")
    label = _text(fields.get("label"), "label", LABEL_CHARACTERS)
    if not label:
        raise NotAQuestion("Each of `options` must have a `label`.")
    return Option(label, _text(fields.get("description"), "description", DESCRIPTION_CHARACTERS))


def _text(value: Any, name: str, limit: int) -> str:
    """On one line; empty where there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise NotAQuestion(f"`{name}` must be a text.")
    text = _SPACE.sub(" ", value).strip()
    if len(text) > limit:
        raise NotAQuestion(f"`{name}` has {len(text)} characters, and {limit} are the most.")
    return text
