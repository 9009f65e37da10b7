"""The demo's answers: honest about what speaks, then something that looks useful."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from ai_studio.emulator import markdown
from ai_studio.emulator.completions import CompletionRequest
from ai_studio.emulator.text import keywords, paragraph

INTRODUCTIONS = (
    "Hello! I am the built-in **emulator**: no language model stands behind me, and no key is needed. What I say is made "
    "up, but the way it reaches you is real, word by word over the same path as any provider's answer.",
    "Welcome! You are talking to the built-in **emulator**, not to a language model. It needs no key and costs "
    "nothing; its words are invented, only their journey to your screen is real.",
    "Good to see you! A word of honesty first: I am the built-in **emulator**. I stand in for a real model until "
    "somebody adds a provider and its key in the admin, so please do not believe a word of what follows.",
)
HINTS = (
    "Ask me for a *table*, some *code*, *steps*, *maths* or *links* and I will answer in Markdown; `/emulate help` lists "
    "everything that I can imitate, from a slow provider to a broken one.",
    "Try asking for *code in Rust*, for a *comparison as a table*, or write `/emulate showcase`. To see how failures look, "
    "write `/emulate error 429`; `/emulate help` lists the rest.",
)
OPENINGS = (
    "{Topic} deserves a closer look.",
    "Here is one way to think about {topic}.",
    "Let us take {topic} apart, gently.",
    "A short answer on {topic}, and a longer one below.",
    "About {topic}: it depends, but less than people say.",
    "There are three good reasons to care about {topic}, and one to be careful.",
    "You could start with {topic} almost anywhere; I would start small.",
)
REASONS = (
    "**Start from what you can see.** With {topic}, the first guess is usually about the wrong part.",
    "**Write it down.** A page on {topic} today saves an afternoon in a month.",
    "**Ask who else is touched.** {Topic} is seldom one person's business alone.",
    "**Keep the old way for a while.** Nobody regrets being able to go back.",
    "**Measure before you improve.** A number about {topic} ends most arguments.",
    "**Leave room for doubt.** If {topic} still feels unclear, say so early.",
)
THOUGHTS = (
    "Most questions about {topic} are really two: what it is, and what you want from it.",
    "People who know {topic} well tend to speak of it in short sentences.",
    "The usual advice on {topic} is sound, but it was written for somebody else.",
    "What makes {topic} interesting is not the rule but its exceptions.",
    "A good first hour with {topic} goes into looking, not into doing.",
    "If {topic} has to fit into a busy week, decide what you will leave out.",
    "Beginners look for the right tool for {topic}; later one looks for the right question.",
    "You will find that {topic} rewards small, regular effort more than one heroic weekend.",
    "It helps to explain {topic} to a friend: where you stumble is where to look next.",
    "Costs matter too: with {topic}, time is usually the dearest of them.",
    "Two people can disagree about {topic} for years and both be careful observers.",
    "Whatever you choose for {topic}, make it easy to change your mind.",
)
WELCOMES = (
    "What would you like to see?\n\n- a **story**, told at a reader's pace\n- some **code**, in Python, Rust, TypeScript or SQL\n"
    "- a **table**, a plan in **steps**, or a little **maths**",
    "We could begin with anything:\n\n1. ask for a *plan in steps*;\n2. ask for a *comparison as a table*;\n"
    "3. press stop in the middle of this sentence, or reload the page, and see that nothing is lost.",
    "Tell me what is on your mind. I can do *lists*, *tables*, *code*, *maths* and *stories*, all of them made up and all "
    "of them in good order.",
)
CLOSINGS = (
    "Would you like me to go into one of these?",
    "That is as far as an emulator's wisdom goes. Shall we look at another side of it?",
    "If that helps, say which part matters most to you; if not, say what is missing.",
    "There is always more to say; ask on, and watch the words arrive.",
    "So much for now. A real model would have checked its facts; I only checked my spelling.",
)

Section = Callable[[Random, str], str]
ON_REQUEST: tuple[tuple[re.Pattern[str], str, Section], ...] = (
    (
        re.compile(
            r"\b(code|program|function|script|python|typescript|javascript|sql|rust|bash|shell|html|json)\b", re.I
        ),
        "A few lines of code to begin with:",
        markdown.code,
    ),
    (
        re.compile(r"\b(table|compare|comparison|columns?|rows)\b", re.I),
        "Side by side:",
        lambda random, prompt: markdown.table(random),
    ),
    (
        re.compile(r"\b(steps?|how (do|can|to|should)|plan|recipe|instructions)\b", re.I),
        "Step by step:",
        lambda random, prompt: markdown.steps(random),
    ),
    (
        re.compile(r"\b(list|bullets?|points|ideas|todo)\b", re.I),
        "In short points:",
        lambda random, prompt: markdown.bullets(random),
    ),
    (
        re.compile(r"\b(maths?|mathematics|equations?|formulas?|integral|latex|statistics)\b", re.I),
        "Put as mathematics:",
        lambda random, prompt: markdown.MATHS,
    ),
    (
        re.compile(r"\b(links?|sources?|references?|urls?)\b", re.I),
        "Where to look:",
        lambda random, prompt: markdown.LINKS,
    ),
    (
        re.compile(r"\b(quote|quotation)\b", re.I),
        "In somebody's words:",
        lambda random, prompt: markdown.quotation(random),
    ),
)
EVERYTHING = re.compile(r"\b(showcase|markdown)\b", re.I)
TALE = re.compile(r"\b(story|tale|poem|once upon a time)\b", re.I)


def story_text(request: CompletionRequest, random: Random) -> str:
    """The answer to `request`: who speaks (in the first answer), then a tale, Markdown, or thoughts on its topic."""
    parts = [] if request.earlier_answers else [random.choice(INTRODUCTIONS)]
    parts.extend(_body(request.prompt, random))
    parts.append(random.choice(CLOSINGS if request.earlier_answers else HINTS))
    return "\n\n".join(parts)


def showcase_text(request: CompletionRequest, random: Random) -> str:
    """All the Markdown that there is."""
    return markdown.showcase(random, request.prompt)


def _body(prompt: str, random: Random) -> list[str]:
    if EVERYTHING.search(prompt):
        return [markdown.showcase(random, prompt)]
    words = keywords(prompt, 12)
    topic = random.choice(words) if words else "a fresh beginning"
    asked = [(lead, section) for pattern, lead, section in ON_REQUEST if pattern.search(prompt)]
    if asked:
        sections = [f"{lead}\n\n{section(random, prompt)}" for lead, section in asked]
        return [_fill(random.choice(OPENINGS), topic), *sections]
    if TALE.search(prompt):
        return [paragraph(random, random.randint(3, 5)) for _ in range(random.randint(3, 4))]
    if not words:
        return [random.choice(WELCOMES)]
    reasons = [f"{number}. {_fill(text, topic)}" for number, text in enumerate(random.sample(REASONS, 3), start=1)]
    opening, *thoughts = (_fill(text, topic) for text in (random.choice(OPENINGS), *random.sample(THOUGHTS, 6)))
    return [" ".join([opening, *thoughts[:2]]), " ".join(thoughts[2:4]), "\n".join(reasons), " ".join(thoughts[4:])]


def _fill(text: str, topic: str) -> str:
    return text.replace("{topic}", topic).replace("{Topic}", topic[:1].upper() + topic[1:])
