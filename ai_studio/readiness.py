"""What is missing before somebody can send a first message: for the guide on the overview and for the system checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ai_studio.authorization import authority_of
from ai_studio.models import Completion, LanguageModel, Membership, Provider, ProviderToken, Team, TeamModel, User


@dataclass(frozen=True, slots=True)
class Step:
    """`page`: the name of the address where it is done, with its `arguments`. `about`: what is missing, and what to do."""

    code: str
    title: str
    about: str
    is_done: bool
    page: str
    arguments: tuple[str, ...] = ()


def steps_of_platform() -> list[Step]:
    """In the order in which they are taken. A handful of queries, however much there is."""
    providers = Provider.objects.filter(is_enabled=True)
    tokens = ProviderToken.objects.filter(is_enabled=True, provider__is_enabled=True)
    return [
        Step(
            "provider",
            "Connect a provider",
            "No provider is enabled. A provider says where models are reached.",
            providers.exists(),
            "admin:ai_studio_provider_changelist" if Provider.objects.exists() else "admin:ai_studio_provider_add",
        ),
        Step(
            "token",
            "Add its token",
            "No enabled provider has a token. Paste the key that the provider gave you; it is stored encrypted.",
            tokens.exists(),
            "admin:ai_studio_providertoken_add",
        ),
        Step(
            "model",
            "Choose a model",
            "No model is enabled at a provider that has a token.",
            _usable_models().exists(),
            "admin:ai_studio_languagemodel_changelist"
            if LanguageModel.objects.exists()
            else "admin:ai_studio_languagemodel_add",
        ),
        *_steps_of_teams(Team.objects.all()),
    ]


def steps_for(person: User) -> list[Step]:
    """What an administrator sees: the platform's steps or those of the own teams, and the last ones, which are personal."""
    authority = authority_of(person)
    steps = steps_of_platform() if authority.is_platform else []
    if not authority.is_platform:
        steps += _steps_of_teams(Team.objects.filter(pk__in=authority.team_ids))
    own = Team.objects.filter(memberships__user=person)
    steps += _own_place(person, own)
    steps.append(
        Step(
            "message",
            "Write the first message",
            "Everything is ready: open the chat.",
            Completion.objects.filter(user=person).exists(),
            "chat:page",
        )
    )
    return steps


def _steps_of_teams(teams: QuerySet[Team]) -> Iterator[Step]:
    peopled = teams.filter(Exists(Membership.objects.filter(team=OuterRef("pk"))))
    first = peopled.order_by("created_at").first() or teams.order_by("created_at").first()
    page, arguments = ("admin:ai_studio_team_change", (first.pk,)) if first else ("admin:ai_studio_team_add", ())
    yield Step(
        "team",
        "Make a team",
        "Nobody is in a team. Models are used in teams, and whoever makes one is its first owner.",
        peopled.exists(),
        page,
        arguments,
    )
    yield Step(
        "team_model",
        "Enable a model for the team",
        "No team with somebody in it may use a model that has a token.",
        peopled.filter(Exists(_usable_by_team().filter(team=OuterRef("pk")))).exists(),
        page,
        arguments,
    )


def _own_place(person: User, own: QuerySet[Team]) -> Iterator[Step]:
    """Only for those who set up for others and stand outside themselves."""
    if own.exists():
        return
    first = Team.objects.order_by("created_at").first()
    if first is not None:
        yield Step(
            "own_place",
            "Join a team yourself",
            f"You are in no team. Add {person.email} to the members of one to try it out.",
            False,
            "admin:ai_studio_team_change",
            (first.pk,),
        )


def _usable_models() -> QuerySet[LanguageModel]:
    token = ProviderToken.objects.filter(provider=OuterRef("provider"), is_enabled=True)
    active = LanguageModel.Status.ACTIVE
    return LanguageModel.objects.filter(Exists(token), is_enabled=True, status=active, provider__is_enabled=True)


def _usable_by_team() -> QuerySet[TeamModel]:
    """With a token of the same team or of the platform."""
    owned = Q(team__isnull=True) | Q(team=OuterRef("team"))
    token = ProviderToken.objects.filter(owned, provider=OuterRef("model__provider"), is_enabled=True)
    return TeamModel.objects.filter(
        Exists(token),
        is_enabled=True,
        model__is_enabled=True,
        model__status=LanguageModel.Status.ACTIVE,
        model__provider__is_enabled=True,
    )
