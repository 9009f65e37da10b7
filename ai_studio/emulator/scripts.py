"""From a request to its script, and what an answer will be."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from ai_studio.emulator import speech
from ai_studio.emulator.behaviours import BEHAVIOURS, from_name, from_prompt, shaped
from ai_studio.emulator.completions import Answer, CompletionRequest
from ai_studio.emulator.script import Script
from ai_studio.emulator.summaries import asks_for_summary
from ai_studio.emulator.text import tokenize
from ai_studio.emulator.titles import asks_for_title


def script_for(request: CompletionRequest) -> Script:
    """The script that model name and prompt ask for; the prompt's `/emulate` has the last word.

    A request for a title or a summary gets one, at the pace and with the faults of the model: not with those of the
    prompt, which quotes the messages that it is for, and may ask for the other.
    """
    script = shaped(Script(), from_name(request.model))
    if asks_for_summary(request):
        return replace(script, speech=speech.summary, reasoning=0)
    if asks_for_title(request):
        return replace(script, speech=speech.title, reasoning=0)
    commanded = from_prompt(request.prompt)
    if commanded is None:
        return script
    return shaped(script, commanded) if commanded else replace(script, speech=_list_behaviours)


def expected_text(
    model: str, prompt: str, *, system: str = "", earlier_answers: int = 0, max_tokens: int | None = None
) -> str:
    """The exact text that an answer will have; with a stream that breaks, what comes before the break."""
    request = CompletionRequest(
        model=model, prompt=prompt, system=system, earlier_answers=earlier_answers, max_tokens=max_tokens
    )
    script = script_for(request)
    answer = script.answer(request)
    return "".join(answer.text[: max(script.sent_tokens(answer) - len(answer.reasoning), 0)])


def expected_reasoning(model: str, prompt: str) -> str:
    """The exact reasoning that comes before the text."""
    request = CompletionRequest(model=model, prompt=prompt)
    script = script_for(request)
    answer = script.answer(request)
    return "".join(answer.reasoning[: script.sent_tokens(answer)])


def _list_behaviours(request: CompletionRequest, random: Random) -> Answer:
    rows = "\n".join(f"| `{behaviour.name}` | {behaviour.summary} |" for behaviour in BEHAVIOURS)
    text = (
        "This is what I can imitate. Write `/emulate` and one or more of these names in a message, or let a model's "
        "name end with them, as in `story-slow` or `tokens-300-rate-77`; what stands in brackets may be left out.\n\n"
        f"| Name | What happens |\n|---|---|\n{rows}\n\n"
        "For example: `/emulate reasoning story slow`, `/emulate stall 20 5000`, `/emulate error 429`."
    )
    return Answer(text=tokenize(text))
