"""Reads of AI Studio's tables that the gateway builds on: each a fixed, small number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from ai_studio import documents
from ai_studio.instructions import Layer, Level
from ai_studio.models import (
    Agent,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Membership,
    ProviderToken,
    SwitchRule,
    TeamModel,
)
from ai_studio.resolution import ModelFacts
from ai_studio.switching import Rule, Strategy


@dataclass(frozen=True, slots=True)
class TeamCatalogue:
    """What a team's resolution looks at: the models in question, what decides on each, and the tokens in their order."""

    models: dict[str, LanguageModel]
    facts: dict[str, ModelFacts]
    team_models: dict[str, TeamModel]
    """By model id, for those that are the team's: the team's limits are there."""
    tokens: dict[str, list[ProviderToken]]
    """By provider id, the team's own first, then the platform's, each by priority."""


def get_membership(user_id: str, team_id: str) -> Membership | None:
    """With its user and team loaded."""
    return Membership.objects.select_related("user", "team").filter(user_id=user_id, team_id=team_id).first()


def get_agent(team_id: str, agent_id: str) -> Agent | None:
    """An enabled agent of the team."""
    return Agent.objects.filter(pk=agent_id, team_id=team_id, is_enabled=True).first()


def team_catalogue(team_id: str, named_model_ids: Iterable[str] = ()) -> TeamCatalogue:
    """The team's models, and those named beside them. Three queries, two when all named ones are the team's."""
    team_models = {
        row.model_id: row for row in TeamModel.objects.filter(team_id=team_id).select_related("model__provider")
    }
    models = {model_id: row.model for model_id, row in team_models.items()}
    if missing := set(named_model_ids) - models.keys():
        models |= LanguageModel.objects.select_related("provider").in_bulk(missing)
    tokens = _tokens_by_provider(team_id, {model.provider_id for model in models.values()})
    facts = {
        model.pk: _facts(model, team_models.get(model.pk), has_token=bool(tokens.get(model.provider_id)))
        for model in models.values()
    }
    return TeamCatalogue(models, facts, team_models, tokens)


def instruction_layers(user_id: str, team_id: str, agent: Agent | None) -> list[Layer]:
    """The enabled layers that apply, the agent's included. One query."""
    rows = Instructions.objects.filter(
        Q(level=Instructions.Level.PLATFORM) | Q(team_id=team_id) | Q(user_id=user_id), is_enabled=True
    )
    layers = []
    for row in rows:
        source = f"instructions:{row.pk}"
        layers.append(Layer(Level(row.level), row.text, source, row.revision))
        layers.append(Layer(Level.SAFETY, row.safety, source, row.revision))
    if agent is not None:
        layers.append(Layer(Level.AGENT, agent.instructions, f"agent:{agent.pk}", agent.revision))
    return [layer for layer in layers if layer.text.strip()]


def shelf(library_id: str) -> documents.Shelf | None:
    """A library and what it holds, without the texts. Two queries."""
    library = Library.objects.filter(pk=library_id).first()
    if library is None:
        return None
    rows = Document.objects.filter(library=library, state=Document.State.READY).values_list("pk", "name", "tokens")
    ordered = sorted(rows, key=lambda row: (row[1].casefold(), row[1]))
    return documents.Shelf(
        library.pk, library.name, library.max_tokens, tuple(documents.listed(*row) for row in ordered)
    )


def written_documents(document_ids: Sequence[str]) -> str:
    """The section of a prompt that holds these, in this order. One query."""
    rows = Document.objects.only("pk", "name", "text").in_bulk(document_ids)
    found = [rows[document_id] for document_id in document_ids if document_id in rows]
    return documents.written((row.pk, row.name, row.text) for row in found)


def switch_rules() -> list[Rule]:
    """The platform's own, in their order."""
    rows = SwitchRule.objects.order_by("position", "pk")
    return [(row.provider_key, row.model_pattern, Strategy(row.strategy)) for row in rows]


def _tokens_by_provider(team_id: str, provider_ids: set[str]) -> dict[str, list[ProviderToken]]:
    rows = ProviderToken.objects.filter(
        Q(team_id=team_id) | Q(team__isnull=True), provider_id__in=provider_ids, is_enabled=True
    )
    tokens: dict[str, list[ProviderToken]] = {}
    for token in sorted(rows, key=lambda row: (row.team_id is None, row.priority, row.created_at)):
        tokens.setdefault(token.provider_id, []).append(token)
    return tokens


def _facts(model: LanguageModel, team_model: TeamModel | None, *, has_token: bool) -> ModelFacts:
    return ModelFacts(
        id=model.pk,
        name=model.display_name,
        is_enabled=model.is_enabled,
        is_active=model.status == LanguageModel.Status.ACTIVE,
        is_provider_enabled=model.provider.is_enabled,
        is_enabled_for_team=team_model is not None and team_model.is_enabled,
        has_token=has_token,
        is_team_default=team_model is not None and team_model.is_default,
        priority=team_model.priority if team_model else 0,
    )
