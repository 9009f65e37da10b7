"""Who may do what with which object. Every door asks here; no door has a rule of its own.

There are three kinds of people: platform admins (`is_superuser`) see and change everything; owners and admins of a
team see and change what belongs to it; members use it. What somebody may not see does not exist for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from ai_studio.instructions import Level
from ai_studio.models import (
    Agent,
    Completion,
    Instructions,
    Invitation,
    LanguageModel,
    LegalHold,
    Library,
    Membership,
    Prompt,
    Provider,
    ProviderToken,
    SavedPrompt,
    SecurityEvent,
    Team,
    TeamModel,
    User,
)

Person = User | AnonymousUser


class Action(StrEnum):
    VIEW = "view"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"


_EVERYTHING = frozenset(Action)

# Made and taken back, never changed: the link of an invitation has been sent, and what a hold was for must stay provable.
_ONCE_MADE = frozenset({Action.VIEW, Action.ADD, Action.DELETE})

# How each model's rows name their team. Rows of other models, and rows without a team, are the platform's alone.
_TEAM_OF: Mapping[type[Model], str] = {
    Team: "id",
    Agent: "team_id",
    Instructions: "team_id",
    Invitation: "team_id",
    Library: "team_id",
    Membership: "team_id",
    ProviderToken: "team_id",
    SavedPrompt: "team_id",
    TeamModel: "team_id",
}
_BY_TEAM_ADMINS: Mapping[type[Model], frozenset[Action]] = {
    **dict.fromkeys(_TEAM_OF, _EVERYTHING),
    Team: frozenset({Action.VIEW, Action.CHANGE}),
    Invitation: _ONCE_MADE,
}
# The ledger and its prompts are written by the gateway and by nobody else, the security log by what happens.
_BY_PLATFORM_ADMINS: Mapping[type[Model], frozenset[Action]] = {
    **dict.fromkeys((Completion, Prompt, SecurityEvent), frozenset({Action.VIEW})),
    Invitation: _ONCE_MADE,
    LegalHold: _ONCE_MADE,
}
# Where a row without a team is a person's own. It is for nobody else to see, platform admins included.
_PRIVATE_WITHOUT_A_TEAM = frozenset({SavedPrompt})


@dataclass(frozen=True, slots=True)
class Authority:
    """What a person may administer at this moment. Roles change: keep it for one request and no longer.

    `team_ids` are the teams of which a person who is no platform admin is an owner or an admin.
    """

    is_platform: bool
    team_ids: frozenset[str]

    @property
    def is_any(self) -> bool:
        return self.is_platform or bool(self.team_ids)

    def over_team(self, team_id: str | None) -> bool:
        """`team_id` None: what belongs to no team is the platform's."""
        return self.is_platform or team_id in self.team_ids

    def visible(self, model: type[Model]) -> QuerySet[Model]:
        """The rows that an administrator may see. All others look as if they were not there."""
        rows: QuerySet[Model] = model._default_manager.all()
        if model in _PRIVATE_WITHOUT_A_TEAM:
            rows = rows.filter(**{f"{_TEAM_OF[model]}__isnull": False})
        if self.is_platform:
            return rows
        return rows.filter(**{f"{_TEAM_OF[model]}__in": self.team_ids}) if model in _TEAM_OF else rows.none()

    def choosable(self, model: type[Model]) -> QuerySet[Model]:
        """The rows that an own one may refer to: those visible, and of the catalogue what is in use."""
        if not self.is_platform and self.is_any:
            if model is Provider:
                return Provider.objects.filter(is_enabled=True)
            if model is LanguageModel:
                return LanguageModel.objects.filter(is_enabled=True, provider__is_enabled=True)
        return self.visible(model)

    def may(self, action: Action, model: type[Model], row: Model | None = None) -> bool:
        """Whether `action` may be done with `row`, or with some row of `model` when `row` is None."""
        if row is not None and model in _PRIVATE_WITHOUT_A_TEAM and getattr(row, _TEAM_OF[model]) is None:
            return False
        if self.is_platform:
            return action in _BY_PLATFORM_ADMINS.get(model, _EVERYTHING)
        if action not in _BY_TEAM_ADMINS.get(model, ()):
            return False
        return self.is_any if row is None else self.over_team(getattr(row, _TEAM_OF[model]))


def authority_of(person: Person) -> Authority:
    """One query; none for a platform admin or somebody who has not signed in."""
    if not person.is_active:
        return Authority(is_platform=False, team_ids=frozenset())
    if person.is_superuser:
        return Authority(is_platform=True, team_ids=frozenset())
    roles = Membership.objects.filter(user=person.pk, role__in=Membership.ADMIN_ROLES)
    return Authority(is_platform=False, team_ids=frozenset(roles.values_list("team_id", flat=True)))


def may_enter_admin(person: Person) -> bool:
    return authority_of(person).is_any


def is_member(person: Person, team_id: str) -> bool:
    return person.is_active and Membership.objects.filter(user=person.pk, team=team_id).exists()


def sees_agent(membership: Membership, agent: Agent) -> bool:
    """Whether a member may use an agent that is enabled: a draft is for the team's admins."""
    if agent.team_id != membership.team_id:
        return False
    return agent.visibility == Agent.Visibility.TEAM or membership.role in Membership.ADMIN_ROLES


def readable_prompts(user_id: str, team_id: str | None) -> QuerySet[SavedPrompt]:
    """The saved prompts that a person may put into a message: one's own, and those of the team that one works in."""
    of_the_team = Q(team_id=team_id, team__memberships__user_id=user_id)
    return SavedPrompt.objects.filter(Q(user_id=user_id) | of_the_team)


def unreadable_levels(person: Person, of_user: str) -> frozenset[Level]:
    """The levels of a prompt made for `of_user` whose texts are not the person's to read.

    A person's own instructions, those of their folders, and what is remembered of them are private among members, and the platform's belong to its admins.
    """
    if person.is_active and person.is_superuser:
        return frozenset()
    platforms = frozenset({Level.PLATFORM, Level.SAFETY})
    return platforms if person.pk == of_user else platforms | {Level.FOLDER, Level.USER, Level.MEMORY}


def grantable_roles(person: Person, team_id: str) -> frozenset[str]:
    """The roles that a person may give and take in a team: a team admin does not make or unmake owners."""
    if not person.is_active:
        return frozenset()
    if person.is_superuser:
        return frozenset(Membership.Role)
    own = Membership.objects.filter(user=person.pk, team=team_id).values_list("role", flat=True).first()
    if own == Membership.Role.OWNER:
        return frozenset(Membership.Role)
    return frozenset({Membership.Role.ADMIN, Membership.Role.MEMBER}) if own == Membership.Role.ADMIN else frozenset()
