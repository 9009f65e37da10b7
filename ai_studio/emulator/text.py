"""Varied natural prose and the words that are its tokens. Everything is a pure function of the random source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from random import Random

WORD = re.compile(r"\s*\S+")
LETTERS = re.compile(r"[^\W\d_]{3,}(?:['’-][^\W\d_]+)*")
STOP_WORDS = frozenset(
    """
    about after again all also and any are because been before being best better between both but can cheers compare
    could describe did does doing down each emulate evening explain few for from give good greetings had has have
    having hello help her here hers hey him his how its just know let like make may might more morning most must
    need not now off once only other our out over own please same she should show some such tell test testing than
    thank thanks that the their them then there these they this those through too under until use using very want
    was way were what when where which while who why will with would write you your yours
    """.split()  # noqa: SIM905 - a list would take a line per word
)

PLACES = (
    "the harbour", "an old lighthouse", "the night train", "the reading room", "a quiet workshop", "the market square",
    "the observatory", "a garden behind the mill", "the upper deck", "the bakery on the corner", "a village school",
    "the weather station", "the long corridor", "a small theatre", "the orchard", "the post office",
)  # fmt: skip
PEOPLE = (
    "Ada", "Mirko", "the librarian", "Nomsa", "a young engineer", "the clockmaker", "Ines", "the night watch", "Tove",
    "her neighbour", "the captain", "Rafael", "an apprentice", "the cartographer", "Yuki", "the beekeeper",
)  # fmt: skip
ACTIONS = (
    "kept a list of", "had always wondered about", "drew a careful map of", "learned to repair", "wrote letters about",
    "collected stories of", "measured", "whistled while thinking of", "made a model of", "argued gently about",
    "lost and found again", "photographed", "told everyone about", "quietly improved", "dreamed of",
)  # fmt: skip
THINGS = (
    "broken clocks", "the tides", "forgotten recipes", "migrating birds", "paper kites", "the first frost",
    "lanterns", "unfinished bridges", "old radio signals", "winter apples", "chess problems", "rivers without names",
    "blue glass bottles", "the shape of clouds", "travelling players", "bicycle bells", "seeds and their journeys",
)  # fmt: skip
TIMES = (
    "Before sunrise", "Late in October", "On the third day", "That same evening", "Years later", "In the first week",
    "After the rain", "One slow afternoon", "When the lamps were lit", "Just past noon", "At the end of the season",
)  # fmt: skip
TURNS = (
    "nobody had expected it to work", "the answer was simpler than it looked", "everything smelled of cedar",
    "there was time enough for tea", "the numbers finally agreed", "a door stood open that had always been shut",
    "the wind changed its mind", "somebody laughed in the next room", "the smallest part mattered most",
    "it took three attempts", "the silence felt friendly", "patience turned out to be the trick",
    "the plan fitted on one page", "the children understood it first", "no two of them were alike",
)  # fmt: skip
LINKS = ("and", "but", "so", "because", "although", "while", "for once")


def tokenize(text: str) -> tuple[str, ...]:
    """The words of `text`, each with the white space before it; they concatenate to `text` without its trailing one."""
    return tuple(WORD.findall(text))


def keywords(text: str, limit: int) -> list[str]:
    """Up to `limit` different telling words of `text`, in their order."""
    found: dict[str, str] = {}
    for word in LETTERS.findall(text[:2000]):
        if word.lower() not in STOP_WORDS:
            found.setdefault(word.lower(), word)
        if len(found) == limit:
            break
    return list(found.values())


def sentence(random: Random) -> str:
    """One sentence out of some millions."""
    choose = random.choice
    thing, other = random.sample(THINGS, 2)
    turn, next_turn = random.sample(TURNS, 2)
    match random.randrange(4):
        case 0:
            return f"{choose(TIMES)}, {choose(PEOPLE)} {choose(ACTIONS)} {thing}, {choose(LINKS)} {turn}."
        case 1:
            return f"In {choose(PLACES)}, {choose(PEOPLE)} {choose(ACTIONS)} {thing} and {other}."
        case 2:
            return f"It was in {choose(PLACES)} that {turn}, {choose(LINKS)} {next_turn}."
        case _:
            person = choose(PEOPLE)
            start = person[0].upper() + person[1:]
            return f"{start} {choose(ACTIONS)} {thing} near {choose(PLACES)}; {turn}."


def sentences(random: Random) -> Iterator[str]:
    """Sentences without end, a new paragraph after every fourth to seventh."""
    separator = ""
    left = random.randint(4, 7)
    while True:
        yield separator + sentence(random)
        left -= 1
        separator = " " if left else "\n\n"
        left = left or random.randint(4, 7)


def paragraph(random: Random, count: int) -> str:
    """`count` sentences."""
    return " ".join(sentence(random) for _ in range(count))


def prose(random: Random, count: int) -> tuple[str, ...]:
    """Exactly `count` tokens of prose."""
    return tuple(islice((word for text in sentences(random) for word in tokenize(text)), count))
