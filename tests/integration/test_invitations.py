from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ai_studio import invitations
from ai_studio.models import Invitation, Membership, SecurityEvent, Team, User
from tests.factories import PASSWORD, join, make_team, make_user
from tests.integration.admin_world import client_of

pytestmark = pytest.mark.django_db

Role = Membership.Role
PASSWORD_FIELD = 'name="password1"'


@pytest.fixture
def team() -> Team:
    return make_team("Research")


@pytest.fixture
def alice(team: Team) -> User:
    alice = make_user("Alice")
    join(alice, team, Role.ADMIN)
    return alice


def link(team: Team, by: User, email: str = "bob@example.com", role: str = Role.MEMBER) -> str:
    _, secret = invitations.invite(team=team, email=email, role=role, by=by)
    return reverse("invitation", args=[secret])


def ask(client: Client, team: Team, **fields: str):
    data = {"team": team.pk, "email": "bob@example.com", "role": "member"} | fields
    return client.post(reverse("admin:ai_studio_invitation_add"), data, follow=True)


def test_a_team_admin_invites_and_sees_the_link_once(team: Team, alice: User):
    client = client_of(alice)
    page = ask(client, team).content.decode()
    shown = re.search(r"http://testserver(/invitations/[\w-]+/)", page)
    assert shown
    assert shown[1] in mail.outbox[0].body
    assert mail.outbox[0].to == ["bob@example.com"]
    secret = shown[1].split("/")[2]
    assert secret not in client.get(reverse("admin:ai_studio_invitation_changelist")).content.decode()
    assert secret not in str(list(Invitation.objects.values())) + str(list(SecurityEvent.objects.values()))


def test_an_account_that_is_there_joins_once(team: Team, alice: User):
    bob, address = make_user("Bob"), link(team, alice, email="BOB@example.com")
    client = client_of(bob)
    assert "Join Research" in client.get(address).content.decode()
    assert client.post(address).headers["Location"] == "/"
    assert Membership.objects.get(user=bob).role == Role.MEMBER
    assert User.objects.get(pk=bob.pk).active_team == team
    assert client.post(address).status_code == client.get(address).status_code == 404
    events = SecurityEvent.objects.filter(event__startswith="invitation").order_by("pk")
    assert [(event.event, event.actor) for event in events] == [
        ("invitation_made", alice.email),
        ("invitation_accepted", bob.email),
    ]


def test_somebody_new_makes_an_account_through_the_closed_door(team: Team, alice: User):
    client = Client()
    assert PASSWORD_FIELD not in client.get(reverse("account_signup")).content.decode()
    address = link(team, alice)
    page = client.get(address)
    assert reverse("account_signup") in page.context["address"]
    fields = {"email": "mallory@example.com", "password1": PASSWORD, "password2": PASSWORD, "next": address}
    refused = client.post(reverse("account_signup"), fields)
    assert "You were invited as bob@example.com" in refused.content.decode()
    assert not User.objects.filter(email="mallory@example.com").exists()
    made = client.post(reverse("account_signup"), fields | {"email": "bob@example.com"})
    assert made.headers["Location"] == address
    client.post(address)
    assert Membership.objects.get(user__email="bob@example.com").team == team
    # The invitation is used: the door is closed again.
    assert PASSWORD_FIELD not in Client().get(reverse("account_signup")).content.decode()


def test_it_is_nobody_elses(team: Team, alice: User):
    address = link(team, alice)
    mallory = client_of(make_user("Mallory"))
    assert "For somebody else" in mallory.get(address).content.decode()
    assert mallory.post(address).status_code == 403
    assert not Membership.objects.filter(user__email="mallory@example.com").exists()


@pytest.mark.parametrize("reason", ["unknown", "expired", "revoked", "replaced"])
def test_what_is_not_open_looks_the_same(team: Team, alice: User, reason: str):
    bob, address = make_user("Bob"), link(team, alice)
    if reason == "unknown":
        address = reverse("invitation", args=["x" * 43])
    elif reason == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif reason == "revoked":
        row = Invitation.objects.get()
        client_of(alice).post(reverse("admin:ai_studio_invitation_delete", args=[row.pk]), {"post": "yes"})
        assert SecurityEvent.objects.filter(event="invitation_revoked", actor=alice.email).exists()
    else:
        link(team, alice, email="Bob@Example.com")
    for client in (client_of(bob), Client()):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert not Membership.objects.filter(user=bob).exists()


def test_who_is_in_the_team_keeps_the_role(team: Team, alice: User):
    address = link(team, alice, email=alice.email)
    client_of(alice).post(address)
    assert Membership.objects.get(user=alice).role == Role.ADMIN


def test_what_can_not_be_asked_for(team: Team, alice: User):
    client = client_of(alice)
    other = make_team("Elsewhere")
    join(make_user("Bob"), team)
    assert "Only an owner" in ask(client, team, email="new@example.com", role="owner").content.decode()
    assert "in the team already" in ask(client, team, email="BOB@example.com").content.decode()
    assert "Select a valid choice" in ask(client, other, email="new@example.com").content.decode()
    assert not Invitation.objects.exists()


def test_a_mail_that_can_not_be_sent_leaves_the_link(team: Team, alice: User, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = ask(client_of(alice), team).content.decode()
    assert "could not be sent" in page
    assert "/invitations/" in page
