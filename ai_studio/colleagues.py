"""Who works in a team, as its members see one another."""

from __future__ import annotations

from dataclasses import dataclass

from ai_studio.models import User

NAME_CHARACTERS = 150


@dataclass(frozen=True, slots=True)
class Colleague:
    id: str
    name: str
    """Their e-mail address, where they gave no name."""
    email: str


def of_team(team_id: str) -> list[Colleague]:
    """By name; without those whose account is disabled."""
    members = User.objects.filter(memberships__team_id=team_id, is_active=True).order_by("name", "email")
    return list(map(of, members))


def in_team(team_id: str, user_id: str) -> Colleague | None:
    """None: no such person in it."""
    found = User.objects.filter(memberships__team_id=team_id, is_active=True, pk=user_id).first()
    return of(found) if found else None


def name_of(user_id: str) -> str:
    """Of anybody, also of one who has left; "?" where the account is gone."""
    user = User.objects.filter(pk=user_id).only("name", "email").first()
    return _name(user) if user else "?"


def _name(user: User) -> str:
    return (user.name or user.email)[:NAME_CHARACTERS]


def of(user: User) -> Colleague:
    """As their colleagues see them."""
    return Colleague(user.pk, _name(user), user.email)
