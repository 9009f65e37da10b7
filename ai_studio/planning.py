"""Decides everything about an answer before anything is sent: which models with whose tokens, in which order, under which exact prompt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from ai_studio import cooldown, documents, personal_memories, selectors, switching
from ai_studio.authorization import sees_agent
from ai_studio.instructions import Composed, Layer, Level, compose, style_for
from ai_studio.llm import CompletionRequest, Message, ModelTarget, Tool
from ai_studio.memory import Remembered, remembered
from ai_studio.models import Agent, LanguageModel, Membership, ProviderToken, TeamModel, User
from ai_studio.parameters import Effort, capped, decided
from ai_studio.pricing import Prices
from ai_studio.resolution import Resolution, Step, Verdict, in_team_order, resolve
from ai_studio.services import open_provider_token
from ai_studio.tools.registry import declared, declared_for_memory
from ai_studio.verdicts import VERDICTS

MAX_ROUTES = 6

CALLS_TOOLS = "tools"
"""The capability of a model that can call tools."""


class NotAMember(Exception):
    """The user does not belong to the team (any more)."""


class AgentUnavailable(Exception):
    """The agent is gone, disabled, or another team's."""


class ChosenModelUnavailable(Exception):
    """The model that was chosen for the session can't be used. The text says why.

    Another one must not answer in its place unasked: a person may have chosen it for where it sends their words.
    """

    def __init__(self, resolution: Resolution, refused: Step) -> None:
        super().__init__(f"{refused.model_name or 'The model of this chat'} {VERDICTS[refused.verdict]}.")
        self.resolution = resolution
        self.model_name, self.verdict = refused.model_name, refused.verdict


class NoModelAvailable(Exception):
    """No candidate can be used. `resolution` says what kept each from it."""

    def __init__(self, resolution: Resolution) -> None:
        super().__init__("no model available")
        self.resolution = resolution


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks for: ids, each None where nothing is chosen.

    `previous_agent`: (id, name) of the agent that gave the last completed answer of the branch, None before the first.
    `folders`: (id, instructions) of the folders that the session lies in, the outermost first. `effort`: how hard to think, for
    each model that can be asked so. `keeps_prompt`: whether the exact prompt is stored. `uses_memory`: whether what is remembered of the
    person is told and may be changed, where they have that on. `session_id`: of the chat, empty where there is none.
    """

    user_id: str
    team_id: str
    model_id: str | None = None
    session_model_id: str | None = None
    agent_id: str | None = None
    previous_agent: tuple[str | None, str | None] | None = None
    folders: tuple[tuple[str, str], ...] = ()
    keeps_prompt: bool = True
    effort: str | None = None
    uses_memory: bool = False
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to an answer: a model with a token, the exact prompt and the price. The token is sealed until `request`."""

    model_id: str
    model_name: str
    provider_id: str
    provider_name: str
    provider_key: str
    provider_model: str
    base_url: str | None
    options: Mapping[str, str]
    token: ProviderToken
    context_window: int | None
    max_output_tokens: int | None
    capabilities: frozenset[str]
    prices: Prices
    parameters: dict[str, Any]
    prompt: Composed
    effort: Effort | None = None
    """What `parameters` say of thinking, and who said it."""
    tools: tuple[Tool, ...] = ()
    """What the model may call: the plan's tools, none where the model can't call any."""
    strategy: switching.Strategy | None = None
    """How the prompt tells the model that another agent takes over; None where none does."""
    library: documents.Choice | None = None
    """What of the agent's library is in the prompt; None without a library."""

    def request(self, messages: Sequence[Message], *, is_last_round: bool = False) -> CompletionRequest:
        """Opens the token: for the call alone. Raises TokenUnreadable. `is_last_round`: no tool is to be called any more."""
        unsigned = replace(self.unsigned_request(messages), is_last_round=is_last_round)
        return replace(unsigned, target=replace(unsigned.target, token=open_provider_token(self.token)))

    def unsigned_request(self, messages: Sequence[Message]) -> CompletionRequest:
        """The same without a token: to look at."""
        target = ModelTarget(self.provider_key, self.provider_model, base_url=self.base_url, options=self.options)
        return CompletionRequest(target, self.prompt.text, tuple(messages), self.parameters, self.tools)


@dataclass(frozen=True, slots=True)
class Plan:
    """One answer, fully decided. `routes`: the resolved model first, then what is tried when it fails before its first token."""

    wanted: Wanted
    agent_name: str
    routes: tuple[Route, ...]
    resolution: Resolution
    tools: tuple[Tool, ...] = ()
    """The agent's, and those of the person's memory. Which of the routes gets them is the route's to say."""


def plan(wanted: Wanted) -> Plan:
    """One query when what it needs is remembered, two for somebody who has memory on.

    Raises NotAMember, AgentUnavailable, ChosenModelUnavailable, NoModelAvailable.
    """
    known = remembered()
    user_id, team_id = wanted.user_id, wanted.team_id
    membership = known.get(("membership", user_id, team_id), lambda: selectors.get_membership(user_id, team_id))
    if membership is None:
        raise NotAMember
    agent = _agent(wanted, known, membership)
    named = (wanted.model_id, wanted.session_model_id, agent.model_id if agent else None, membership.preferred_model_id)
    fallbacks = agent.fallbacks if agent else []
    ids = sorted({model_id for model_id in (*named, *fallbacks) if model_id})
    catalogue = known.get(("catalogue", team_id, *ids), lambda: selectors.team_catalogue(team_id, ids))
    explicit, session, agents_own, preference = named
    resolution = resolve(catalogue.facts, explicit=explicit, session=session, agent=agents_own, preference=preference)
    if resolution.model_id is None:
        raise NoModelAvailable(resolution)
    if resolution.refused_choice is not None:
        raise ChosenModelUnavailable(resolution, resolution.refused_choice)
    layers = known.get(
        ("layers", user_id, team_id, wanted.agent_id or ""),
        lambda: selectors.instruction_layers(user_id, team_id, agent),
    )
    layers = [*layers, *(Layer(Level.FOLDER, text, f"folder:{folder_id}") for folder_id, text in wanted.folders)]
    has_memory = wanted.uses_memory and personal_memories.is_in_force(membership.user)
    if has_memory:
        layers = [*layers, personal_memories.layer(user_id)]
    pairs = _in_order(catalogue, [resolution.model_id, *fallbacks])
    current = (agent.pk, agent.name) if agent else (None, None)
    switch = switching.detect(previous=wanted.previous_agent, current=current)
    rules = known.get(("switch-rules",), selectors.switch_rules) if switch else []
    tools = declared(agent.tools) if agent and agent.tools else ()
    if has_memory:
        tools = (*tools, *declared_for_memory())
    asked = _Asked(known, membership, agent, layers, switch, rules, wanted, tools)
    routes = tuple(_route(model, token, catalogue.team_models.get(model.pk), asked) for model, token in pairs)
    return Plan(wanted, agent.name if agent else "", routes, resolution, asked.tools)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all routes of a plan share."""

    known: Remembered
    membership: Membership
    agent: Agent | None
    layers: list[Layer]
    switch: switching.AgentSwitch | None
    rules: Sequence[switching.Rule]
    wanted: Wanted
    tools: tuple[Tool, ...]


def _agent(wanted: Wanted, known: Remembered, membership: Membership) -> Agent | None:
    agent_id = wanted.agent_id
    if agent_id is None:
        return None
    agent = known.get(("agent", wanted.team_id, agent_id), lambda: selectors.get_agent(wanted.team_id, agent_id))
    if agent is None or not sees_agent(membership, agent):
        raise AgentUnavailable
    return agent


def _in_order(catalogue: selectors.TeamCatalogue, wanted: Sequence[str]) -> list[tuple[LanguageModel, ProviderToken]]:
    """Every token of the resolved model, which is the first of `wanted`, then those of the agent's other choices, then of
    the team's other models. What can't be used is left out; what is cooling down goes to the back."""
    usable = [facts.id for facts in in_team_order(catalogue.facts.values()) if facts.verdict() is Verdict.CHOSEN]
    ids = dict.fromkeys([*(model_id for model_id in wanted if model_id in usable), *usable])
    pairs = [
        (catalogue.models[model_id], token)
        for model_id in ids
        for token in catalogue.tokens[catalogue.models[model_id].provider_id]
    ]
    cooling = cooldown.cooling([token.pk for _, token in pairs] + [model.provider_id for model, _ in pairs])
    pairs.sort(key=lambda pair: pair[1].pk in cooling or pair[0].provider_id in cooling)
    return pairs[:MAX_ROUTES]


def _route(model: LanguageModel, token: ProviderToken, team_model: TeamModel | None, asked: _Asked) -> Route:
    most_context = team_model.max_context_tokens if team_model else None
    most_output = team_model.max_output_tokens if team_model else None
    chosen = asked.wanted.effort if asked.wanted.effort in model.efforts else None
    parameters, effort = decided(model.parameters, asked.agent.parameters if asked.agent else {}, chosen=chosen)
    provider_key = model.provider.provider_key
    strategy = switching.strategy_for(provider_key, model.model_id, asked.rules) if asked.switch else None
    context_window = _smaller(model.context_window, most_context)
    library = _library(asked, context_window)
    return Route(
        model_id=model.pk,
        model_name=model.display_name,
        provider_id=model.provider_id,
        provider_name=model.provider.name,
        provider_key=provider_key,
        provider_model=model.model_id,
        base_url=model.provider.base_url or None,
        options=model.provider.options,
        token=token,
        context_window=context_window,
        max_output_tokens=_smaller(model.max_output_tokens, most_output),
        capabilities=frozenset(model.capabilities),
        prices=Prices(model.input_price, model.output_price, model.cached_input_price),
        parameters=capped(parameters, most_output),
        effort=effort,
        prompt=_compose(asked, provider_key, strategy, library),
        tools=asked.tools if CALLS_TOOLS in model.capabilities else (),
        strategy=strategy,
        library=library,
    )


def _smaller(own: int | None, teams: int | None) -> int | None:
    """None is no limit."""
    return min((limit for limit in (own, teams) if limit is not None), default=None)


def _library(asked: _Asked, context_window: int | None) -> documents.Choice | None:
    library_id = asked.agent.library_id if asked.agent else None
    if library_id is None:
        return None
    shelf = asked.known.get(("library", library_id), lambda: selectors.shelf(library_id))
    if shelf is None:
        return None
    return documents.choose(shelf, context_window=context_window, percent=settings.LIBRARY_CONTEXT_PERCENT)


def _library_layer(known: Remembered, library: documents.Choice) -> Layer:
    """Remembered by what is in it: models with windows of several sizes often get the same."""
    ids = [document.id for document in library.included]
    text = known.get(("documents", *ids), lambda: selectors.written_documents(ids)) if ids else ""
    return Layer(Level.LIBRARY, text, f"library:{library.shelf.id}")


def _compose(
    asked: _Asked, provider_key: str, strategy: switching.Strategy | None, library: documents.Choice | None
) -> Composed:
    agent, user, team = asked.agent, asked.membership.user, asked.membership.team
    layers = asked.layers
    if asked.switch is not None and strategy is not None:
        layers = _with_switch(layers, asked.switch, strategy)
    if library is not None:
        layers = [*layers, _library_layer(asked.known, library)]
    values = variables(user, team_name=team.name, agent_name=agent.name if agent else "")
    return replace(compose(layers, values, style_for(provider_key)), is_kept=asked.wanted.keeps_prompt)


def variables(user: User, *, team_name: str, agent_name: str) -> dict[str, str]:
    """The values of `instructions.VARIABLES` at this moment."""
    return {
        "user_name": user.get_short_name(),
        "user_language": user.language,
        "team_name": team_name,
        "agent_name": agent_name,
        "date": timezone.localdate().isoformat(),
    }


def _with_switch(layers: list[Layer], switch: switching.AgentSwitch, strategy: switching.Strategy) -> list[Layer]:
    """The agent's layer said in the words that turn this model family round; one is added when the agent was removed."""
    own = next((layer for layer in layers if layer.level is Level.AGENT), Layer(Level.AGENT, "", "no-agent"))
    text = switching.render(switch, own.text, strategy)
    rest = [layer for layer in layers if layer.level is not Level.AGENT]
    return [*rest, Layer(Level.AGENT, text, own.source, own.revision)]
