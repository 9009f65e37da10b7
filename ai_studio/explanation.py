"""What a person can use in a team, and why: the same facts and the same resolution as an answer's, told step by step."""

from __future__ import annotations

from dataclasses import dataclass

from ai_studio import cooldown, selectors
from ai_studio.authorization import sees_agent
from ai_studio.models import Agent, LanguageModel, Membership, ProviderToken
from ai_studio.resolution import ModelFacts, Resolution, Verdict, in_team_order, resolve

MAX_OTHERS = 200
"""Models of the catalogue that are not the team's. More are only counted."""


@dataclass(frozen=True, slots=True)
class ExplainedModel:
    """`position`: in the team's order, from 1; 0 for a model that is not enabled for the team."""

    model: LanguageModel
    facts: ModelFacts
    verdict: Verdict
    position: int
    tokens: tuple[ProviderToken, ...]
    is_resting: bool
    """A failure a moment ago: other ways are tried first."""


@dataclass(frozen=True, slots=True)
class ExplainedAgent:
    agent: Agent
    is_visible: bool
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Explanation:
    membership: Membership
    resolution: Resolution
    """With nothing chosen."""
    models: tuple[ExplainedModel, ...]
    others: tuple[ExplainedModel, ...]
    """In use in the catalogue, and not the team's."""
    others_left_out: int
    agents: tuple[ExplainedAgent, ...]


def explain(membership: Membership) -> Explanation:
    """A fixed number of queries, however many models there are."""
    team_id = membership.team_id
    elsewhere = LanguageModel.objects.filter(is_enabled=True, provider__is_enabled=True).exclude(
        team_models__team_id=team_id
    )
    other_ids = list(elsewhere.order_by("display_name").values_list("pk", flat=True)[: MAX_OTHERS + 1])
    left_out = elsewhere.count() - MAX_OTHERS if len(other_ids) > MAX_OTHERS else 0
    agents = list(Agent.objects.filter(team_id=team_id).order_by("name"))
    preferred = membership.preferred_model_id
    named = {*other_ids[:MAX_OTHERS], *(agent.model_id for agent in agents), preferred} - {None}
    catalogue = selectors.team_catalogue(team_id, [each for each in named if each])
    facts = catalogue.facts
    ranked = [each.id for each in in_team_order(facts.values())]
    position = {model_id: number for number, model_id in enumerate(ranked, start=1)}
    resting = cooldown.cooling(
        [token.pk for tokens in catalogue.tokens.values() for token in tokens] + list(catalogue.tokens)
    )
    explained = [_explained(catalogue, each, position.get(each.id, 0), resting) for each in facts.values()]
    explained.sort(key=lambda each: (not each.position, each.position, each.facts.name))
    others = set(other_ids)
    return Explanation(
        membership,
        resolve(facts, preference=preferred),
        tuple(each for each in explained if each.facts.id not in others),
        tuple(each for each in explained if each.facts.id in others),
        left_out,
        tuple(
            ExplainedAgent(
                agent, sees_agent(membership, agent), resolve(facts, agent=agent.model_id, preference=preferred)
            )
            for agent in agents
        ),
    )


def _explained(
    catalogue: selectors.TeamCatalogue, facts: ModelFacts, position: int, resting: set[str]
) -> ExplainedModel:
    model = catalogue.models[facts.id]
    tokens = tuple(catalogue.tokens.get(model.provider_id, ()))
    is_resting = model.provider_id in resting or (bool(tokens) and all(token.pk in resting for token in tokens))
    return ExplainedModel(model, facts, facts.verdict(), position, tokens, is_resting)
