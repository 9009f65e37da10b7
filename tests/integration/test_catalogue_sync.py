"""Syncing the catalogue: from LiteLLM's own, and from providers' lists as the emulator offers them over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from ai_studio import catalogue_sync, services
from ai_studio.emulator.app import MODELS
from ai_studio.llm import catalogue as litellm_catalogue
from ai_studio.models import CatalogueReview, LanguageModel, Provider, ProviderToken
from tests.factories import make_model, make_provider
from tests.integration.admin_world import World, client_of, make_world

pytestmark = pytest.mark.django_db(transaction=True)

FORMATS = {"openai": "/v1", "anthropic": "", "gemini": "/v1beta"}


@pytest.fixture
def world() -> World:
    return make_world()


def token_of(provider: Provider, value: str = "sk-for-the-list") -> ProviderToken:
    return services.set_provider_token(token=ProviderToken(provider=provider), value=value, by=None)


def synced(provider: Provider, world: World, token: ProviderToken | None = None, *chosen: str) -> CatalogueReview:
    review = catalogue_sync.review(provider=provider, token=token, by=world.people["platform admin"])
    if chosen:
        catalogue_sync.apply(review_id=review.pk, chosen=chosen)
    return review


def kinds(review: CatalogueReview) -> dict[str, str]:
    return {each["model_id"]: each["kind"] for each in review.proposals}


@pytest.mark.parametrize("wire", FORMATS)
def test_the_providers_own_list(world: World, emulator: str, wire: str):
    provider = make_provider(provider_key=wire, base_url=f"{emulator}{FORMATS[wire]}")
    make_model(provider, model_id="story")
    make_model(provider, model_id="no-longer-there")
    review = synced(provider, world, token_of(provider))
    found = kinds(review)
    assert {name for name, kind in found.items() if kind == "new"} == set(MODELS) - {"story"}
    assert found["no-longer-there"] == "archived"
    assert ("story" in found) == (wire == "gemini")  # which tells windows
    assert "sk-for-the-list" not in str(review.proposals)


def test_only_what_is_ticked_is_applied(world: World, emulator: str):
    provider = make_provider(provider_key="gemini", base_url=f"{emulator}/v1beta")
    gone = make_model(provider, model_id="no-longer-there")
    synced(provider, world, token_of(provider), "echo")
    gone.refresh_from_db()
    assert gone.status == "active"
    made = LanguageModel.objects.get(provider=provider, model_id="echo")
    assert (made.display_name, made.context_window, made.is_enabled) == ("Emulator: echo", 1048576, True)
    assert LanguageModel.objects.filter(provider=provider).count() == 2


def test_a_sync_never_enables_what_an_admin_disabled(world: World, emulator: str):
    provider = make_provider(provider_key="gemini", base_url=f"{emulator}/v1beta")
    disabled = make_model(provider, model_id="story", is_enabled=False)
    archived = make_model(provider, model_id="echo", is_enabled=False, status="archived")
    review = synced(provider, world, token_of(provider), "story", "echo")
    assert (kinds(review)["story"], kinds(review)["echo"]) == ("changed", "restored")
    disabled.refresh_from_db()
    archived.refresh_from_db()
    assert (disabled.context_window, disabled.is_enabled) == (1048576, False)
    assert (archived.status, archived.is_enabled) == ("active", False)


def test_what_is_gone_is_archived_and_can_not_be_enabled(world: World, emulator: str):
    provider = make_provider(base_url=f"{emulator}/v1")
    gone = make_model(provider, model_id="no-longer-there")
    synced(provider, world, token_of(provider), "no-longer-there")
    gone.refresh_from_db()
    assert (gone.status, gone.is_enabled) == ("archived", False)


def test_what_was_written_by_hand_stays_in_force(world: World):
    provider = make_provider(base_url="")
    synced(provider, world, None, "gpt-4o")
    model = LanguageModel.objects.get(provider=provider)
    assert (model.input_price, model.context_window) == (Decimal("2.5"), 128_000)
    model.input_price = Decimal("1.25")
    catalogue_sync.note_overrides(model, ["input_price"])
    model.synced |= {"input_price": "9", "context_window": 1}  # as an older catalogue had it
    model.save()
    synced(provider, world, None, "gpt-4o")
    model.refresh_from_db()
    assert (model.input_price, model.overridden) == (Decimal("1.25"), ["input_price"])
    assert (model.synced["input_price"], model.context_window) == ("2.5", 128_000)
    model.input_price = None
    catalogue_sync.note_overrides(model, ["input_price"])
    assert (model.input_price, model.overridden) == (Decimal("2.5"), [])


def test_nothing_is_applied_when_a_ticked_model_has_changed_meanwhile(world: World):
    provider = make_provider(base_url="")
    review = synced(provider, world)
    make_model(provider, model_id="gpt-4o")
    with pytest.raises(catalogue_sync.Outdated, match="gpt-4o"):
        catalogue_sync.apply(review_id=review.pk, chosen=["gpt-4", "gpt-4o"])
    assert list(LanguageModel.objects.filter(provider=provider).values_list("model_id", flat=True)) == ["gpt-4o"]
    catalogue_sync.apply(review_id=review.pk, chosen=["gpt-4"])
    with pytest.raises(catalogue_sync.AlreadyApplied):
        catalogue_sync.apply(review_id=review.pk, chosen=["gpt-4"])


def test_the_pages(world: World, emulator: str):
    client = client_of(world.people["platform admin"])
    provider = make_provider(provider_key="gemini", base_url=f"{emulator}/v1beta")
    make_model(provider, model_id="story")
    compare = reverse("admin:ai_studio_provider_catalogue", args=[provider.pk])
    page = client.post(compare, {"source": token_of(provider).pk}, follow=True)
    content = page.content.decode()
    assert "Emulator: echo" in content
    assert "1.05M" in content
    [(address, _)] = page.redirect_chain
    assert "Nothing was ticked" in client.post(address, {}, follow=True).content.decode()
    done = client.post(address, {"model": ["story", "echo"]}, follow=True)
    assert "Models brought up to date: 2." in done.content.decode()
    again = client.post(address, {"model": ["story"]}, follow=True)
    assert "applied already" in again.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose what to compare with."),
        ({"source": "somebody-elses"}, "Choose what to compare with."),
    ],
)
def test_no_source(world: World, fields: dict[str, str], said: str):
    client = client_of(world.people["platform admin"])
    address = reverse("admin:ai_studio_provider_catalogue", args=[world.provider.pk])
    assert said in client.post(address, fields).content.decode()


@pytest.mark.parametrize(
    ("path", "key", "code"),
    [
        ("/v1", "invalid-canary-0123456789", "provider_authentication_failed"),
        ("/_emulator/nowhere", "sk-canary-0123456789", "model_not_found"),
    ],
)
def test_a_list_that_can_not_be_had_is_said_beside_the_choice(
    world: World, emulator: str, path: str, key: str, code: str
):
    provider = make_provider(base_url=f"{emulator}{path}")
    address = reverse("admin:ai_studio_provider_catalogue", args=[provider.pk])
    client = client_of(world.people["platform admin"])
    content = client.post(address, {"source": token_of(provider, key).pk}).content.decode()
    assert code in content
    assert "canary" not in content
    assert not CatalogueReview.objects.exists()


def test_a_catalogue_of_a_newer_shape_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    newer: dict[str, Any] = {"x": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": {"usd": 1}}}
    monkeypatch.setattr(litellm_catalogue, "_entries", lambda: newer)
    client = client_of(world.people["platform admin"])
    address = reverse("admin:ai_studio_provider_catalogue", args=[world.provider.pk])
    content = client.post(address, {"source": "litellm"}).content.decode()
    assert "can&#x27;t be read by this version" in content
    assert not CatalogueReview.objects.exists()


@pytest.mark.parametrize("person", ["owner", "team admin", "member", "stranger", "anonymous"])
def test_the_catalogue_is_the_platform_admins_alone(world: World, person: str):
    review = synced(world.provider, world)
    client = client_of(world.people[person])
    for name, arguments in (("catalogue", []), ("review", [review.pk])):
        address = reverse(f"admin:ai_studio_provider_{name}", args=[world.provider.pk, *arguments])
        for answer in (client.get(address), client.post(address, {"source": "litellm", "model": ["gpt-4o"]})):
            assert answer.status_code in {302, 403, 404}
    assert CatalogueReview.objects.count() == 1
    assert not LanguageModel.objects.filter(model_id="gpt-4o").exists()


# --- Providers: what each wants, and what depends on it ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"provider_key": "antropic"}, "provider_key", "Did you mean anthropic"),
        ({"provider_key": "azure"}, "base_url", "no address of its own"),
        ({"provider_key": "oci"}, "provider_key", "oci_user"),
        ({"name": "VISIBLE provider "}, "name", "called “VISIBLE provider” already"),
        ({"base_url": "http://192.168.1.7/v1"}, "base_url", "private address"),
        ({"base_url": "http://metadata.google.internal/"}, "base_url", "private address"),
    ],
)
def test_a_provider_is_refused_where_it_is_wrong(world: World, fields: dict[str, str], field: str, said: str):
    client = client_of(world.people["platform admin"])
    sent = {"name": "New", "provider_key": "openai", "base_url": "", "is_enabled": "on"} | fields
    page = client.post(reverse("admin:ai_studio_provider_add"), sent)
    assert said in str(page.context["adminform"].form.errors[field])
    assert not Provider.objects.filter(name="New").exists()


def test_what_others_depend_on_is_not_deleted(world: World):
    client = client_of(world.people["platform admin"])
    for row, reasons in ((world.provider, ("models: 1", "tokens: 3")), (world.model, ("teams: 2",))):
        name = f"admin:ai_studio_{row._meta.model_name}_delete"
        answer = client.post(reverse(name, args=[row.pk]), {"post": "yes"}, follow=True)
        assert all(reason in answer.content.decode() for reason in reasons)
        assert type(row).objects.filter(pk=row.pk).exists()
    unused = make_provider()
    client.post(reverse("admin:ai_studio_provider_delete", args=[unused.pk]), {"post": "yes"})
    assert not Provider.objects.filter(pk=unused.pk).exists()
