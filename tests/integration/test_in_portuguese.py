"""What the server says to somebody whose pages are in Portuguese."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from ai_studio import invitations
from ai_studio.models import Membership, User
from chat.errors import ModelUnavailable
from chat.models import Device, Preferences
from chat.services.devices import browser_name
from tests import factories
from tests.integration.rest import post, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portuguese(alice: User) -> Client:
    Preferences.objects.create(user=alice, values={"language": "pt-br"})
    return signed_in(alice)


def test_a_chat_is_taken_along_in_the_language_of_its_owner(portuguese, alice):
    session = factories.make_session(alice, title="Não é só café")
    question = factories.make_message(session, "O que é?")
    factories.make_message(session, "Um monoide.", role="assistant", parent=question)
    answer = post(portuguese, "/api/sessions/exported", {"sessions": [session.pk], "format": "markdown"})
    text = b"".join(answer.streaming_content).decode()
    assert text == "# Não é só café\n\n## Você\n\nO que é?\n\n## Resposta\n\nUm monoide.\n"
    assert 'filename="Nao e so cafe.md"' in answer["Content-Disposition"]
    assert translation.get_language() == "en"


def test_the_browser_decides_where_nothing_is_chosen(alice):
    session = factories.make_session(alice)
    factories.make_message(session, "Olá")
    body = {"sessions": [session.pk], "format": "markdown"}
    said = {}
    for language in ("pt-PT", "fr"):
        client = signed_in(alice)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        said[language] = b"".join(post(client, "/api/sessions/exported", body).streaming_content).decode()
    assert "## Você" in said["pt-PT"]
    assert "## You" in said["fr"]


def test_everything_is_taken_along_in_it(portuguese, alice):
    factories.make_session(alice)
    answer = portuguese.post("/settings/export/", {"format": "markdown"})
    assert "Conversas.zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert set(archive.namelist()) == {
            "Instruções, memória, agendamentos, preferências, rascunhos e dispositivos.json",
            "Conversa.md",
        }


def test_a_temporary_chat_is_named_in_it(portuguese):
    session = post(portuguese, "/api/sessions", {"temporary": True}).json()
    assert '<h1 dir="auto">Conversa temporária</h1>' in portuguese.get(f"/c/{session['id']}/print").content.decode()


def test_a_preference_that_can_not_be_saved_says_why(portuguese, people):
    chosen = factories.make_model(display_name="Gone")
    Membership.objects.filter(user=people.alice).update(preferred_model=chosen)
    # Held, and so offered; between the page and the click another tab lets go of it.
    form = {"form": "preferences", "preferences-language": "pt-br", f"preferences-model:{people.team.pk}": chosen.pk}
    words = {"theme": "system", "density": "compact", "send_key": "enter", "notifications": "off"}
    form |= {f"preferences-{key}": word for key, word in words.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chat.services.preferences.require_usable", _refuse)
        page = portuguese.post("/settings/", form).content.decode()
    assert "Sua equipe não pode usar este modelo agora. Escolha outro." in page


def _refuse(*_args: object, **_named: object) -> None:
    raise ModelUnavailable


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Firefox no Linux"),
        ("curl on Linux", "Um navegador no Linux"),
        ("", "Um navegador"),
        ("Firefox/140.0", "Firefox"),
    ],
)
def test_the_names_of_browsers(user_agent, said):
    with translation.override("pt-br"):
        assert Device(browser=browser_name(user_agent)).shown_browser() == said


def test_an_invitation_is_in_the_language_of_who_invites(people):
    with translation.override("pt-br"):
        made, _secret = invitations.invite(team=people.team, email="new@example.com", role="member", by=people.alice)
        assert invitations.mail(made, address="https://chat.example/x")
    [sent] = mail.outbox
    assert sent.subject == f"Participe de {people.team} no Chat Studio"
    assert f"Você foi convidado para a equipe {people.team}" in sent.body
    assert " de 20" in sent.body  # the day, as it is written there


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "This must not be empty. Write something."),
        ("x" * 101, "This is too long, or there is too much of it. Shorten it."),
        (None, "This command lacks something or has a field of the wrong kind. Reload the page."),
    ],
)
def test_what_a_person_can_get_wrong_is_told_apart_from_what_a_program_can(portuguese, name, said):
    error = post(portuguese, "/api/folders", {"name": name}).json()["error"]
    assert (error["code"], error["sentence"]) == ("invalid_command", said)
    assert error["text"].startswith("name: ")
