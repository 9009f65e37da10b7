"""The door to AI Studio, verbs: who may use what, with which prompt; and the call itself.

`chat` knocks here and at `ai_studio.llm` (the nouns), and nowhere else. It passes ids and gets frozen values back.
Functions that read the database are synchronous; call them through `database_sync_to_async` from the event loop.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from ai_studio import colleagues, inspection, planning, revisions, saved_prompts, security_log, selectors
from ai_studio import personal_memories as memories
from ai_studio.authorization import sees_agent
from ai_studio.inspection import Segment
from ai_studio.instructions import Composed
from ai_studio.ledger import Outcome, keep_prompts, prune_prompts, record
from ai_studio.library import keeping
from ai_studio.llm import LLMClient
from ai_studio.llm.addresses import Reachable
from ai_studio.llm.retry import RetryingClient, RetryPolicy
from ai_studio.models import Instructions, Prompt, User
from ai_studio.models.saved_prompt import NAME_CHARACTERS, TITLE_CHARACTERS
from ai_studio.offer import Offer, active_membership, offer
from ai_studio.own_words import forget as forget_own_words
from ai_studio.own_words import forget_prompts as forget_prompts_of_own_words
from ai_studio.parameters import beside
from ai_studio.personal_memories import Memory
from ai_studio.placeholders import MAX_CHARACTERS, MOST
from ai_studio.planning import (
    AgentUnavailable,
    ChosenModelUnavailable,
    NoModelAvailable,
    NotAMember,
    Plan,
    Route,
    Wanted,
)
from ai_studio.preferences import TeamChoices, TeamPreference, prefer, team_choices, team_preferences
from ai_studio.preferences import forget as forget_preferences
from ai_studio.remembered_facts import MAX_CHARACTERS as MEMORY_CHARACTERS
from ai_studio.resolution import Verdict
from ai_studio.retention import LONGEST as LONGEST_RETENTION
from ai_studio.retention import Retention, retention_for, retention_where_active, set_retention
from ai_studio.saved_prompts import (
    PromptContent,
    PromptNameTaken,
    PromptNotFound,
    PromptOfTheTeam,
    PromptRefused,
    SavedText,
    TooManyPrompts,
)
from ai_studio.tools import running
from ai_studio.tools.base import ToolContext
from ai_studio.tools.running import Tell as ToolsTell
from ai_studio.tools.running import ToolOutput, ToolUse

if TYPE_CHECKING:
    from ai_studio.llm.retry import OnRetry

__all__ = [
    "LONGEST_RETENTION",
    "MEMORY_CHARACTERS",
    "PROMPT_CHARACTERS",
    "PROMPT_NAME_CHARACTERS",
    "PROMPT_TITLE_CHARACTERS",
    "PROMPT_VARIABLES",
    "AgentUnavailable",
    "ChosenModelUnavailable",
    "Composed",
    "Memory",
    "NoModelAvailable",
    "NotAMember",
    "Offer",
    "Outcome",
    "Plan",
    "PromptContent",
    "PromptNameTaken",
    "PromptNotFound",
    "PromptOfTheTeam",
    "PromptRefused",
    "Retention",
    "Route",
    "SavedText",
    "Segment",
    "TeamChoices",
    "TeamPreference",
    "TooManyPrompts",
    "ToolOutput",
    "ToolUse",
    "Verdict",
    "Wanted",
    "active_team",
    "aside",
    "change_prompt",
    "client",
    "colleagues",
    "create_prompt",
    "delete_own_prompts",
    "delete_prompt",
    "forget_own_words",
    "forget_preferences",
    "forget_prompts_of_own_words",
    "keep_prompts",
    "memories",
    "named_agent",
    "named_model",
    "offer",
    "own_instructions",
    "own_prompts",
    "plan",
    "prefer",
    "preview_own_instructions",
    "prompt_is_kept",
    "prune_prompts",
    "readable_prompts",
    "record",
    "record_sign_out",
    "remove_discarded_files",
    "retention_for",
    "retention_where_active",
    "run_tools",
    "save_own_instructions",
    "set_retention",
    "team_choices",
    "team_preferences",
    "tool_rounds",
    "warm_up",
]

PROMPT_NAME_CHARACTERS, PROMPT_TITLE_CHARACTERS, PROMPT_CHARACTERS = NAME_CHARACTERS, TITLE_CHARACTERS, MAX_CHARACTERS
"""Of a saved prompt's name, title and text."""
PROMPT_VARIABLES = MOST
"""How many values a saved prompt may ask for."""

# With nowhere else to go, patience; with another route at hand, one quick second try.
LAST_ROUTE = RetryPolicy()
OTHER_ROUTES_LEFT = RetryPolicy(attempts=2, longest_wait_asked=1.0)


def warm_up() -> None:
    """Starts importing LiteLLM beside the server's start, so that the first person does not wait 2 to 3 s for it."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()


def plan(wanted: Wanted) -> Plan:
    """See `planning.plan`. Returns only when LiteLLM is loaded: the event loop must never be the one that waits for it."""
    _litellm_client()
    return planning.plan(wanted)


def aside(plan: Plan, prompt: str) -> Plan:
    """The same routes under other instructions, for a call that is not an answer."""
    routes = (
        replace(route, prompt=Composed(prompt, ()), tools=(), parameters=beside(route.parameters, route.effort))
        for route in plan.routes
    )
    return replace(plan, routes=tuple(routes))


async def run_tools(plan: Plan, route: Route, uses: Sequence[ToolUse], tell: ToolsTell, *, rounds: int) -> None:
    """Runs what the route's model has called, for the person and the agent of the plan. See `tools.running`.

    `rounds`: how many there were in this answer before.
    """
    wanted = plan.wanted
    context = ToolContext(wanted.user_id, wanted.team_id, wanted.agent_id, wanted.session_id)
    offered, seconds = [tool.name for tool in route.tools], settings.TOOL_SECONDS

    def run_one(use: ToolUse) -> Awaitable[ToolOutput]:
        return running.run(use.name, use.arguments, context, offered=offered, seconds=seconds)

    await running.run_all(uses, run_one, tell, is_over=rounds >= tool_rounds())


def tool_rounds() -> int:
    """How often in one answer a model may call tools."""
    return int(settings.TOOL_ROUNDS)


def client(*, routes_left: int, on_retry: OnRetry | None = None) -> LLMClient:
    """The client for one route: LiteLLM, retried before the first content. `on_retry` hears of each retry."""
    policy = OTHER_ROUTES_LEFT if routes_left else LAST_ROUTE
    return RetryingClient(_litellm_client(), policy, on_retry=on_retry)


def named_model(team_id: str, model_id: str) -> str | None:
    """The display name of a model that the team may use now, else None."""
    facts = selectors.team_catalogue(team_id, [model_id]).facts.get(model_id)
    return facts.name if facts and facts.verdict() is Verdict.CHOSEN else None


def named_agent(user_id: str, team_id: str, agent_id: str) -> str | None:
    """The name of an agent that the user may use in the team now, else None."""
    agent, membership = selectors.get_agent(team_id, agent_id), selectors.get_membership(user_id, team_id)
    return agent.name if agent and membership and sees_agent(membership, agent) else None


def active_team(user_id: str) -> str | None:
    """The id of the team that the user works in now, None for somebody without a team."""
    membership = active_membership(user_id)
    return membership.team_id if membership else None


def prompt_is_kept(prompt_hash: str) -> bool:
    """Whether the exact prompt of this hash can be read in the admin."""
    return Prompt.objects.filter(pk=prompt_hash).exists()


def readable_prompts(user_id: str) -> list[SavedText]:
    """The saved prompts of the active team, and one's own."""
    return saved_prompts.readable(user_id, active_team(user_id))


def own_prompts(user_id: str) -> list[SavedText]:
    return saved_prompts.own(user_id)


def create_prompt(user_id: str, content: PromptContent) -> SavedText:
    """Raises PromptRefused."""
    return saved_prompts.create(user_id, content)


def change_prompt(user_id: str, prompt_id: str, content: PromptContent) -> SavedText:
    """Raises PromptNotFound, PromptOfTheTeam, PromptRefused."""
    return saved_prompts.change(user_id, active_team(user_id), prompt_id, content)


def delete_prompt(user_id: str, prompt_id: str) -> None:
    """Raises PromptNotFound, PromptOfTheTeam."""
    saved_prompts.delete(user_id, active_team(user_id), prompt_id)


def delete_own_prompts(user_id: str) -> None:
    saved_prompts.delete_own(user_id)


def remove_discarded_files() -> int:
    """Removes some of the files that no document of a library has any more. How many. Raises FilesUnavailable."""
    return keeping.remove_discarded()


def own_instructions(user_id: str) -> dict[str, Any]:
    """`{"text", "enabled"}`"""
    row = Instructions.objects.filter(user_id=user_id).first()
    return {"text": row.text if row else "", "enabled": row.is_enabled if row else True}


def save_own_instructions(user_id: str, *, text: str, enabled: bool) -> dict[str, Any]:
    user = User.objects.get(pk=user_id)
    row = Instructions.objects.filter(user=user).first() or Instructions(level=Instructions.Level.USER, user=user)
    row.text, row.is_enabled = text.replace("\x00", ""), enabled
    revisions.save(row, by=user)
    return own_instructions(user_id)


def preview_own_instructions(user_id: str, text: str) -> tuple[Segment, ...]:
    """What a new chat in the active team would tell a model, with `text` as the person's own instructions.

    Levels that are not theirs to read are left out, and said to be. Empty for somebody without a team.
    """
    team_id = active_team(user_id)
    return inspection.with_own_words(User.objects.get(pk=user_id), team_id, text) if team_id else ()


def record_sign_out(user_id: str, device: str) -> None:
    """Into the security log: the person has ended a sign-in on another device."""
    user = User.objects.get(pk=user_id)
    security_log.record(security_log.Event.SIGN_OUT, by=user, subject=device)


def _warm_up() -> None:
    _litellm_client()
    from ai_studio.llm import litellm_client

    litellm_client.warm_up()
    # What is loaded by now, half a million objects, stays. Unfrozen, each full collection walks through all of it: 0.5 s
    # in which no stream moves.
    gc.collect()
    gc.freeze()


@cache
def _litellm_client() -> LLMClient:
    # LiteLLM takes 2 to 3 s and 160 MB to import: here, once, and never for a command or a migration.
    from ai_studio.llm.litellm_client import LiteLLMClient
    from ai_studio.llm.litellm_connections import Network, Timeouts

    timeouts = Timeouts(settings.PROVIDER_CONNECT_SECONDS, settings.PROVIDER_SILENCE_SECONDS)
    return LiteLLMClient(timeouts, network=Network(Reachable.parse(settings.PROVIDER_PRIVATE_HOSTS)))
