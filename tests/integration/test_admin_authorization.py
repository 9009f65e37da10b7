from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from ai_studio import authorization
from ai_studio.models import (
    Agent,
    Instructions,
    LanguageModel,
    Library,
    Membership,
    Provider,
    ProviderToken,
    SavedPrompt,
    Team,
    User,
)
from tests.factories import make_prompt, make_user
from tests.integration.admin_world import FOREIGN, World, address, client_of, make_world, outcome

pytestmark = pytest.mark.django_db

EVERYBODY = ("platform admin", "owner", "team admin", "member", "stranger", "anonymous")
ADMINS = {"platform admin", "owner", "team admin"}
WITH_STRANGER = ADMINS | {"stranger"}
ALONE = {"platform admin"}

# Who finds a page open: of a list or an empty form anybody who administers some team (the stranger administers the other
# one), of a row only its own team's.
TEAMS_OWN = {"changelist": WITH_STRANGER, "add": WITH_STRANGER, "change": ADMINS, "delete": ADMINS, "history": ADMINS}
PLATFORMS_OWN = dict.fromkeys(("changelist", "add", "change", "delete", "history"), ALONE)
TO_READ = {"changelist": ALONE, "add": set(), "change": ALONE, "delete": set(), "history": ALONE}
OPEN_TO = {
    "ai_studio.agent": TEAMS_OWN,
    "ai_studio.instructions": TEAMS_OWN,
    "ai_studio.library": TEAMS_OWN,
    "ai_studio.savedprompt": TEAMS_OWN,
    "ai_studio.providertoken": TEAMS_OWN,
    "ai_studio.invitation": TEAMS_OWN,
    "ai_studio.team": TEAMS_OWN | {"add": ALONE, "delete": ALONE},
    "ai_studio.provider": PLATFORMS_OWN,
    "ai_studio.languagemodel": PLATFORMS_OWN,
    "ai_studio.switchrule": PLATFORMS_OWN,
    "ai_studio.user": PLATFORMS_OWN,
    "ai_studio.legalhold": PLATFORMS_OWN,
    "ai_studio.completion": TO_READ,
    "ai_studio.securityevent": TO_READ,
    "ai_studio.prompt": TO_READ,
    "chat.session": TO_READ,
    "chat.generation": TO_READ,
    "chat.schedule": TO_READ,
}


@pytest.fixture
def world() -> World:
    return make_world()


def test_the_table_names_every_page_of_the_admin():
    assert {model._meta.label_lower for model in admin.site._registry} == set(OPEN_TO)


@pytest.mark.parametrize("person", EVERYBODY)
def test_every_page_is_open_to_the_right_people(world: World, person: str):
    client = client_of(world.people[person])
    rows = world.platform | world.rows
    wrong = {}
    for model in admin.site._registry:
        for page, people in OPEN_TO[model._meta.label_lower].items():
            path = address(page, model if page in {"changelist", "add"} else rows[model])
            found = outcome(client, path)
            if found not in _expected(person, people):
                wrong[path] = found
    assert wrong == {}


def _expected(person: str, people: set[str]) -> set[str]:
    if person in people:
        return {"open"}
    return {"sign in"} if person == "anonymous" else {"refused", "hidden"}


def test_the_overview_is_for_those_who_administer_something(world: World):
    found = {person: outcome(client_of(user), reverse("admin:index")) for person, user in world.people.items()}
    refused = {"member": "refused", "anonymous": "sign in"}
    assert found == {person: refused.get(person, "open") for person in EVERYBODY}


def test_the_sidebar_offers_what_can_be_opened(world: World):
    pages = {address("changelist", model) for model in admin.site._registry}
    for person in WITH_STRANGER:
        client = client_of(world.people[person])
        content = client.get(reverse("admin:index")).content.decode()
        offered = {path for path in pages if f'href="{path}"' in content}
        assert offered == {path for path in pages if outcome(client, path) == "open"}


@pytest.mark.parametrize("person", ["owner", "team admin"])
def test_what_is_not_the_teams_looks_as_if_it_did_not_exist(world: World, person: str):
    client = client_of(world.people[person])
    for model in (Agent, Instructions, Library, ProviderToken, SavedPrompt, Team):
        for row in (world.foreign[model], world.platform.get(model)):
            for page in ("change", "history") if row else ():
                unknown = reverse(f"admin:ai_studio_{model._meta.model_name}_{page}", args=["no-such-row"])
                assert outcome(client, address(page, row)) == outcome(client, unknown) == "hidden"


@pytest.mark.parametrize("person", ["owner", "team admin"])
def test_no_page_of_a_team_shows_anything_of_others(world: World, person: str):
    client = client_of(world.people[person])
    paths = [reverse("admin:index"), reverse("admin:app_list", args=["ai_studio"])]
    for model in (Agent, Instructions, ProviderToken, SavedPrompt, Team):
        paths += [address("changelist", model), f"{address('changelist', model)}?q=e"]
        paths += [address(page, world.rows[model]) for page in ("change", "delete", "history") if model is not Team]
        paths += [address("add", model)] if model is not Team else [address("change", world.team)]
    paths += [f"{reverse('admin:search')}?s=a&extended=1"]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert FOREIGN.lower() not in response.content.decode().lower(), path


def test_a_platform_admin_sees_all_teams(world: World):
    content = client_of(world.people["platform admin"]).get(address("changelist", Agent)).content.decode()
    assert "Own agent" in content
    assert f"{FOREIGN} agent" in content


def test_nobody_reads_messages_or_titles_in_the_admin(world: World):
    client = client_of(world.people["platform admin"])
    for model, row in world.rows.items():
        if model._meta.app_label == "chat":
            for path in (address("changelist", model), address("change", row), address("history", row)):
                content = client.get(path).content.decode()
                assert f"{FOREIGN} title" not in content
                assert f"{FOREIGN} words" not in content
    for row in (world.team, world.rows[User]):
        assert f"{FOREIGN} title" not in client.get(address("delete", row)).content.decode()


@pytest.mark.parametrize("person", ["platform admin", "owner"])
def test_a_person_s_own_prompts_are_on_no_page(world: World, person: str):
    client = client_of(world.people[person])
    own = make_prompt(world.people["owner"], name="diary", title="Dear diary", text="Secret words")
    assert outcome(client, address("changelist", SavedPrompt)) == "open"
    for path in (address("changelist", SavedPrompt), f"{address('changelist', SavedPrompt)}?q=diary"):
        assert own.title not in client.get(path).content.decode()
    for page in ("change", "delete", "history"):
        assert outcome(client, address(page, own)) == "hidden"
    chosen = {"action": "delete_selected", "_selected_action": [own.pk], "post": "yes"}
    client.post(address("changelist", SavedPrompt), chosen)
    assert SavedPrompt.objects.filter(pk=own.pk).exists()
    authority = authorization.authority_of(world.people[person])
    assert not any(authority.may(action, SavedPrompt, own) for action in authorization.Action)
    assert "diary" not in client_of(world.people["platform admin"]).get(reverse("studio:changes")).content.decode()
    assert (
        "diary"
        not in client_of(world.people["platform admin"]).get(address("delete", world.rows[User])).content.decode()
    )


@pytest.mark.parametrize(
    ("label", "lookup"),
    [
        ("ai_studio_providertoken", "ciphertext__startswith"),
        ("ai_studio_providertoken", "team__memberships__user__password__startswith"),
        ("ai_studio_agent", "instructions__contains"),
        ("ai_studio_savedprompt", "user__password__startswith"),
        ("ai_studio_user", "password__startswith"),
        ("chat_session", "title__contains"),
        ("chat_session", "messages__text__contains"),
        ("chat_generation", "session__title__contains"),
        ("chat_generation", "guidance__startswith"),
        ("chat_schedule", "prompt__startswith"),
    ],
)
def test_a_query_string_can_not_guess_at_what_is_not_shown(world: World, label: str, lookup: str):
    client = client_of(world.people["platform admin"])
    assert client.get(reverse(f"admin:{label}_changelist"), {lookup: "a"}).status_code == 400


@pytest.mark.parametrize(
    ("label", "query"),
    [
        ("ai_studio_agent", {"is_enabled__exact": "1"}),
        ("ai_studio_providertoken", {"provider__id__exact": "x"}),
        ("ai_studio_instructions", {"level__exact": "team"}),
        ("ai_studio_savedprompt", {"team__id__exact": "x"}),
        ("ai_studio_languagemodel", {"capability": "vision", "status__exact": "active"}),
        ("ai_studio_user", {"is_superuser__exact": "1"}),
        ("ai_studio_completion", {"created_at_from_0": "2026-01-01", "created_at_to_0": "2026-12-31"}),
        ("chat_session", {"updated_at_from_0": "2026-01-01"}),
        ("chat_generation", {"status__exact": "completed"}),
        ("chat_schedule", {"is_on__exact": "1"}),
        ("chat_generation", {"rating__exact": "down", "rating_reason__exact": "too_long"}),
    ],
)
def test_filters_work(world: World, label: str, query: dict[str, str]):
    page = client_of(world.people["platform admin"]).get(reverse(f"admin:{label}_changelist"), query)
    assert page.status_code == 200
    assert page.context["cl"].has_active_filters


def test_a_team_filters_by_its_own_teams_alone(world: World):
    page = client_of(world.people["owner"]).get(address("changelist", Agent), {"team__id__exact": world.other_team.pk})
    assert world.foreign[Agent] not in page.context["cl"].result_list


@pytest.mark.parametrize("person", ["owner", "member", "anonymous"])
def test_users_can_not_be_searched_through_the_autocomplete(world: World, person: str):
    query = {"app_label": "ai_studio", "model_name": "instructions", "field_name": "user", "term": ""}
    response = client_of(world.people[person]).get(reverse("admin:autocomplete"), query)
    assert response.status_code in {302, 403}


def test_an_action_reaches_only_the_teams_rows(world: World):
    client = client_of(world.people["owner"])
    rows = [world.foreign[Agent].pk, world.rows[Agent].pk]
    client.post(address("changelist", Agent), {"action": "delete_selected", "_selected_action": rows, "post": "yes"})
    assert set(Agent.objects.values_list("pk", flat=True)) == {world.foreign[Agent].pk}


def test_an_action_on_what_one_may_not_change_is_refused(world: World):
    chosen = {"action": "disable", "_selected_action": [world.model.pk]}
    assert client_of(world.people["owner"]).post(address("changelist", LanguageModel), chosen).status_code == 403
    assert LanguageModel.objects.get(pk=world.model.pk).is_enabled


@pytest.mark.parametrize("person", ["owner", "team admin", "stranger"])
def test_nobody_but_the_platform_admin_decides_where_tokens_are_sent(world: World, person: str):
    fields = {"name": "Mine", "provider_key": "openai", "base_url": "https://elsewhere.example.com", "is_enabled": "on"}
    client = client_of(world.people[person])
    assert client.post(address("change", world.provider), fields).status_code == 403
    assert client.post(address("add", Provider), fields).status_code == 403
    assert Provider.objects.get(pk=world.provider.pk).base_url == world.provider.base_url
    assert not Provider.objects.filter(name="Mine").exists()


def test_somebody_who_is_no_longer_active_administers_nothing(world: World):
    for person in ("platform admin", "owner"):
        user = world.people[person]
        user.is_active = False
        assert not authorization.may_enter_admin(user)
        assert not authorization.authority_of(user).visible(Agent).exists()
        assert not authorization.is_member(user, world.team.pk)
        assert not authorization.grantable_roles(user, world.team.pk)


def test_losing_the_role_closes_the_door_at_once(world: World):
    client = client_of(world.people["team admin"])
    assert outcome(client, address("changelist", Agent)) == "open"
    Membership.objects.filter(user=world.people["team admin"]).update(role="member")
    assert outcome(client, address("changelist", Agent)) == "refused"


def test_staff_without_a_team_is_nobody(world: World):
    staff = make_user("Staff", is_staff=True)
    assert outcome(client_of(staff), reverse("admin:index")) == "refused"


@pytest.mark.parametrize(
    ("person", "roles"),
    [
        ("platform admin", {"owner", "admin", "member"}),
        ("owner", {"owner", "admin", "member"}),
        ("team admin", {"admin", "member"}),
        ("member", set()),
        ("stranger", set()),
    ],
)
def test_who_gives_which_role(world: World, person: str, roles: set[str]):
    assert authorization.grantable_roles(world.people[person], world.team.pk) == roles


def test_membership_is_the_teams_own(world: World):
    found = {person: authorization.is_member(user, world.team.pk) for person, user in world.people.items()}
    assert found == dict.fromkeys(EVERYBODY, False) | dict.fromkeys(("owner", "team admin", "member"), True)


def test_signing_in_goes_through_the_products_own_door(world: World):
    client = client_of(world.people["anonymous"])
    response = client.post(reverse("admin:login"), {"username": "root@example.com", "password": "x"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert client_of(world.people["owner"]).get(reverse("admin:login")).headers["Location"] == reverse("admin:index")
    changed = client_of(world.people["owner"]).get(reverse("admin:password_change"))
    assert changed.headers["Location"] == reverse("account_change_password")


def test_signing_out_closes_the_admin(world: World):
    client = client_of(world.people["owner"])
    assert client.post(reverse("admin:logout")).headers["Location"] == reverse("account_login")
    assert outcome(client, reverse("admin:index")) == "sign in"
