"""The inspector's page: who sees what, bad addresses, two selections, and the prompts that were sent."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from ai_studio.instructions import Layer, Level, PromptStyle, compose
from ai_studio.ledger import keep_prompts
from ai_studio.models import Agent, Completion, Instructions, LanguageModel, Prompt, ProviderToken, SwitchRule, User
from ai_studio.services import set_provider_token
from chat.models import Generation, Session
from tests.factories import enable, make_agent, make_message, make_model, make_provider
from tests.integration.admin_world import FOREIGN, World, address, client_of, make_world, outcome

pytestmark = pytest.mark.django_db

EVERYBODY = {"platform admin": "open", "owner": "open", "team admin": "open", "stranger": "open",
             "member": "refused", "anonymous": "sign in"}  # fmt: skip


@pytest.fixture
def world() -> World:
    world = make_world()
    Instructions.objects.create(level="user", user=world.people["member"], text=f"{FOREIGN} diary of Bob")
    Instructions.objects.create(level="user", user=world.people["owner"], text="Alice's own words")
    return world


def page(client: Client, **chosen: str) -> str:
    response = client.get(
        reverse("admin:ai_studio_inspector"), {name.replace("_", "-"): v for name, v in chosen.items()}
    )
    assert response.status_code == 200
    return response.content.decode()


def sides(client: Client, **chosen: str) -> list[Any]:
    query = {name.replace("_", "-"): value for name, value in chosen.items()}
    return client.get(reverse("admin:ai_studio_inspector"), query).context["sides"]


def test_it_is_for_those_who_administer_something(world: World):
    path = reverse("admin:ai_studio_inspector")
    assert {person: outcome(client_of(user), path) for person, user in world.people.items()} == EVERYBODY


def test_a_platform_admin_reads_every_level(world: World):
    shown = page(client_of(world.people["platform admin"]), a_team=world.team.pk, a_person="bob@example.com")
    for text in (f"{FOREIGN} platform text", f"{FOREIGN} diary of Bob", "Own text"):
        assert text in shown
    assert address("change", world.platform[Instructions]) in shown


def test_a_team_reads_its_own_levels_and_how_long_the_others_are(world: World):
    shown = page(client_of(world.people["owner"]), a_team=world.team.pk, a_person="bob@example.com")
    assert "Own text" in shown
    assert FOREIGN.lower() not in shown.lower()
    assert "characters that are not yours to read" in shown
    hidden = {segment.css for segment in sides(client_of(world.people["owner"]), a_person="bob@example.com")[0].segments
              if segment.is_hidden}  # fmt: skip
    assert hidden == {"from-user", "from-platform"}


def test_one_reads_ones_own_instructions(world: World):
    shown = page(client_of(world.people["owner"]), a_person="alice@example.com")
    assert "Alice&#x27;s own words" in shown


@pytest.mark.parametrize("field", ["team", "person", "agent", "model", "previous"])
def test_what_is_another_teams_can_not_be_chosen(world: World, field: str):
    foreign = {
        "team": world.other_team.pk,
        "person": world.people["stranger"].email,
        "agent": world.foreign[Agent].pk,
        "model": world.platform[LanguageModel].pk,
        "previous": world.foreign[Agent].pk,
    }
    client = client_of(world.people["owner"])
    (side,) = sides(client, **{f"a_{field}": foreign[field]})
    if field == "team":
        assert side.form.chosen_team == world.team
    else:
        assert field in side.form.errors
    shown = page(client, **{f"a_{field}": foreign[field]})
    said_back = foreign[field].lower().partition("@")[0]  # what was asked for stands in the form and in its addresses
    assert FOREIGN.lower() not in shown.lower().replace(said_back, "")


@pytest.mark.parametrize("value", ["", "x" * 5000, "\x00", "<script>alert(1)</script>", "none"])
@pytest.mark.parametrize("field", ["team", "person", "agent", "model", "previous", "message", "offered"])
def test_any_address_gets_a_page(world: World, field: str, value: str):
    shown = page(client_of(world.people["platform admin"]), **{f"a_{field}": value})
    assert "<script>alert" not in shown


def test_choices_of_another_team_are_dropped_when_the_team_changes(world: World):
    (side,) = sides(
        client_of(world.people["platform admin"]),
        a_team=world.other_team.pk,
        a_offered=world.team.pk,
        a_person="bob@example.com",
        a_agent=world.rows[Agent].pk,
    )
    assert not side.form.errors
    assert side.form.cleaned_data["person"] == world.people["stranger"]


def test_the_reason_is_said_where_no_model_can_answer(world: World):
    LanguageModel.objects.update(is_enabled=False)
    (side,) = sides(client_of(world.people["owner"]))
    assert "No model can answer" in side.problem
    assert side.steps == ("Visible model, the team's default, is disabled in the catalogue",)


def test_a_chosen_model_that_the_chat_would_refuse_is_refused_here_too(world: World):
    other = enable(make_model(world.provider, model_id="other", display_name="Other model"), world.team)
    LanguageModel.objects.filter(pk=other.model_id).update(status="archived", is_enabled=False)
    (side,) = sides(client_of(world.people["owner"]), a_model=other.model_id)
    assert side.inspection is None
    assert side.problem == "Other model is archived. The message would be refused."


def test_a_switch_is_said_with_its_strategy(world: World):
    coder = make_agent(world.team, name="Coder")
    (side,) = sides(client_of(world.people["owner"]), a_agent=world.rows[Agent].pk, a_previous=coder.pk)
    assert side.inspection.route.strategy == "hierarchical-default"
    assert "Earlier role: Coder" in side.inspection.text


def test_a_rule_of_the_platform_decides_how_a_switch_is_said(world: World):
    coder = make_agent(world.team, name="Coder")
    fields = {"provider_key": "OpenAI", "model_pattern": "Sto*", "strategy": "direct-command", "position": "0"}
    client = client_of(world.people["platform admin"])
    assert client.post(address("add", SwitchRule), fields).status_code == 302
    twice = client.post(address("add", SwitchRule), fields).context["adminform"].form.errors
    assert twice["model_pattern"] == ["There is a rule for this family already."]
    (side,) = sides(client, a_team=world.team.pk, a_agent=world.rows[Agent].pk, a_previous=coder.pk)
    assert "You are now Own agent, not Coder." in side.inspection.text
    shown = client.get(address("changelist", SwitchRule)).content.decode()
    assert "You are now Writing coach, not Code reviewer." in shown
    assert "*opus*" in shown


def test_two_selections_are_compared(world: World):
    client = client_of(world.people["owner"])
    first = page(client, a_person="alice@example.com")
    (link,) = re.findall(r'href="([^"]*compare=1[^"]*)"', first)
    same = client.get(unquote(link.replace("&amp;", "&"))).content.decode()
    assert "Both prompts are the same" in same
    differing = page(client, compare="1", a_person="alice@example.com", b_person="alice@example.com",
                     b_agent=world.rows[Agent].pk)  # fmt: skip
    assert "<ins>" in differing
    assert "Answer in one sentence." in differing


def test_the_token_is_in_neither_the_page_nor_the_request(world: World):
    shown = page(client_of(world.people["platform admin"]))
    assert "sk-" not in shown
    assert "api_key" not in shown


def kept(world: World) -> Prompt:
    team = world.rows[Instructions]
    layers = [Layer(Level.TEAM, "Exactly <this>.", f"instructions:{team.pk}", 4)]
    prompt = compose(layers, {}, PromptStyle.XML)
    keep_prompts([prompt, prompt])
    keep_prompts([prompt])
    return Prompt.objects.get(pk=prompt.hash)


def test_answers_lead_to_the_exact_prompt(world: World):
    prompt = kept(world)
    Generation.objects.filter(pk=world.rows[Generation].pk).update(prompt_hash=prompt.pk)
    Completion.objects.filter(pk=world.rows[Completion].pk).update(prompt_hash=prompt.pk)
    client = client_of(world.people["platform admin"])
    for model in (Generation, Completion):
        assert address("change", prompt) in client.get(address("change", world.rows[model])).content.decode()
    shown = client.get(address("change", prompt)).content.decode()
    assert "Exactly &lt;this&gt;." in shown
    assert "revision 4" in shown
    assert "Sent with 1 model call" in shown
    assert address("change", world.rows[Instructions]) in shown


def test_what_was_not_kept_is_said_to_be(world: World):
    Generation.objects.filter(pk=world.rows[Generation].pk).update(prompt_hash="f" * 64)
    shown = client_of(world.people["platform admin"]).get(address("change", world.rows[Generation])).content.decode()
    assert f"{'f' * 12} (not kept)" in shown


def test_a_session_leads_to_its_next_prompt(world: World):
    session: Session = world.rows[Session]
    coder = make_agent(world.team, name="Coder")
    answer = make_message(session, "Hi", role="assistant")
    fields = {"agent": coder, "agent_name": coder.name, "status": "completed", "user": session.user}
    Generation.objects.create(id="g-2", session=session, message=answer, **fields)
    Session.objects.filter(pk=session.pk).update(agent=world.rows[Agent], model=world.model, effort="high")
    client = client_of(world.people["platform admin"])
    shown = client.get(address("change", session)).content.decode()
    (link,) = re.findall(r'href="([^"]*/inspect/[^"]*a-team[^"]*)"', shown)
    (side,) = client.get(unquote(link.replace("&amp;", "&"))).context["sides"]
    wanted = side.form.wanted()
    assert (wanted.user_id, wanted.team_id) == (session.user_id, session.team_id)
    assert (wanted.agent_id, wanted.session_model_id) == (world.rows[Agent].pk, world.model.pk)
    assert wanted.previous_agent == (coder.pk, "Coder")
    assert wanted.effort == "high"
    assert User.objects.filter(pk=wanted.user_id).exists()


def test_the_thinking_effort_is_shown_with_who_says_it(world: World):
    agent = make_agent(world.team, parameters={"reasoning_effort": "low"})
    thinker = make_model(
        world.provider, model_id="thinker", efforts=["low", "high"], parameters={"reasoning_effort": "high"}
    )
    enable(thinker, world.team)
    owner = client_of(world.people["owner"])
    chosen = {"a_team": world.team.pk, "a_person": "bob@example.com", "a_model": thinker.pk}
    assert "Thinking effort: high, as the model has it." in page(owner, **chosen)
    assert "Thinking effort: low, as the agent has it." in page(owner, **chosen, a_agent=agent.pk)
    assert "Thinking effort: high, as a person chooses it in a chat." in page(
        owner, **chosen, a_agent=agent.pk, a_effort="high"
    )
    assert "Thinking effort" not in page(owner, **chosen | {"a_model": world.model.pk}, a_effort="high")


def test_tools_are_shown_as_they_are_declared_or_it_says_why_not(world: World):
    agent = make_agent(world.team, tools=["current_time"])
    able = make_model(world.provider, model_id="able", display_name="Able", capabilities=["tools"])
    unable = make_model(world.provider, model_id="unable", display_name="Unable")
    for model in (able, unable):
        enable(model, world.team)
    owner = client_of(world.people["owner"])
    chosen = {"a_team": world.team.pk, "a_person": "bob@example.com", "a_agent": agent.pk}
    shown = page(owner, **chosen, a_model=able.pk)
    assert "Declaration of current_time" in shown
    assert re.search(r"Tools, about \d+ tokens with each message", shown)
    assert "Unable can&#x27;t call tools, as its page says: it is not told of current_time." in page(
        owner, **chosen, a_model=unable.pk
    )


@pytest.mark.parametrize(("provider_key", "is_exact"), [("perplexity", True), ("synthetic", False)])
def test_tools_that_litellm_leaves_out_are_said_to_be(world: World, provider_key: str, is_exact: bool):
    agent = make_agent(world.team, tools=["current_time"])
    provider = make_provider(name="Gateway", provider_key=provider_key)
    model = make_model(provider, display_name="Able", capabilities=["tools"])
    enable(model, world.team)
    set_provider_token(token=ProviderToken(provider=provider), value="sk-1", by=None)
    chosen = {"a_team": world.team.pk, "a_person": "bob@example.com", "a_agent": agent.pk, "a_model": model.pk}
    owner = client_of(world.people["owner"])
    (side,) = sides(owner, **chosen)
    assert side.inspection.request.is_exact is is_exact
    assert "current_time" not in side.inspection.request.body
    assert "LiteLLM takes it that Able of Gateway can&#x27;t call tools" in page(owner, **chosen)
