"""Titles, for the requests that ask for one."""

from __future__ import annotations

import re
from random import Random

from ai_studio.emulator.completions import CompletionRequest
from ai_studio.emulator.text import THINGS, keywords

# "Title" alone is not enough: a platform's instructions may speak of job titles in every request.
ASKED = re.compile(
    r"\b(answer|choose|create|find|generate|give|invent|make|name|propose|produce|reply|respond|return|suggest|"
    r"summari[sz]e|think of|write)\b[^\n]{0,120}\btitles?\b"
    r"|\btitles?\b[^\n]{0,60}\b(for|of) (the|this|a|an|following|our|my)\b",
    re.IGNORECASE,
)
ANSWER = re.compile(r"^\s*(?:assistant|answer)\s*:", re.IGNORECASE | re.MULTILINE)
"""Where a quoted conversation goes on to what the model said: a title is about what the user asked."""
LABELS = frozenset({"user", "assistant", "human", "message", "conversation", "session", "chat", "title", "emulate"})
WORDS = 5


def asks_for_title(request: CompletionRequest) -> bool:
    """Whether the system message, or the prompt, wants a title."""
    return bool(ASKED.search(request.system) or ASKED.search(request.prompt))


def title_text(request: CompletionRequest, random: Random) -> str:
    """Three to six words, most of them the prompt's; the lines that only ask for a title give none."""
    lines = [line for line in ANSWER.split(request.prompt)[0].splitlines() if not ASKED.search(line)]
    text = "\n".join(lines) if any(lines) else ASKED.sub(" ", request.prompt)
    words = [word for word in keywords(text, WORDS + len(LABELS)) if word.lower() not in LABELS][:WORDS]
    if len(words) < 3:
        thing = random.choice([thing for thing in THINGS if len(thing.split()) == 2])
        words = [*words, "and", *thing.split()] if words else ["About", *thing.split()]
    title = " ".join(words)
    return title[:1].upper() + title[1:]
