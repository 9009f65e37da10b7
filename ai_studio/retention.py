"""How long the chats of a team are kept: who may say so, and what is said. Deleting them is `chat`'s."""

from __future__ import annotations

from dataclasses import dataclass

from ai_studio.authorization import authority_of
from ai_studio.models import Team, User
from ai_studio.offer import active_membership

LONGEST = Team.LONGEST_RETENTION


@dataclass(frozen=True, slots=True)
class Retention:
    """`days` after the last activity; None: for ever."""

    team_id: str
    team_name: str
    days: int | None


def retention_for(user_id: str, team_id: str) -> Retention | None:
    """For who administers the team; None for everybody else, as for a team that does not exist."""
    user = User.objects.filter(pk=user_id).first()
    team = Team.objects.filter(pk=team_id).first()
    if user is None or team is None or not authority_of(user).over_team(team.pk):
        return None
    return Retention(team.pk, team.name, team.retention_days)


def set_retention(team_id: str, days: int | None) -> None:
    """`days`: 1 to LONGEST, which the database checks. Saved as a row, so that the history has it."""
    team = Team.objects.get(pk=team_id)
    team.retention_days = days
    team.save(update_fields=["retention_days"])


def retention_where_active(user_id: str) -> int | None:
    """The days for which the team keeps chats in which the user's new ones are; None: for ever, or no team."""
    membership = active_membership(user_id)
    return membership.team.retention_days if membership else None
