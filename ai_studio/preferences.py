"""What a person begins new chats with, in each of their teams: kept on the membership."""

from __future__ import annotations

from dataclasses import dataclass

from ai_studio import selectors
from ai_studio.authorization import sees_agent
from ai_studio.models import Agent, LanguageModel, Membership, Team
from ai_studio.resolution import Verdict, in_team_order


@dataclass(frozen=True, slots=True)
class TeamPreference:
    """`model`, `agent`: what the person has chosen, None where nothing; they may not be usable any more."""

    team: Team
    model: LanguageModel | None
    agent: Agent | None


@dataclass(frozen=True, slots=True)
class TeamChoices:
    """What can be chosen now: (id, name), in the team's order."""

    preference: TeamPreference
    models: tuple[tuple[str, str], ...]
    agents: tuple[tuple[str, str], ...]


def team_preferences(user_id: str) -> list[TeamPreference]:
    """One query; by the team's name."""
    return [_preference(membership) for membership in _memberships(user_id)]


def team_choices(user_id: str) -> list[TeamChoices]:
    """A handful of queries for each team."""
    return [_choices(membership) for membership in _memberships(user_id)]


def prefer(user_id: str, team_id: str, **chosen: str | None) -> None:
    """Sets `model`, `agent`, or both: ids that the person may use in the team, None for nothing. Whoever calls has looked."""
    membership = Membership.objects.get(user_id=user_id, team_id=team_id)
    fields = [f"preferred_{kind}" for kind in chosen]
    for kind, object_id in chosen.items():
        setattr(membership, f"preferred_{kind}_id", object_id)
    membership.save(update_fields=fields)


def forget(user_id: str) -> None:
    """In no team anything is chosen any more."""
    Membership.objects.filter(user_id=user_id).update(preferred_model=None, preferred_agent=None)


def _memberships(user_id: str) -> list[Membership]:
    rows = Membership.objects.filter(user_id=user_id).order_by("team__name")
    return list(rows.select_related("user", "team", "preferred_model", "preferred_agent"))


def _preference(membership: Membership) -> TeamPreference:
    return TeamPreference(membership.team, membership.preferred_model, membership.preferred_agent)


def _choices(membership: Membership) -> TeamChoices:
    facts = in_team_order(selectors.team_catalogue(membership.team_id).facts.values())
    models = tuple((one.id, one.name) for one in facts if one.verdict() is Verdict.CHOSEN)
    enabled = Agent.objects.filter(team=membership.team, is_enabled=True).order_by("name")
    agents = tuple((agent.pk, agent.name) for agent in enabled if sees_agent(membership, agent))
    return TeamChoices(_preference(membership), models, agents)
