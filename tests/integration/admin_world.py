"""One world for the tests of the admin: two teams with one of everything each, the platform, and six kinds of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ai_studio import services
from ai_studio.ids import new_id
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
    SwitchRule,
    Team,
    User,
)
from chat.models import Generation, Schedule, Session
from tests.factories import (
    enable,
    join,
    make_agent,
    make_message,
    make_model,
    make_prompt,
    make_provider,
    make_schedule,
    make_session,
    make_team,
    make_user,
)
from tests.integration.libraries import make_library

Role = Membership.Role
FOREIGN = "Quarantine"
"""Begins the name of everything that belongs to the other team or the platform: it must not be seen by the team."""


@dataclass(frozen=True)
class World:
    """`rows` are the team's, `foreign` the other team's, `platform` the platform's: by model."""

    people: dict[str, Any]
    team: Team
    other_team: Team
    provider: Provider
    model: LanguageModel
    rows: dict[type[Model], Any]
    foreign: dict[type[Model], Any]
    platform: dict[type[Model], Any]


def make_world() -> World:
    team, other = make_team("Research"), make_team(f"{FOREIGN} team")
    people: dict[str, Any] = {
        "platform admin": make_user("Root", is_superuser=True, is_staff=True),
        "owner": make_user("Alice"),
        "team admin": make_user("Adam"),
        "member": make_user("Bob"),
        "stranger": make_user(f"{FOREIGN}Charlie"),
        "anonymous": AnonymousUser(),
    }
    for name, role in (("owner", Role.OWNER), ("team admin", Role.ADMIN), ("member", Role.MEMBER)):
        join(people[name], team, role)
    join(people["stranger"], other, Role.OWNER)
    provider = make_provider(name="Visible provider", base_url=f"http://{FOREIGN}-address.example.com/v1")
    model = make_model(provider, display_name="Visible model")
    unseen = make_model(make_provider(name=f"{FOREIGN} provider", is_enabled=False), display_name=f"{FOREIGN} model")
    for each in (team, other):
        enable(model, each, is_default=True)
    return World(
        people,
        team,
        other,
        provider,
        model,
        rows=_rows_of(team, people["owner"], model, "Own"),
        foreign=_rows_of(other, people["stranger"], model, FOREIGN),
        platform={
            Instructions: Instructions.objects.create(level="platform", text=f"{FOREIGN} platform text"),
            ProviderToken: _token(provider, None, f"{FOREIGN} platform token"),
            Provider: provider,
            LanguageModel: unseen,
            SwitchRule: SwitchRule.objects.create(model_pattern=f"{FOREIGN}*", strategy="simple"),
            SecurityEvent: SecurityEvent.objects.latest("pk"),
            LegalHold: LegalHold.objects.create(user=people["stranger"], reason=f"{FOREIGN} case", placed_by="root"),
        },
    )


def _token(provider: Provider, team: Team | None, label: str) -> ProviderToken:
    token = ProviderToken(provider=provider, team=team, label=label)
    return services.set_provider_token(token=token, value=f"sk-{new_id()}", by=None)


def _rows_of(team: Team, user: User, model: LanguageModel, name: str) -> dict[type[Model], Any]:
    session = make_session(user, team=team, title=f"{FOREIGN} title")
    message = make_message(session, f"{FOREIGN} words", role="assistant")
    return {
        Team: team,
        User: user,
        Agent: make_agent(team, name=f"{name} agent"),
        Library: make_library(team, name=f"{name} library"),
        SavedPrompt: make_prompt(team, title=f"{name} prompt", text=f"{name} text about {{topic}}"),
        Instructions: Instructions.objects.create(level="team", team=team, text=f"{name} text"),
        ProviderToken: _token(model.provider, team, f"{name} token"),
        Membership: Membership.objects.get(team=team, user=user),
        Session: session,
        Generation: Generation.objects.create(id=new_id(), session=session, message=message, user=user),
        Schedule: make_schedule(
            user, team=team, name=f"{FOREIGN} schedule", prompt=f"{FOREIGN} question", next_at=None
        ),
        Prompt: Prompt.objects.create(hash=f"{name}-hash", text=f"{name} prompt"),
        Invitation: Invitation.objects.create(
            team=team, email=f"{name.lower()}-guest@example.com", digest=new_id(), expires_at=timezone.now()
        ),
        Completion: Completion.objects.create(user=user, team=team, model=model, requested_model=f"{name} call"),
    }


def client_of(user: User | AnonymousUser) -> Client:
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(page: str, row: Model | type[Model]) -> str:
    """`page`: changelist, add, change, delete or history."""
    arguments = [row.pk] if isinstance(row, Model) else []
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=arguments)


def outcome(client: Client, path: str) -> str:
    """What a person finds at an address: open, refused, hidden (as if it did not exist) or sign in."""
    response = client.get(path)
    while response.status_code == 302:
        target = response.headers["Location"]
        if urlsplit(target).path.startswith("/accounts/login/"):
            return "sign in"
        if urlsplit(target).path == reverse("admin:index"):
            return "hidden"
        response = client.get(target)
    return {200: "open", 403: "refused"}[response.status_code]
