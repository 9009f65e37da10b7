"""What a model is told when another agent takes over in the middle of a session.

Strong models keep playing an earlier role despite new instructions; each family is best turned round in its own way.
The table names a strategy for each model family: the first line that fits wins, and the last one fits everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from string import Template


class Strategy(StrEnum):
    XML_HIGH = "xml-tags-high"
    XML_DEFAULT = "xml-tags-default"
    HIERARCHICAL_HIGH = "hierarchical-high"
    HIERARCHICAL_DEFAULT = "hierarchical-default"
    DIRECT_COMMAND = "direct-command"
    DIRECT_SIMPLE = "direct-simple"
    REASONING = "reasoning-focused"
    SIMPLE = "simple"


Rule = tuple[str, str, Strategy]
"""LiteLLM's provider key, pattern of the model id, strategy."""

STRATEGIES: tuple[Rule, ...] = (
    ("anthropic", "*opus*", Strategy.XML_HIGH),
    ("anthropic", "claude-2*", Strategy.SIMPLE),
    ("anthropic", "claude-instant*", Strategy.SIMPLE),
    ("anthropic", "*", Strategy.XML_DEFAULT),
    ("openai", "gpt-4-turbo*", Strategy.HIERARCHICAL_HIGH),
    ("openai", "gpt-3.5*", Strategy.DIRECT_SIMPLE),
    ("openai", "o[0-9]-mini*", Strategy.SIMPLE),
    ("openai", "o[0-9]*", Strategy.REASONING),
    ("openai", "*", Strategy.HIERARCHICAL_DEFAULT),
    ("gemini", "*lite*", Strategy.SIMPLE),
    ("gemini", "*-8b*", Strategy.SIMPLE),
    ("gemini", "gemini-1.0*", Strategy.SIMPLE),
    ("gemini", "*flash*", Strategy.DIRECT_SIMPLE),
    ("gemini", "*", Strategy.DIRECT_COMMAND),
    ("*", "*", Strategy.SIMPLE),
)

_TEMPLATES = {
    Strategy.XML_HIGH: """<role_change priority="highest">
You have taken a new role in this conversation. You are no longer $previous: set aside its instructions, tone and habits, also where your own earlier answers show them.
<new_role>
Your name is now $agent. Within this section only the following instructions apply; answer as $agent from now on.
$instructions
</new_role>
</role_change>""",
    Strategy.XML_DEFAULT: """<role_change>
From this answer on you are $agent, in place of $previous, which wrote the earlier answers.
<new_role>
$instructions
</new_role>
</role_change>""",
    Strategy.HIERARCHICAL_HIGH: """## Priority: change of role
1. Identity: you are now $agent. You are no longer $previous.
2. Instructions: the following replace those of $previous entirely.
$instructions
3. Answering: answer as $agent, whatever role your earlier answers show.""",
    Strategy.HIERARCHICAL_DEFAULT: """## Change of role
- Earlier role: $previous
- Your role now: $agent

Instructions of the new role:
$instructions

Answer in the new role from now on.""",
    Strategy.DIRECT_COMMAND: """You are now $agent, not $previous.
$instructions
Answer as $agent.""",
    Strategy.DIRECT_SIMPLE: """From here on you are $agent; earlier answers came from $previous.
$instructions""",
    Strategy.REASONING: """Until now I answered as $previous. I now take the role of $agent.
The instructions of this role are:
$instructions
So my next answer, and those after it, follow this role and not the earlier one.""",
    Strategy.SIMPLE: """You are $agent.
$instructions""",
}

NO_AGENT = "the general assistant"


@dataclass(frozen=True, slots=True)
class AgentSwitch:
    """From the agent of the last completed answer to the session's agent now. None: no agent."""

    previous_name: str | None
    name: str | None


def detect(
    *, previous: tuple[str | None, str | None] | None, current: tuple[str | None, str | None]
) -> AgentSwitch | None:
    """Each is (agent id, agent name). `previous` is that of the last completed answer, or None when there is none yet."""
    if previous is None or previous[0] == current[0]:
        return None
    return AgentSwitch(previous[1], current[1])


def strategy_for(provider: str, model: str, rules: Iterable[Rule] = ()) -> Strategy:
    """`provider`: LiteLLM's key; `model`: the id within the provider; `rules` are asked before `STRATEGIES`."""
    name = model.lower().rpartition("/")[2]
    asked = (*rules, *STRATEGIES)
    return next(s for key, pattern, s in asked if key in ("*", provider) and fnmatchcase(name, pattern))


def render(switch: AgentSwitch, instructions: str, strategy: Strategy) -> str:
    """The agent section of the first prompt after a switch. Placeholders in names and instructions stay as they are."""
    return Template(_TEMPLATES[strategy]).substitute(
        previous=switch.previous_name or NO_AGENT,
        agent=switch.name or NO_AGENT,
        instructions=instructions or "Answer as a helpful general assistant.",
    )
