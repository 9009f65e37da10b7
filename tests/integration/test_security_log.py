from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from ai_studio import security_log, services
from ai_studio.models import Membership, ProviderToken, SecurityEvent, User
from ai_studio.security_log import Event
from tests.factories import PASSWORD, join, make_provider, make_team, make_user
from tests.integration.admin_world import client_of

pytestmark = pytest.mark.django_db


def lines(*events: Event) -> list[SecurityEvent]:
    return list(SecurityEvent.objects.filter(event__in=events).order_by("pk"))


@pytest.mark.parametrize("change", ["save", "update", "delete", "truncate"])
def test_the_database_refuses_to_change_what_is_written(change: str):
    written = security_log.record(Event.EXPORTED, subject="the studio")
    rows = SecurityEvent.objects.filter(pk=written.pk)

    def empty() -> None:
        with connection.cursor() as cursor:
            emptying = {"sqlite": "DELETE FROM", "postgresql": "TRUNCATE"}[connection.vendor]
            cursor.execute(f"{emptying} ai_studio_securityevent")

    written.actor = "somebody else"
    attempts: dict[str, Callable[[], object]] = {
        "save": written.save,
        "update": lambda: rows.update(actor="x"),
        "delete": rows.delete,
        "truncate": empty,
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempts[change]()
    assert rows.get().actor == ""


def test_what_is_rolled_back_did_not_happen():
    with transaction.atomic():
        security_log.record(Event.EXPORTED)
        transaction.set_rollback(True)
    assert lines(Event.EXPORTED) == []


def sign_in(client: Client, email: str, password: str):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signing_in_and_out():
    alice, client = make_user("Alice"), Client(REMOTE_ADDR="192.0.2.7")
    sign_in(client, alice.email, "not-the-password")
    sign_in(client, alice.email, PASSWORD)
    client.post(reverse("account_logout"))
    told = lines(Event.SIGN_IN_FAILED, Event.SIGN_IN, Event.SIGN_OUT)
    assert [line.event for line in told] == ["sign_in_failed", "sign_in", "sign_out"]
    assert [line.actor for line in told] == ["", alice.email, alice.email]
    assert told[0].subject == alice.email
    assert {line.address for line in told} == {"192.0.2.7"}
    assert "not-the-password" not in str(list(SecurityEvent.objects.values()))


def test_a_password_in_the_wrong_field_is_not_kept():
    assert authenticate(None, username="hunter2-is-my-password", password="x") is None
    assert lines(Event.SIGN_IN_FAILED)[0].subject == ""


def test_roles_in_a_team():
    alice, bob, team = make_user("Alice"), make_user("Bob"), make_team("Research")
    join(alice, team, Membership.Role.OWNER)
    membership = services.add_member(team=team, user=bob)
    membership.role = Membership.Role.ADMIN
    membership.save(update_fields=["role"])
    membership.save()  # changes nothing, says nothing
    services.remove_member(membership=membership)
    told = [line for line in lines(Event.ROLE_CHANGED) if line.subject == bob.email]
    assert [(line.details["before"], line.details["after"]) for line in told] == [
        (None, "member"),
        ("member", "admin"),
        ("admin", None),
    ]
    assert {line.team for line in told} == {"Research"}


def test_platform_admins_are_made_and_unmade_by_somebody():
    root, bob = make_user("Root", is_superuser=True, is_staff=True), make_user("Bob")
    client = client_of(root)
    page = reverse("admin:ai_studio_user_change", args=[bob.pk])
    for on in ({"is_superuser": "on"}, {}):
        fields = {"email": bob.email, "name": "Bob", "language": "en", "is_active": "on"} | on
        inline = {f"memberships-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        assert client.post(page, fields | inline).status_code == 302
    told = [line for line in lines(Event.ROLE_CHANGED) if line.subject_id == bob.pk]
    assert [line.details["after"] for line in told] == ["platform admin", "user"]
    assert {line.actor for line in told} == {root.email}
    assert {line.address for line in told} == {"127.0.0.1"}


def test_tokens_come_change_and_go_without_their_value():
    root = make_user("Root")
    token = ProviderToken(provider=make_provider(name="OpenAI"), label="Main")
    services.set_provider_token(token=token, value="sk-the-first-secret-0001", by=root)
    services.set_provider_token(token=token, value="sk-the-second-secret-0002", by=root)
    token.priority = 3
    token.save()
    ProviderToken.objects.get(pk=token.pk).delete()
    told = lines(Event.TOKEN_ADDED, Event.TOKEN_ROTATED, Event.TOKEN_REMOVED)
    assert [(line.event, line.subject) for line in told] == [
        ("token_added", "Main …0001"),
        ("token_rotated", "Main …0002"),
        ("token_removed", "Main …0002"),
    ]
    assert {line.details["provider"] for line in told} == {"OpenAI"}
    assert "secret" not in str(list(SecurityEvent.objects.values()))


def test_api_tokens_by_every_door():
    alice = make_user("Alice")
    client = client_of(alice)
    client.post(reverse("chat:create_token"))
    call_command("create_api_token", alice.email, stdout=StringIO())
    digest = AuthToken.objects.filter(user=alice).order_by("created").first().digest
    client.post(reverse("chat:revoke_token", args=[digest]))
    told = lines(Event.API_TOKEN_MADE, Event.API_TOKEN_REVOKED)
    assert [(line.event, line.actor) for line in told] == [
        ("api_token_made", alice.email),
        ("api_token_made", ""),
        ("api_token_revoked", alice.email),
    ]


def test_an_account_leaves_its_lines_behind():
    alice, team = make_user("Alice"), make_team()
    join(alice, team)
    alice.set_password("another-long-password")
    alice.save()
    alice.is_active = False
    alice.save()
    User.objects.get(pk=alice.pk).delete()
    events = [line.event for line in SecurityEvent.objects.filter(subject=alice.email).order_by("pk")]
    assert events == [
        "account_made",
        "role_changed",
        "password_changed",
        "account_changed",
        "role_changed",
        "account_removed",
    ]


def test_the_page_shows_and_does_not_change():
    root = make_user("Root", is_superuser=True, is_staff=True)
    line = security_log.record(Event.PROMPT_READ, subject="Alice", by=root, model="Story")
    client = client_of(root)
    shown = client.get(reverse("admin:ai_studio_securityevent_changelist")).content.decode()
    assert "Somebody&#x27;s prompt read" in shown
    assert "model: Story" in shown
    page = reverse("admin:ai_studio_securityevent_change", args=[line.pk])
    assert 'name="_save"' not in client.get(page).content.decode()
    assert client.post(page, {"actor": "x"}).status_code == 403
