"""What a provider wants to be told besides an address and a token: entered in the admin, sent with each call."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from ai_studio import planning, transfer
from ai_studio.admin import provider_options
from ai_studio.llm.types import OPTIONS
from ai_studio.models import Provider, ProviderToken
from ai_studio.planning import Wanted
from ai_studio.services import open_provider_token
from tests import factories
from tests.factories import make_provider, make_user, service_account_file
from tests.integration.admin_world import address, client_of
from tests.integration.conftest import usable_model

pytestmark = pytest.mark.django_db


def test_each_option_has_its_field():
    assert set(provider_options.NAMES) == OPTIONS


@pytest.fixture
def admin() -> Client:
    return client_of(make_user("Root", is_superuser=True, is_staff=True))


def add(client: Client, **fields: str) -> Any:
    return client.post(address("add", Provider), {"name": "P", "is_enabled": "on", **fields})


def faults(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def test_what_is_entered_goes_with_each_call(admin: Client):
    base_url = "https://ours.openai.azure.com"
    fields = {"provider_key": "azure", "base_url": base_url, "api_version": "2026-05-01", "organization": "left over"}
    assert add(admin, **fields).status_code == 302
    provider = Provider.objects.get(name="P")
    assert provider.options == {"api_version": "2026-05-01"}
    people = factories.make_people()
    usable_model(people.team, provider=provider, is_default=True)
    (route,) = planning.plan(Wanted(people.alice.pk, people.team.pk)).routes
    assert route.unsigned_request(()).target.options == {"api_version": "2026-05-01"}


def test_what_is_required_is_asked_for_where_it_is_typed(admin: Client):
    said = faults(add(admin, provider_key="vertex_ai", vertex_project="p"))
    assert said == {"vertex_location": ["This provider requires it."]}
    fields = {"vertex_project": "p", "vertex_location": "europe-west4"}
    assert add(admin, provider_key="vertex_ai", **fields).status_code == 302
    assert Provider.objects.get(name="P").options == fields


@pytest.mark.parametrize("value", ["a/b", "a b", "evil.example.com#", "@x", "é", "x" * 101, "-a"])
def test_no_option_ends_the_name_of_a_host(admin: Client, value: str):
    assert "vertex_location" in faults(add(admin, provider_key="vertex_ai", vertex_project="p", vertex_location=value))


def test_a_provider_that_wants_what_can_not_be_told_is_refused_with_the_reason(admin: Client):
    assert "oci_user" in str(faults(add(admin, provider_key="oci")))


def test_the_second_editor_is_told(admin: Client):
    provider = make_provider(
        name="P", provider_key="azure", base_url="https://a.openai.azure.com", options={"api_version": "1"}
    )
    form = admin.get(address("change", provider)).context["adminform"].form
    fields = {name: form[name].value() for name in ("name", "provider_key", "base_url", "opened")}
    Provider.objects.filter(pk=provider.pk).update(options={"api_version": "2"})
    refused = admin.post(address("change", provider), fields | {"is_enabled": "on", "api_version": "3"})
    assert "“api_version: 2” meanwhile" in str(faults(refused))
    stays = admin.post(address("change", provider), fields | {"is_enabled": "on", "api_version": "1", "name": "Q"})
    assert stays.status_code == 302
    provider.refresh_from_db()
    assert (provider.name, provider.options) == ("Q", {"api_version": "2"})


def test_they_travel_and_a_file_with_others_is_refused():
    make_provider(name="P", provider_key="azure", base_url="https://a.example.com", options={"api_version": "1"})
    text = transfer.export_text()
    Provider.objects.all().delete()
    transfer.apply_text(text, by=None)
    assert Provider.objects.get().options == {"api_version": "1"}
    with pytest.raises(transfer.Refused) as refused:
        transfer.apply_text(text.replace("api_version: ", "api_base: "), by=None)
    assert "api_base" in str(refused.value.problems[0])


# --- The key of a service account -------------------------------------------------------------------------------------


def add_token(client: Client, provider: Provider, value: str) -> Any:
    return client.post(
        address("add", ProviderToken), {"provider": provider.pk, "value": value, "priority": "0", "is_enabled": "on"}
    )


@pytest.fixture
def vertex() -> Provider:
    options = {"vertex_project": "p", "vertex_location": "europe-west4"}
    return make_provider(name="Vertex", provider_key="vertex_ai", base_url="", options=options)


def test_the_file_is_pasted_as_it_is_and_named_by_its_key(admin: Client, vertex: Provider):
    file = json.dumps(json.loads(service_account_file()), indent=2)
    assert add_token(admin, vertex, file).status_code == 302
    token = ProviderToken.objects.get(provider=vertex)
    assert json.loads(open_provider_token(token).reveal()) == json.loads(file)
    assert token.last_four == "7e57"
    page = admin.get(address("change", token)).content.decode()
    assert "PRIVATE KEY" not in page
    assert json.loads(file)["private_key"][40:80] not in page


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("sk-word", "the JSON file of a service account"),
        ('{"type": "external_account", "credential_source": {"file": "/etc/passwd"}}', "the JSON file of a service"),
        ('{"type": "service_account"}', "client_email, private_key, token_uri is missing"),
        (service_account_file("https://oauth2.googleapis.com.evil.example/token"), "must be on oauth2.googleapis.com"),
        (service_account_file("http://oauth2.googleapis.com/token"), "must be on oauth2.googleapis.com"),
        ("[" * 5000, "the JSON file of a service account"),
    ],
    ids=["a word", "reads a file", "not whole", "another host", "not encrypted", "deep"],
)
def test_nothing_else_is_taken_for_one(admin: Client, vertex: Provider, value: str, says: str):
    assert says in str(faults(add_token(admin, vertex, value)))
    assert not ProviderToken.objects.exists()
