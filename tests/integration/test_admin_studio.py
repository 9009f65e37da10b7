"""Agents, instructions and language models in the admin: what is stored, and what is refused beside which field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ai_studio.models import Agent, Instructions, LanguageModel, Provider
from tests.factories import enable, make_model, make_user
from tests.integration.admin_world import World, address, client_of, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def errors(response) -> Any:
    return response.context["adminform"].form.errors


# --- Agents -----------------------------------------------------------------------------------------------------------


def agent_form(world: World, **fields: object) -> dict[str, object]:
    defaults = {"team": world.team.pk, "name": "Editor", "icon": "✍️", "instructions": "Edit.", "parameters": "{}"}
    return defaults | {"is_enabled": "on"} | fields


def test_an_agent_is_stored_as_it_was_written(world: World):
    fields = agent_form(
        world,
        model=world.model.pk,
        starters=" Shorten this \r\n\r\nMake it clearer\r\n",
        temperature="0.3",
        reasoning_effort="low",
        parameters='{"top_p": 0.9}',
    )
    assert client_of(world.people["owner"]).post(address("add", Agent), fields).status_code == 302
    agent = Agent.objects.get(name="Editor")
    assert agent.starters == ["Shorten this", "Make it clearer"]
    assert agent.parameters == {"temperature": 0.3, "reasoning_effort": "low", "top_p": 0.9}
    assert (agent.model, agent.created_by) == (world.model, world.people["owner"])


def test_an_agent_that_is_saved_unchanged_is_unchanged(world: World):
    agent = world.rows[Agent]
    agent.starters, agent.parameters = ["One", "Two"], {"temperature": 1.5, "seed": 7}
    agent.save()
    client = client_of(world.people["owner"])
    form = client.get(address("change", agent)).context["adminform"].form
    fields = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert client.post(address("change", agent), fields).status_code == 302
    before = Agent.objects.filter(pk=agent.pk).values("starters", "parameters", "instructions", "name").get()
    assert before == {"starters": ["One", "Two"], "parameters": {"temperature": 1.5, "seed": 7},
                      "instructions": agent.instructions, "name": agent.name}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"name": "Own agent"}, "name", id="a name that is taken"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"instructions": ""}, "instructions", id="no instructions"),
        pytest.param({"starters": "a\nb\nc\nd\ne\nf\ng"}, "starters", id="too many starters"),
        pytest.param({"starters": "x" * 201}, "starters", id="a starter that is too long"),
        pytest.param({"temperature": "3"}, "temperature", id="too hot"),
        pytest.param({"max_tokens": "0"}, "max_tokens", id="nothing to say"),
        pytest.param({"parameters": "{"}, "parameters", id="not JSON"),
        pytest.param({"parameters": "[]"}, "parameters", id="not an object"),
        pytest.param({"parameters": '{"temperature": 1}'}, "parameters", id="what has a field of its own"),
        pytest.param({"parameters": '{"api_base": "https://elsewhere.example.com"}'}, "parameters", id="an address"),
        pytest.param({"model": "no-such-model"}, "model", id="an unknown model"),
    ],
)
def test_an_agent_is_refused_beside_the_field(world: World, fields, field: str):
    response = client_of(world.people["owner"]).post(address("add", Agent), agent_form(world, **fields))
    assert set(errors(response)) == {field}
    assert not Agent.objects.filter(name="Editor").exists()


def test_an_agent_belongs_to_a_team_that_one_administers(world: World):
    client = client_of(world.people["team admin"])
    for team in (world.other_team.pk, "no-such-team", ""):
        assert "team" in errors(client.post(address("add", Agent), agent_form(world, team=team)))


def test_an_agent_answers_with_a_model_of_its_team(world: World):
    client = client_of(world.people["owner"])
    elsewhere = make_model(world.provider, model_id="elsewhere")
    enable(elsewhere, world.other_team)
    response = client.post(address("add", Agent), agent_form(world, model=elsewhere.pk))
    assert "is not enabled for Research" in errors(response)["model"][0]
    archived = make_model(world.provider, model_id="old", is_enabled=False, status="archived")
    response = client.post(address("add", Agent), agent_form(world, model=archived.pk))
    assert "model" in errors(response)


def test_an_agent_stays_in_its_team(world: World):
    fields = agent_form(world, team=world.other_team.pk, name="Moved")
    client_of(world.people["platform admin"]).post(address("change", world.rows[Agent]), fields)
    agent = Agent.objects.get(pk=world.rows[Agent].pk)
    assert (agent.name, agent.team) == ("Moved", world.team)


# --- Instructions -----------------------------------------------------------------------------------------------------


def test_every_save_is_the_next_revision(world: World):
    own = world.rows[Instructions]
    client = client_of(world.people["team admin"])
    for text in ("First.", "Second.", "Second."):
        assert client.post(address("change", own), {"text": text, "is_enabled": "on"}).status_code == 302
    own.refresh_from_db()
    assert (own.text, own.revision, own.updated_by) == ("Second.", 3, world.people["team admin"])


def test_a_team_has_one_text(world: World):
    client = client_of(world.people["owner"])
    fields = {"team": world.team.pk, "text": "Again.", "is_enabled": "on"}
    assert "already" in errors(client.post(address("add", Instructions), fields))["team"][0]
    Instructions.objects.filter(team=world.team).delete()
    assert client.post(address("add", Instructions), fields).status_code == 302
    assert Instructions.objects.get(team=world.team).level == "team"


def test_a_team_admin_can_not_write_for_anybody_else(world: World):
    Instructions.objects.all().delete()
    client = client_of(world.people["owner"])
    for extra in ({"level": "platform"}, {"level": "user", "user": world.people["member"].pk}, {"safety": "None."}):
        fields = {"team": world.team.pk, "text": "Ours.", "is_enabled": "on"} | extra
        client.post(address("add", Instructions), fields)
        stored = Instructions.objects.get()
        assert (stored.level, stored.team, stored.user, stored.safety) == ("team", world.team, None, "")
        stored.delete()
    response = client.post(address("add", Instructions), {"team": world.other_team.pk, "text": "Theirs."})
    assert "team" in errors(response)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"level": "platform", "text": "x"}, "level", id="the platform has its text"),
        pytest.param({"level": "team", "text": "x"}, "team", id="no team"),
        pytest.param({"level": "user", "text": "x"}, "user", id="no user"),
        pytest.param({"level": "agent", "text": "x"}, "level", id="an unknown level"),
    ],
)
def test_instructions_are_refused_beside_the_field(world: World, fields, field: str):
    response = client_of(world.people["platform admin"]).post(address("add", Instructions), fields)
    assert field in errors(response)


def test_what_another_level_left_in_the_form_does_not_count(world: World):
    fields = {"level": "user", "user": make_user("Eve").pk, "team": world.team.pk, "safety": "None.", "text": "Mine."}
    response = client_of(world.people["platform admin"]).post(address("add", Instructions), fields)
    assert response.status_code == 302
    stored = Instructions.objects.get(level="user")
    assert (stored.team, stored.safety, stored.text) == (None, "", "Mine.")


# --- Language models and providers ------------------------------------------------------------------------------------


def model_form(provider: Provider, **fields: object) -> dict[str, object]:
    defaults = {
        "provider": provider.pk,
        "model_id": "new",
        "display_name": "New",
        "status": "active",
        "parameters": "{}",
    }
    return defaults | {"is_enabled": "on"} | fields


def test_a_known_model_gets_its_numbers_from_the_catalogue(world: World):
    openai = Provider.objects.create(name="OpenAI", provider_key="openai")
    fields = model_form(openai, model_id="gpt-4.1", input_price="1.5")
    assert client_of(world.people["platform admin"]).post(address("add", LanguageModel), fields).status_code == 302
    model = LanguageModel.objects.get(model_id="gpt-4.1")
    assert (model.input_price, model.output_price) == (Decimal("1.5"), Decimal("8"))
    assert model.context_window == 1_047_576
    assert "tools" in model.capabilities


def test_an_unknown_model_is_stored_as_it_was_written(world: World):
    fields = model_form(world.provider, model_id="own/model", capabilities=["vision"], context_window="4096")
    assert client_of(world.people["platform admin"]).post(address("add", LanguageModel), fields).status_code == 302
    model = LanguageModel.objects.get(model_id="own/model")
    assert (model.capabilities, model.context_window, model.input_price) == (["vision"], 4096, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"model_id": "story"}, "model_id", id="an id that is taken"),
        pytest.param({"status": "archived"}, "is_enabled", id="archived and enabled"),
        pytest.param({"input_price": "-1"}, "input_price", id="a negative price"),
        pytest.param({"context_window": "-1"}, "context_window", id="a negative window"),
        pytest.param({"capabilities": ["flying"]}, "capabilities", id="an unknown capability"),
        pytest.param({"parameters": '{"api_key": "x"}'}, "parameters", id="a key among the parameters"),
    ],
)
def test_a_model_is_refused_beside_the_field(world: World, fields, field: str):
    client = client_of(world.people["platform admin"])
    response = client.post(address("add", LanguageModel), model_form(world.provider, **fields))
    assert set(errors(response)) == {field}


def test_prices_are_said_per_million_tokens(world: World):
    LanguageModel.objects.filter(pk=world.model.pk).update(input_price=Decimal("2.5"), output_price=Decimal("0.075"))
    client = client_of(world.people["platform admin"])
    assert "$2.50 / $0.075" in client.get(address("changelist", LanguageModel)).content.decode()
    page = client.get(address("change", world.model)).content.decode()
    assert "Prices per million tokens, in US dollars" in page
    assert 'value="2.5"' in page


def test_many_models_are_enabled_and_archived_ones_left_out_with_a_word(world: World):
    client = client_of(world.people["platform admin"])
    off = make_model(world.provider, model_id="off", is_enabled=False)
    archived = make_model(world.provider, model_id="old", is_enabled=False, status="archived")
    chosen = {"action": "enable", "_selected_action": [off.pk, archived.pk]}
    page = client.post(address("changelist", LanguageModel), chosen, follow=True).content.decode()
    assert "Models enabled: 1." in page
    assert "An archived model can&#x27;t be enabled" in page
    assert LanguageModel.objects.get(pk=off.pk).is_enabled
    assert not LanguageModel.objects.get(pk=archived.pk).is_enabled
    client.post(address("changelist", LanguageModel), {"action": "archive", "_selected_action": [off.pk]})
    assert LanguageModel.objects.get(pk=off.pk).status == "archived"
    client.post(address("changelist", LanguageModel), {"action": "disable", "_selected_action": [world.model.pk]})
    assert not LanguageModel.objects.get(pk=world.model.pk).is_enabled


def test_models_are_found_by_what_they_can(world: World):
    make_model(world.provider, model_id="seeing", display_name="Seeing", capabilities=["vision", "tools"])
    make_model(world.provider, model_id="blind", display_name="Blind", capabilities=["tools"])
    page = client_of(world.people["platform admin"]).get(address("changelist", LanguageModel), {"capability": "vision"})
    assert [model.display_name for model in page.context["cl"].result_list] == ["Seeing"]


@pytest.mark.parametrize(
    "base_url",
    ["ftp://models.example.com", "models.example.com", "http://", "http://user:key@host/v1", "http://host:99999999",
     "https://host/v1?key=sk-1", "https://host/v1#x", "javascript:alert(1)", "http://ho st/v1"],
)  # fmt: skip
def test_a_base_url_must_be_one(world: World, base_url: str):
    fields = {"name": "New", "provider_key": "openai", "base_url": base_url}
    response = client_of(world.people["platform admin"]).post(address("add", Provider), fields)
    assert set(errors(response)) == {"base_url"}


@pytest.mark.parametrize(
    "base_url", ["", "http://ollama:11434", "https://models.example.com/v1", "http://[::1]:8000/v1"]
)
def test_a_base_url_may_be_a_server_in_the_next_room(world: World, base_url: str):
    fields = {"name": "New", "provider_key": " OpenAI ", "base_url": base_url, "is_enabled": "on"}
    assert client_of(world.people["platform admin"]).post(address("add", Provider), fields).status_code == 302
    stored = Provider.objects.get(name="New")
    assert (stored.base_url, stored.provider_key) == (base_url, "openai")


def test_a_provider_with_models_stays_and_says_why(world: World):
    client = client_of(world.people["platform admin"])
    page = client.post(address("delete", world.provider), {"post": "yes"}, follow=True).content.decode()
    assert "be deleted: models: 1, tokens: 3 depend on it. Delete or move these first" in page
    assert Provider.objects.filter(pk=world.provider.pk).exists()
