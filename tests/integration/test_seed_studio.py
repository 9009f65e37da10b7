from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.management import call_command

from ai_studio import services
from ai_studio.llm.catalogue import catalogue
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
from ai_studio.seeds import EMULATORS, PROVIDERS
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SEEDED = (Agent, Instructions, LanguageModel, Membership, Provider, ProviderToken, SavedPrompt, Team, TeamModel, User)
PASSWORD = "correct-horse-battery-staple"


def sow(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed_studio", *arguments, stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in SEEDED}


def test_the_basics_are_what_an_admin_needs_to_begin():
    sow()
    platform = Instructions.objects.get()
    assert platform.level == "platform"
    assert platform.text
    assert platform.safety
    assert set(Provider.objects.values_list("name", "provider_key", "base_url", "is_enabled")) == {
        ("OpenAI", "openai", "", True),
        ("Anthropic", "anthropic", "", True),
        ("Google", "gemini", "", True),
    }
    assert not ProviderToken.objects.exists()
    assert not Team.objects.exists()


def test_models_are_as_the_catalogue_has_them():
    sow()
    known = {(each.provider, each.model): each for each in catalogue({"openai", "anthropic", "gemini"})}
    models = LanguageModel.objects.select_related("provider")
    assert {(model.provider.name, model.model_id) for model in models} == {
        (seed.name, model_id) for seed in PROVIDERS for model_id in seed.models
    }
    for model in models:
        entry = known[model.provider.provider_key, model.model_id]
        assert (model.context_window, model.max_output_tokens) == (entry.context_window, entry.max_output_tokens)
        assert (model.input_price, model.output_price) == (entry.input_price, entry.output_price)
        assert model.capabilities == sorted(entry.capabilities)
        assert (model.input_price or 0) > Decimal("0.01"), "a price per token, not per million"
        model.full_clean()


def test_the_demonstration_shows_each_wire_format_and_each_role():
    make_user("Admin", is_superuser=True, is_staff=True)
    sow("--demo", "--demo-password", PASSWORD)
    for token in ProviderToken.objects.all():
        assert services.open_provider_token(token).reveal() == "demo-key"
    emulated = LanguageModel.objects.filter(provider__tokens__isnull=False)
    assert set(emulated.values_list("provider__provider_key", flat=True)) == {"openai", "anthropic", "gemini"}
    assert Team.objects.count() == 2
    assert set(Membership.objects.values_list("role", flat=True)) == {"owner", "admin", "member"}
    assert Agent.objects.count() == 4
    assert Agent.objects.filter(model__isnull=False).count() == 1
    assert all(agent.starters for agent in Agent.objects.all())
    assert set(Instructions.objects.values_list("level", flat=True)) == {"platform", "team", "user"}
    assert all(
        User.objects.get(email=f"{name}@example.com").check_password(PASSWORD) for name in ("ada", "bob", "cleo")
    )
    assert Membership.objects.filter(user__email="admin@example.com", team__name="Research").exists()
    assert set(SavedPrompt.objects.values_list("team__name", flat=True)) == {"Research", "Support"}
    for model in (Agent, Instructions, LanguageModel, Provider, SavedPrompt, TeamModel):
        for row in model.objects.all():
            row.full_clean()


def test_every_team_has_a_default_model_and_agents_only_use_the_teams_own():
    sow("--demo")
    assert TeamModel.objects.filter(is_default=True, model__display_name="Story").count() == Team.objects.count()
    for agent in Agent.objects.filter(model__isnull=False):
        assert TeamModel.objects.filter(team=agent.team, model=agent.model, is_enabled=True).exists()


def test_without_a_password_nobody_of_the_demonstration_can_sign_in():
    sow("--demo")
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_sowing_again_changes_nothing():
    sow("--demo", "--demo-password", PASSWORD)
    before = counts()
    assert sow("--demo", "--demo-password", "another-password-entirely") == "Seeds sown: 0.\n"
    assert counts() == before
    assert User.objects.get(email="ada@example.com").check_password(PASSWORD)


def test_what_an_admin_changed_stays_changed():
    sow("--demo")
    Provider.objects.filter(name="OpenAI").update(
        name="OpenAI EU", base_url="https://eu.example.com/v1", is_enabled=False
    )
    LanguageModel.objects.filter(display_name="GPT-4.1").update(is_enabled=False, input_price=Decimal("9"))
    Instructions.objects.filter(level="platform").update(text="Ours.")
    Team.objects.filter(name="Research").update(name="Labs")
    before = counts()
    sow("--demo")
    assert counts() == before
    openai = Provider.objects.get(name="OpenAI EU")
    assert (openai.base_url, openai.is_enabled) == ("https://eu.example.com/v1", False)
    model = LanguageModel.objects.get(display_name="GPT-4.1")
    assert (model.is_enabled, model.input_price) == (False, Decimal("9"))
    assert Instructions.objects.get(level="platform").text == "Ours."


def test_what_an_admin_deleted_stays_deleted():
    sow("--demo")
    LanguageModel.objects.filter(display_name="GPT-4.1").delete()
    Team.objects.filter(name="Research").delete()
    Agent.objects.all().delete()
    User.objects.filter(email="bob@example.com").delete()
    Provider.objects.get(name="Emulator").tokens.all().delete()
    LanguageModel.objects.filter(provider__name="Emulator").delete()
    Provider.objects.filter(name="Emulator").delete()
    before = counts()
    sow("--demo")
    assert counts() == before


def test_a_provider_of_the_same_name_is_taken_as_it_is():
    own = Provider.objects.create(name="OpenAI", provider_key="openai", base_url="https://proxy.example.com/v1")
    sow()
    assert Provider.objects.get(name="OpenAI") == own
    assert own.models.count() == len(PROVIDERS[0].models)


def test_only_the_emulator_follows_its_address(monkeypatch):
    monkeypatch.setenv("EMULATOR_URL", "http://127.0.0.1:9001/")
    sow("--demo")
    names = [seed.name for seed in EMULATORS]
    Provider.objects.filter(name=names[0]).update(name="Our emulator", is_enabled=False)
    monkeypatch.setenv("EMULATOR_URL", "http://127.0.0.1:9002")
    sow("--demo")
    addresses = dict(Provider.objects.exclude(base_url="").values_list("name", "base_url"))
    assert addresses == {
        "Our emulator": "http://127.0.0.1:9002/v1",
        names[1]: "http://127.0.0.1:9002",
        names[2]: "http://127.0.0.1:9002/v1beta",
    }
    assert not Provider.objects.get(name="Our emulator").is_enabled


def test_a_platform_admin_who_left_the_team_is_not_put_back():
    admin = make_user("Admin", is_superuser=True)
    sow("--demo")
    services.remove_member(membership=Membership.objects.get(user=admin))
    sow("--demo")
    assert not Membership.objects.filter(user=admin).exists()


def test_a_fault_half_way_leaves_nothing_behind(monkeypatch):
    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr(services, "set_provider_token", fail)
    with pytest.raises(RuntimeError):
        sow("--demo")
    assert not Seed.objects.filter(key__startswith="demo:").exists()
    assert not Team.objects.exists()
