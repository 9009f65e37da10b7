"""The registry of behaviours: names in a model's suffix, or in a prompt, that shape the script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ai_studio.emulator import speech
from ai_studio.emulator.completions import ErrorKind, ProviderError
from ai_studio.emulator.questions import question
from ai_studio.emulator.script import Break, BreakKind, Refusal, Script

Shape = Callable[..., Script]
"""From a script, and the numbers in a behaviour's name, to the script that the name asks for."""

OPTIONAL = re.compile(r"\[-([A-Z]+)\]")
REQUIRED = re.compile(r"-([A-Z]+)\b")
KINDS = {
    401: ErrorKind.INVALID_KEY,
    403: ErrorKind.PERMISSION,
    404: ErrorKind.NOT_FOUND,
    408: ErrorKind.TIMEOUT,
    429: ErrorKind.RATE_LIMIT,
    500: ErrorKind.SERVER,
    503: ErrorKind.OVERLOADED,
    504: ErrorKind.TIMEOUT,
    529: ErrorKind.OVERLOADED,
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A named behaviour. In `name`, `-N` stands for a number and `[-N]` for one that may be left out."""

    name: str
    summary: str
    shape: Shape

    @property
    def pattern(self) -> str:
        """The regular expression that `name` stands for."""
        return REQUIRED.sub(r"-(\\d+)", OPTIONAL.sub(r"(?:-(\\d+))?", self.name))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A behaviour with the numbers that a name gave it."""

    behaviour: Behaviour
    numbers: tuple[int, ...]

    def shape(self, script: Script) -> Script:
        """`script` as this behaviour wants it."""
        return self.behaviour.shape(script, *self.numbers)


def say(answer: speech.Speech) -> Shape:
    """Says `answer`."""
    return lambda script: replace(script, speech=answer)


def say_tokens(script: Script, count: int) -> Script:
    """Says exactly `count` tokens."""
    return replace(script, speech=speech.tokens(count), obeys_max_tokens=False)


def call_tools(script: Script, count: int = 1) -> Script:
    """Calls `count` tools."""
    return replace(script, speech=speech.tool_calls(count))


def ask(script: Script, count: int = 3) -> Script:
    """Asks the person, who is to choose one of `count` options."""
    return replace(script, speech=question(count, is_several=False))


def ask_for_several(script: Script, count: int = 4) -> Script:
    """Asks the person, who may choose several of `count` options."""
    return replace(script, speech=question(count, is_several=True))


def cite(script: Script, count: int = 3) -> Script:
    """Cites `count` pages after the text."""
    return replace(script, sources=count)


def reason(script: Script, count: int = 40) -> Script:
    """Thinks for `count` tokens before whatever is said."""
    return replace(script, reasoning=count)


def limit(script: Script, count: int = 40) -> Script:
    """Ends for length after `count` tokens of text."""
    return replace(script, limit=count)


def set_rate(script: Script, tokens_per_second: int) -> Script:
    """Sets the rate."""
    return replace(script, pace=replace(script.pace, rate=float(tokens_per_second)))


def delay_first_token(script: Script, milliseconds: int = 3000) -> Script:
    """Keeps the client waiting for the first token."""
    return replace(script, pace=replace(script.pace, first_token=milliseconds / 1000))


def stall(script: Script, after: int = 20, milliseconds: int = 30_000) -> Script:
    """Falls silent for a while."""
    return replace(script, pace=replace(script.pace, stall_after=after, stall=milliseconds / 1000))


def refuse(kind: ErrorKind, retry_after: float | None = None) -> Shape:
    """Answers with the provider's own status for `kind`."""
    refusal = Refusal(ProviderError(kind, retry_after=retry_after))
    return lambda script: replace(script, refusal=refusal)


def fail(script: Script, status: int, times: int | None = None) -> Script:
    """Answers with `status`: always, or the first `times` requests of each (key, model, prompt)."""
    kind = KINDS.get(status, ErrorKind.BAD_REQUEST if status < 500 else ErrorKind.SERVER)
    retry_after = 1.0 if kind is ErrorKind.RATE_LIMIT else None
    error = ProviderError(kind, status, retry_after, times, detail="The request was refused, as was asked.")
    return replace(script, refusal=Refusal(error))


def set_retry_after(script: Script, seconds: int) -> Script:
    """Sets Retry-After on the error that stands before it."""
    if script.refusal is None or script.refusal.error is None:
        return script
    return replace(script, refusal=Refusal(replace(script.refusal.error, retry_after=float(seconds))))


def show_page(script: Script, status: int = 200) -> Script:
    """Answers with a web page, as a proxy between client and provider does."""
    return replace(script, refusal=Refusal(html_status=status))


def break_stream(kind: BreakKind) -> Shape:
    """Breaks the stream after some tokens."""
    return lambda script, after=20: replace(script, broken=Break(kind, after))


BEHAVIOURS = (
    Behaviour("story", "a friendly answer; Markdown where the prompt asks for it", say(speech.story)),
    Behaviour("showcase", "all of Markdown: headings, lists, a table, code, maths, links", say(speech.showcase)),
    Behaviour("echo", "the last user message, word for word", say(speech.echo)),
    Behaviour("tokens-N", "exactly N tokens of prose, whatever max_tokens says", say_tokens),
    Behaviour("unicode", "many scripts, emoji and both directions, in tokens that cut graphemes", say(speech.unicode)),
    Behaviour("line-separators", "U+2028, U+2029 and U+0085, which end no line of a stream", say(speech.separators)),
    Behaviour("title", "a short title made of the prompt's words", say(speech.title)),
    Behaviour("empty", "an answer without a single token", say(speech.nothing)),
    Behaviour("refusal", "the model declines, in its format's way", say(speech.refusal)),
    Behaviour("content-filter", "the provider's filter ends the answer after 20 tokens", say(speech.filtered)),
    Behaviour("tool-call[-N]", "calls N of the client's tools (1); speaks once their results came", call_tools),
    Behaviour("tool-call-odd", "calls a tool with arguments that no tool takes", say(speech.odd_tool_call)),
    Behaviour("question[-N]", "asks the person by the client's tool for it, with N options (3)", ask),
    Behaviour("question-several[-N]", "the same, where several of N options (4) may be chosen", ask_for_several),
    Behaviour("reasoning[-N]", "N tokens of reasoning (40) before the rest", reason),
    Behaviour("sources[-N]", "cites N pages (3) after the text, as its format does", cite),
    Behaviour("length[-N]", "ends for length after N tokens of text (40)", limit),
    Behaviour("rate-R", "R tokens a second (60); rate-0 is as fast as possible", set_rate),
    Behaviour("slow", "8 tokens a second", lambda script: set_rate(script, 8)),
    Behaviour("first-token[-MS]", "the first token comes after MS milliseconds (3000)", delay_first_token),
    Behaviour("stall[-N][-MS]", "silence of MS milliseconds (30000) after N tokens (20)", stall),
    Behaviour("error-STATUS", "an error with that status, in the provider's words", fail),
    Behaviour("fail-STATUS-N", "the first N requests of each key, model and prompt get that status", fail),
    Behaviour("retry-after-S", "the error's Retry-After, in seconds (1 with 429, else none)", set_retry_after),
    Behaviour("overloaded", "503, at Anthropic 529", refuse(ErrorKind.OVERLOADED)),
    Behaviour("quota", "the account's money is used up: 429, at Anthropic 400", refuse(ErrorKind.QUOTA)),
    Behaviour("context-length", "400: the messages do not fit the model's context", refuse(ErrorKind.CONTEXT_LENGTH)),
    Behaviour("policy", "400: the prompt breaks the provider's rules", refuse(ErrorKind.POLICY)),
    Behaviour("html[-STATUS]", "a web page in place of an answer (status 200)", show_page),
    Behaviour("disconnect", "the connection is closed before any answer", lambda s: replace(s, refusal=Refusal())),
    Behaviour("cut[-N]", "the connection is closed after N tokens (20)", break_stream(BreakKind.CUT)),
    Behaviour("truncated[-N]", "ends after N tokens (20) without saying why", break_stream(BreakKind.TRUNCATED)),
    Behaviour("malformed[-N]", "after N tokens (20) one event is not JSON", break_stream(BreakKind.MALFORMED)),
    Behaviour("error-event[-N]", "an error event after N tokens (20)", break_stream(BreakKind.ERROR_EVENT)),
    Behaviour("split-bytes", "writes of 1 to 7 bytes, wherever they fall", lambda s: replace(s, splits_bytes=True)),
)

SUFFIXES = [(re.compile(rf"(?:^|[^a-z0-9]){behaviour.pattern}$"), behaviour) for behaviour in BEHAVIOURS]
COMMAND = re.compile(r"/emulate\b[ \t]*([^\n]*)")


def from_name(name: str) -> list[Chosen]:
    """The behaviours that `name` ends with, in their order; what stands before them is not looked at."""
    return _parse(name)[0]


def from_prompt(prompt: str) -> list[Chosen] | None:
    """The behaviours of the `/emulate` command in `prompt`: empty when not understood, None where there is none.

    The command ends where its words stop making sense, so that it may stand within a sentence.
    """
    command = COMMAND.search(prompt)
    if command is None:
        return None
    words = re.findall(r"[a-z0-9]+", command[1].lower())
    for count in range(len(words), 0, -1):
        chosen, rest = _parse("-".join(words[:count]))
        if not rest:
            return chosen
    return []


def shaped(script: Script, chosen: Iterable[Chosen]) -> Script:
    """`script` after each of the behaviours."""
    for each in chosen:
        script = each.shape(script)
    return script


def _parse(name: str) -> tuple[list[Chosen], str]:
    found: list[Chosen] = []
    rest = name.lower()
    while True:
        matches = [(match, behaviour) for pattern, behaviour in SUFFIXES if (match := pattern.search(rest))]
        if not matches:
            return found[::-1], rest
        match, behaviour = min(matches, key=lambda hit: hit[0].start())
        numbers = tuple(int(number) for number in match.groups() if number is not None)
        found.append(Chosen(behaviour, numbers))
        rest = rest[: match.start()]
