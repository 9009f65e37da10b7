"""One's own data: brought along, taken along, deleted."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from chat.models import Folder, Generation, Message, Session, Share
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


@pytest.mark.parametrize("path", ["import", "export", "delete"])
def test_nobody_does_it_without_signing_in_or_by_a_link(api, path):
    assert Client().post(f"/settings/{path}/").status_code == 302
    assert api.get(f"/settings/{path}/").status_code == 405
