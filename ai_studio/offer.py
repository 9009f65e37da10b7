"""What a person may use now, for pickers: teams, models with prices, agents with starters."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ai_studio import selectors
from ai_studio.authorization import may_enter_admin, sees_agent
from ai_studio.models import Agent, LanguageModel, Membership, Team, User
from ai_studio.planning import NotAMember
from ai_studio.resolution import Resolution, Verdict, in_team_order, resolve


@dataclass(frozen=True, slots=True)
class Offer:
    """`team` is None for somebody without a team. `models` are those that can be used now, in the team's order."""

    user_name: str
    email: str
    may_enter_admin: bool
    team: Team | None
    teams: tuple[Team, ...]
    models: tuple[LanguageModel, ...]
    default_model_id: str | None
    agents: tuple[Agent, ...]
    preferred_agent_id: str | None
    resolution: Resolution

    def models_json(self) -> list[dict[str, Any]]:
        return [
            {
                "id": model.pk,
                "name": model.display_name,
                "provider": model.provider.name,
                "is_default": model.pk == self.default_model_id,
                "capabilities": model.capabilities,
                "efforts": model.efforts,
                "context_window": model.context_window,
                "input_price": _price(model.input_price),
                "output_price": _price(model.output_price),
            }
            for model in self.models
        ]

    def agents_json(self) -> list[dict[str, Any]]:
        return [
            {
                "id": agent.pk,
                "name": agent.name,
                "description": agent.description,
                "icon": agent.icon,
                "starters": agent.starters,
                "model": agent.model_id,
                "is_default": agent.pk == self.preferred_agent_id,
            }
            for agent in self.agents
        ]


def active_membership(user_id: str) -> Membership | None:
    """The membership in the user's active team, else in the first that the user joined."""
    memberships = Membership.objects.select_related("user", "team").filter(user_id=user_id).order_by("created_at", "pk")
    rows = list(memberships)
    return next((row for row in rows if row.team_id == row.user.active_team_id), rows[0] if rows else None)


def offer(user_id: str, team_id: str | None = None) -> Offer:
    """Of a team, or of the active one. A handful of queries, whatever the number of models.

    Raises NotAMember where the user is none of the team that is named, or there is no such team.
    """
    user = User.objects.get(pk=user_id)
    person = (user.name, user.email, may_enter_admin(user))
    teams = tuple(Team.objects.filter(memberships__user=user).order_by("name"))
    membership = active_membership(user.pk) if team_id is None else selectors.get_membership(user.pk, team_id)
    if membership is None:
        if team_id is not None:
            raise NotAMember
        return Offer(*person, None, teams, (), None, (), None, Resolution(None, ()))
    team = membership.team
    catalogue = selectors.team_catalogue(team.pk)
    resolution = resolve(catalogue.facts, preference=membership.preferred_model_id)
    usable = [facts for facts in in_team_order(catalogue.facts.values()) if facts.verdict() is Verdict.CHOSEN]
    enabled = Agent.objects.filter(team=team, is_enabled=True).order_by("name")
    agents = tuple(agent for agent in enabled if sees_agent(membership, agent))
    models = tuple(catalogue.models[facts.id] for facts in usable)
    preferred_agent = membership.preferred_agent_id
    return Offer(*person, team, teams, models, resolution.model_id, agents, preferred_agent, resolution)


def _price(value: Decimal | None) -> str | None:
    """Decimal text without needless zeros, but with cents: "0.15", "3.00"."""
    if value is None:
        return None
    text = f"{value:.6f}".rstrip("0")
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents.ljust(2, '0')}"
