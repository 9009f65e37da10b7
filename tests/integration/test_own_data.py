"""One's own data: brought along, taken along, deleted."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ai_studio import gateway
from ai_studio.models import Instructions, Membership, Revision, User
from chat.models import Device, Draft, Folder, Generation, Message, Preferences, Session, Share
from tests import factories
from tests.integration.rest import signed_in
from tests.unit.chat.test_importing import CHATGPT, LIBRECHAT, OPEN_WEBUI

pytestmark = pytest.mark.django_db(transaction=True)


def bring(client: Client, document: object) -> str:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    answer = client.post("/settings/import/", {"file": SimpleUploadedFile("conversations.json", data)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/settings/#data"
    return answer.content.decode()


def test_chats_are_imported_once_with_all_branches(api, alice):
    for _ in range(2):
        page = bring(api, [CHATGPT, OPEN_WEBUI])
    assert "2 were here before" in page
    sessions = Session.objects.filter(user=alice)
    assert sessions.count() == 2
    session = sessions.get(messages__text="Thanks.")
    assert (session.title, session.messages.count(), session.leaf.text) == ("Monads", 4, "Thanks.")
    shown = api.get(f"/api/sessions/{session.pk}/messages").json()["messages"]
    assert [message["parts"][0]["text"] for message in shown] == ["What is a monad?", "A monoid.", "Thanks."]
    assert len(api.get("/api/search?q=monoid").json()["messages"]) == 2
    assert session.created_at.year == 2023


def test_the_same_file_is_another_one_for_somebody_else(api, people):
    bring(api, [LIBRECHAT])
    bring(signed_in(people.bob), [LIBRECHAT])
    assert sorted(Session.objects.values_list("user__name", flat=True)) == ["Alice", "Bob"]


def test_nothing_is_applied_by_halves(api, monkeypatch):
    broken = [
        CHATGPT,
        OPEN_WEBUI | {"chat": {"history": {"messages": {"a": {"role": "user", "content": "x", "timestamp": 5}}}}},
    ]
    monkeypatch.setattr("chat.services.importing.ROWS_AT_ONCE", -1)
    with pytest.raises(ValueError, match="Batch size"):
        bring(api, broken)
    assert not Session.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hello", "no JSON"),
        (b"[]", "no export"),
        (b"PK\x03\x04", "damaged"),
        (b'{"format":"chat-studio","chats":[]}', "no chats"),
    ],
)
def test_a_file_that_can_not_be_read_says_why(api, data, said):
    assert said in bring(api, data)
    assert not Session.objects.exists()


def test_a_file_has_a_limit(api, settings):
    settings.IMPORT_MAX_MEGABYTES = 0
    assert "larger than 0 MB" in bring(api, [CHATGPT])
    answer = api.post("/settings/import/", follow=True)
    assert "Choose a file first." in answer.content.decode()


def test_everything_is_taken_along_and_taken_back_elsewhere(api, people, alice):
    session = factories.make_session(alice, title="Monads")
    question = factories.make_message(session, "What is a monad?")
    factories.make_message(session, "Another", role="assistant", parent=question)
    factories.make_message(session, "A monoid.", role="assistant", parent=question)
    answer = api.post("/settings/export/", {"format": "json"})
    document = json.loads(b"".join(answer.streaming_content))
    bob = signed_in(people.bob)
    bring(bob, document)
    copy = Session.objects.get(user=people.bob)
    assert (copy.title, copy.messages.count(), copy.leaf.text) == ("Monads", 3, "A monoid.")
    zipped = api.post("/settings/export/", {"format": "markdown"})
    assert b"".join(zipped.streaming_content).startswith(b"PK")


def test_deleting_one_s_data_leaves_nothing_of_it_and_all_of_others(api, people, alice):
    folder = factories.make_folder(alice)
    session = factories.make_session(alice, folder=folder)
    answer = factories.make_message(session, "a walrus", role="assistant")
    Generation.objects.create(id="generation-0123456789", session=session, message=answer, status="completed")
    Share.objects.create(session=session, audience="anyone", is_live=True)
    factories.make_session(alice, deleted_at=session.created_at)
    foreign = factories.make_session(people.bob)
    page = api.post("/settings/delete/", follow=True).content.decode()
    assert "Nothing is deleted" in page
    assert Session.objects.filter(user=alice).count() == 2
    api.post("/settings/delete/", {"sure": "on"})
    assert list(Session.objects.values_list("pk", flat=True)) == [foreign.pk]
    assert not any(kind.objects.exists() for kind in (Message, Generation, Share, Folder))


def leave_traces(user: User) -> Session:
    session = factories.make_session(user)
    Draft.objects.create(user=user, text="Not sent yet")
    Draft.objects.create(user=user, session=session, text="Half an answer")
    Draft.objects.create(user=user, session=factories.make_session(user), text="")
    Preferences.objects.create(user=user, values={"theme": "dark"})
    gateway.save_own_instructions(user.pk, text="I am a secret.", enabled=True)
    gateway.save_own_instructions(user.pk, text=f"Call me {user.name}.", enabled=False)
    model = factories.make_model(display_name="Walrus")
    Membership.objects.filter(user=user).update(preferred_model=model)
    return session


def test_what_is_taken_along_holds_more_than_chats(api, people, alice):
    session = leave_traces(alice)
    leave_traces(people.bob)
    document = json.loads(b"".join(api.post("/settings/export/", {"format": "json"}).streaming_content))
    assert document["instructions"] == {"text": "Call me Alice.", "enabled": False}
    assert document["preferences"]["theme"] == "dark"
    assert [team["model"]["name"] for team in document["preferences"]["teams"]] == ["Walrus"]
    drafts = [(draft["session"], draft["text"]) for draft in document["drafts"]]
    assert drafts == [(None, "Not sent yet"), (session.pk, "Half an answer")]
    assert [device["browser"] for device in document["devices"]] == ["A browser"]
    assert api.session.session_key not in json.dumps(document)
    zipped = io.BytesIO(b"".join(api.post("/settings/export/", {"format": "markdown"}).streaming_content))
    rest = json.loads(
        zipfile.ZipFile(zipped).read("Instructions, memory, schedules, preferences, drafts and devices.json")
    )
    assert rest == {
        key: document[key] for key in ("instructions", "memory", "preferences", "schedules", "drafts", "devices")
    }
    one = api.post("/api/sessions/exported", {"sessions": [session.pk], "format": "json"}, "application/json")
    assert json.loads(b"".join(one.streaming_content)).keys() == {"format", "version", "chats"}


def test_deleting_takes_instructions_preferences_drafts_and_the_other_devices(api, people, alice):
    elsewhere = signed_in(alice)
    assert Device.objects.filter(user=alice).count() == 2
    leave_traces(alice)
    leave_traces(people.bob)
    api.post("/settings/delete/", {"sure": "on"})
    assert set(Draft.objects.values_list("user__name", flat=True)) == {"Bob"}
    assert set(Preferences.objects.values_list("user__name", flat=True)) == {"Bob"}
    chosen = Membership.objects.exclude(preferred_model=None)
    assert set(chosen.values_list("user__name", flat=True)) == {"Bob"}
    assert api.get("/api/instructions").json() == {"text": "", "enabled": True}
    assert set(Instructions.objects.values_list("user__name", flat=True)) == {"Bob"}
    assert set(Revision.objects.values_list("author__name", flat=True)) == {"Bob"}
    history = Instructions.history  # type: ignore[attr-defined]
    assert set(history.values_list("user__name", flat=True)) == {"Bob"}
    assert [device.session_key for device in Device.objects.filter(user=alice)] == [api.session.session_key]
    assert api.get("/api/studio").status_code == 200
    assert elsewhere.get("/api/studio").status_code != 200


@pytest.mark.parametrize("path", ["import", "export", "delete"])
def test_nobody_does_it_without_signing_in_or_by_a_link(api, path):
    assert Client().post(f"/settings/{path}/").status_code == 302
    assert api.get(f"/settings/{path}/").status_code == 405
