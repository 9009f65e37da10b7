"""Sows the seeds. Each is sown once: what an admin changed, disabled or deleted since then stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from ai_studio import revisions, seeds, services
from ai_studio.llm.catalogue import CatalogueModel, catalogue
from ai_studio.llm.efforts import USUAL
from ai_studio.models import (
    Agent,
    Instructions,
    LanguageModel,
    Membership,
    Provider,
    ProviderToken,
    SavedPrompt,
    Seed,
    Team,
    TeamModel,
    User,
)

M = TypeVar("M", bound=Model)


@transaction.atomic
def sow_basics() -> None:
    """Platform instructions, and three providers with their current models. No token: these are for an admin to enter."""
    _sow("instructions:platform", Instructions, _platform_instructions)
    known = {(each.provider, each.model): each for each in catalogue([seed.provider_key for seed in seeds.PROVIDERS])}
    for seed in seeds.PROVIDERS:
        provider = _sow(f"provider:{seed.name}", Provider, partial(_provider, seed.name, seed.provider_key))
        for model_id, name in seed.models.items():
            entry = known.get((seed.provider_key, model_id))
            if provider is not None and entry is not None:
                key = f"model:{seed.name}:{model_id}"
                _sow(key, LanguageModel, partial(_catalogued, provider, entry, name))


@transaction.atomic
def sow_demo(*, emulator_url: str, password: str) -> None:
    """The emulator as three providers, two teams, people and agents.

    The emulator's providers follow `emulator_url` on every run. An empty `password` leaves the people without one:
    they can't sign in until an admin gives them one.
    """
    for seed in seeds.EMULATORS:
        _sow_emulator(seed, emulator_url.rstrip("/"))
    users = {seed.email: _sow(f"demo:user:{seed.email}", User, partial(_user, seed, password)) for seed in seeds.USERS}
    teams = [_sow_team(seed, users) for seed in seeds.TEAMS]
    if teams[0] is not None:
        _sow_platform_admins(teams[0])


def _sow(key: str, model: type[M], make: Callable[[], M]) -> M | None:
    """What `make` made for `key`, now or in an earlier run; None when it has been deleted since."""
    sown = Seed.objects.filter(pk=key).first()
    if sown is not None:
        return model._default_manager.filter(pk=sown.object_id).first()
    made = make()
    Seed.objects.create(key=key, object_id=made.pk)
    return made


def _platform_instructions() -> Instructions:
    text = {"text": seeds.PLATFORM_TEXT, "safety": seeds.PLATFORM_SAFETY}
    return Instructions.objects.get_or_create(level=Instructions.Level.PLATFORM, defaults=text)[0]


def _provider(name: str, provider_key: str, base_url: str = "") -> Provider:
    wanted = {"provider_key": provider_key, "base_url": base_url}
    return Provider.objects.get_or_create(name=name, defaults=wanted)[0]


def _catalogued(provider: Provider, entry: CatalogueModel, name: str) -> LanguageModel:
    known = {
        "display_name": name,
        "context_window": entry.context_window,
        "max_output_tokens": entry.max_output_tokens,
        "input_price": entry.input_price,
        "output_price": entry.output_price,
        "cached_input_price": entry.cached_input_price,
        "capabilities": sorted(entry.capabilities),
        "efforts": list(entry.efforts),
    }
    return LanguageModel.objects.get_or_create(provider=provider, model_id=entry.model, defaults=known)[0]


def _sow_emulator(seed: seeds.EmulatorSeed, url: str) -> None:
    address = f"{url}{seed.path}"
    make = partial(_provider, seed.name, seed.provider_key, address)
    provider = _sow(f"demo:provider:{seed.name}", Provider, make)
    if provider is None:
        return
    # The emulator is on another port after every start.
    Provider.objects.filter(pk=provider.pk).exclude(base_url=address).update(base_url=address)
    _sow(f"demo:token:{seed.name}", ProviderToken, partial(_token, provider))
    for model_id, (name, capabilities) in seed.models.items():
        key = f"demo:model:{seed.name}:{model_id}"
        _sow(key, LanguageModel, partial(_emulated, provider, model_id, name, capabilities))


def _token(provider: Provider) -> ProviderToken:
    token = ProviderToken(provider=provider, label="Demonstration")
    return services.set_provider_token(token=token, value=seeds.DEMO_TOKEN, by=None)


def _emulated(provider: Provider, model_id: str, name: str, capabilities: tuple[str, ...]) -> LanguageModel:
    return LanguageModel.objects.create(
        provider=provider,
        model_id=model_id,
        display_name=name,
        context_window=seeds.EMULATOR_CONTEXT_WINDOW,
        input_price=seeds.EMULATOR_INPUT_PRICE,
        output_price=seeds.EMULATOR_OUTPUT_PRICE,
        capabilities=list(capabilities),
        efforts=list(USUAL) if "reasoning" in capabilities else [],
    )


def _user(seed: seeds.UserSeed, password: str) -> User:
    known = User.objects.filter(email__iexact=seed.email).first()
    if known is not None:
        return known
    user = User.objects.create_user(seed.email, password or None, name=seed.name, language=seed.language)
    if seed.instructions:
        own = Instructions(level=Instructions.Level.USER, user=user, text=seed.instructions)
        revisions.save(own, by=user)
    return user


def _sow_team(seed: seeds.TeamSeed, users: dict[str, User | None]) -> Team | None:
    return _sow(f"demo:team:{seed.name}", Team, partial(_team, seed, users))


def _team(seed: seeds.TeamSeed, users: dict[str, User | None]) -> Team:
    """With everything in it, at once: a team that an admin has changed since is left alone as a whole."""
    team, is_new = Team.objects.get_or_create(name=seed.name)
    if not is_new:
        return team
    for email, role in seed.members.items():
        if (user := users[email]) is not None:
            services.add_member(team=team, user=user, role=role)
    models = {model.display_name: model for model in _demo_models()}
    offered = [models[name] for name in seed.models if name in models]
    for priority, model in enumerate(offered):
        TeamModel.objects.create(team=team, model=model, priority=priority, is_default=priority == 0)
    if seed.instructions:
        own = Instructions(level=Instructions.Level.TEAM, team=team, text=seed.instructions)
        revisions.save(own, by=None)
    for agent in seed.agents:
        _agent(team, agent, models.get(agent.model))
    for prompt in seed.prompts:
        revisions.save(SavedPrompt(team=team, name=prompt.name, title=prompt.title, text=prompt.text), by=None)
    return team


def _demo_models() -> list[LanguageModel]:
    sown = Seed.objects.filter(key__startswith="demo:model:").values("object_id")
    return list(LanguageModel.objects.filter(pk__in=sown))


def _agent(team: Team, seed: seeds.AgentSeed, model: LanguageModel | None) -> None:
    Agent.objects.create(
        team=team,
        name=seed.name,
        icon=seed.icon,
        description=seed.description,
        instructions=seed.instructions,
        starters=list(seed.starters),
        model=model,
        tools=list(seed.tools),
        parameters={} if seed.temperature is None else {"temperature": seed.temperature},
    )


def _sow_platform_admins(team: Team) -> None:
    """So that whoever set this up has somebody to talk to. Once each: an admin who left the team is not put back."""
    for admin in User.objects.filter(is_superuser=True).exclude(memberships__team=team):
        make = partial(services.add_member, team=team, user=admin, role=Membership.Role.ADMIN)
        _sow(f"demo:member:{admin.pk}", Membership, make)
