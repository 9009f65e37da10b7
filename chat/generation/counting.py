"""The tokens of an answer: of all its rounds together."""

from __future__ import annotations

from collections.abc import Sequence

from ai_studio.llm import Usage
from ai_studio.llm.tokens import count_tokens
from chat.generation.live import LiveGeneration
from chat.parts import Part
from chat.prompt import tokens_in


def usage(live: LiveGeneration, kept: Sequence[Part]) -> tuple[Usage, bool]:
    """What the answer has cost so far, and whether that is an estimate in part. `kept`: its stored parts."""
    counted, is_estimated = _of_round(live, kept[live.accumulator.round_start :])
    return live.spent + counted, is_estimated or live.is_estimated


def _of_round(live: LiveGeneration, said: Sequence[Part]) -> tuple[Usage, bool]:
    """What the provider counted, else, where something was said, an estimate that is marked as one."""
    finished = live.accumulator.finished
    if finished is not None and finished.usage.output_tokens is not None:
        return finished.usage, False
    if live.first_token_at is None or (live.round and not said):
        return Usage(), False
    asked = sum(map(tokens_in, live.messages_for(live.route)))
    answered = "".join(f"{part.get('text', '')}{part.get('rawInput', '')}{part.get('input', '')}" for part in said)
    return Usage(asked + count_tokens(live.route.prompt.text), count_tokens(answered)), True
