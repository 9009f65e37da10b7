"""Summaries of conversations, for the requests that ask for one."""

from __future__ import annotations

import re

from ai_studio.emulator.completions import CompletionRequest
from ai_studio.emulator.text import keywords

ASKED = re.compile(r"\bsummari[sz]e the conversation\b", re.IGNORECASE)
QUESTION = re.compile(r"^User: (.+)$", re.MULTILINE)
EARLIER = re.compile(r"^\* (.+)$", re.MULTILINE)
WORDS = 4


def asks_for_summary(request: CompletionRequest) -> bool:
    """Whether the system message wants one; in a prompt it is a person who does, and gets an answer."""
    return bool(ASKED.search(request.system))


def summary_text(request: CompletionRequest) -> str:
    """What each of the user's messages was about, after what an earlier summary says."""
    earlier = request.prompt.partition("User:")[0]
    told = [*EARLIER.findall(earlier), *(" ".join(keywords(said, WORDS)) for said in QUESTION.findall(request.prompt))]
    return "\n".join(["The user asked about:", *(f"* {line}" for line in told if line)])
