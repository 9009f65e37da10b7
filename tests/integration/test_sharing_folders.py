"""What others read under the link of a folder, who may, until when; and how a reader goes on in a chat of their own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai_studio.ids import new_id
from ai_studio.models import Agent
from chat.models import Folder, Generation, Message, Session, Share
from chat.shares import place_of
from tests import factories
from tests.factories import People
from tests.integration.conftest import usable_model
from tests.integration.rest import assert_refused, post, put, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


def chat(folder: Folder, title: str, **fields: Any) -> Session:
    session = factories.make_session(folder.user, title=title, folder=folder, **fields)
    question = factories.make_message(session, f"Question of {title}")
    answer = factories.make_message(session, f"Answer of {title}", role="assistant", parent=question)
    answer.parts = [{"type": "reasoning", "text": "SECRET thought"}, {"type": "text", "text": f"Answer of {title}"}]
    answer.save()
    metadata = {"cost": "0.424242", "requested_model": "SECRET-model"}
    Generation.objects.create(id=new_id(), session=session, message=answer, status="completed", metadata=metadata)
    return session


@pytest.fixture
def folder(people: People) -> Folder:
    """One in which another lies; and beside it one that is not shared."""
    made = factories.make_folder(people.alice, name="Thesis", instructions="SECRET instructions")
    inner = factories.make_folder(people.alice, name="Chapter", parent=made, instructions="SECRET too")
    chat(made, "Monads")
    chat(inner, "Functors")
    chat(factories.make_folder(people.alice, name="SECRET beside"), "SECRET other chat")
    return made


def share(api: Client, folder: Folder, **terms: Any) -> dict[str, Any]:
    made = post(api, f"/api/folders/{folder.pk}/shares", {"audience": "anyone", "live": True} | terms)
    assert made.status_code == 201, made.content
    shown: dict[str, Any] = made.json()
    return shown


def listed(path: str, client: Client | None = None) -> dict[str, str]:
    """The paths of the chats by their titles."""
    text = (client or Client()).get(path).content.decode()
    return {title: path for path, title in re.findall(r'<a href="([^"]+)"><bdi>([^<]*)</bdi>', text)}


def test_a_link_lists_what_lies_in_the_folder_and_leads_to_each(api, people, folder):
    link = share(api, folder)
    page = Client().get(link["path"])
    text = page.content.decode()
    chats = listed(link["path"])
    assert chats.keys() == {"Monads", "Functors"}
    assert "Chapter" in text
    read = [Client().get(path) for path in chats.values()]
    assert "Answer of Monads" in read[[*chats].index("Monads")].content.decode()
    for shown in (page, *read):
        everything = shown.content.decode()
        ids = [one.pk for one in (*Session.objects.all(), *Folder.objects.all(), *Message.objects.all())]
        for secret in ("SECRET", "0.424242", "alice", *ids):
            assert secret not in everything
        assert shown["X-Robots-Tag"] == "noindex, nofollow"
        assert shown["Referrer-Policy"] == "no-referrer"
        assert "no-store" in shown["Cache-Control"]
        assert "default-src 'none'" in shown["Content-Security-Policy"]


def test_chats_that_come_later_are_in_it_and_those_that_are_put_away_are_not(api, people, folder):
    link = share(api, folder)
    later = chat(folder, "Later")
    gone = [
        chat(folder, "Archived", archived_at=timezone.now()),
        chat(folder, "Deleted", deleted_at=timezone.now()),
        chat(folder, "Temporary", is_temporary=True),
    ]
    factories.make_session(people.alice, title="Empty", folder=folder)
    before = listed(link["path"])
    assert before.keys() == {"Monads", "Functors", "Later"}
    for session in gone:
        place = place_of(Share.objects.get(), session.pk)
        assert Client().get(f"{link['path']}/chat/{place}").status_code == 404
    put_away = post(api, "/api/sessions/changed", {"sessions": [later.pk], "folder": None})
    assert put_away.status_code == 200
    assert listed(link["path"]).keys() == {"Monads", "Functors"}
    assert Client().get(before["Later"]).status_code == 404


def test_a_chat_under_one_link_has_another_name_under_another(api, folder):
    first, second = listed(share(api, folder)["path"]), share(api, folder)["path"]
    place = first["Monads"].rpartition("/")[2]
    assert Client().get(f"{second}/chat/{place}").status_code == 404
    assert Client().get(f"{second}/chat/x").status_code == 404


def test_a_link_for_the_team_is_for_the_team(api, people, folder):
    path = share(api, folder, audience="team")["path"]
    one = listed(path, signed_in(people.bob))["Monads"]
    for address in (path, one):
        assert Client().get(address).status_code == 302
        assert signed_in(people.bob).get(address).status_code == 200
        assert signed_in(people.charlie).get(address).status_code == 404


@pytest.mark.parametrize("how", ["expired", "ended", "deleted", "erased", "left", "locked"])
def test_a_link_that_has_ended_looks_like_one_that_never_was(api, people, folder, how):
    link = share(api, folder)
    one = listed(link["path"])["Monads"]
    if how == "expired":
        Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "ended":
        assert api.delete(f"/api/shares/{link['id']}").status_code == 204
    elif how == "deleted":
        api.delete(f"/api/folders/{folder.pk}")
    elif how == "erased":  # a legal hold keeps the row
        Folder.objects.filter(pk=folder.pk).update(erased_at=timezone.now())
    elif how == "left":
        people.alice.memberships.all().delete()
    else:
        type(people.alice).objects.filter(pk=people.alice.pk).update(is_active=False)
    never = Client().get("/share/" + "x" * 32)
    for path in (link["path"], one):
        gone = Client().get(path)
        assert (gone.status_code, gone.content) == (404, never.content)
    assert signed_in(people.bob).post(f"{one}/copy", {"target": new_id()}).status_code == 404


def test_the_owner_sees_which_folders_others_can_read(api, people, folder):
    def seen() -> dict[str, bool]:
        return {one["name"]: one["shared"] for one in api.get("/api/folders").json()["folders"]}

    assert set(seen().values()) == {False}
    link = share(api, folder)
    assert seen() == {one: one == folder.name for one in seen()}
    Share.objects.filter(pk=link["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert set(seen().values()) == {False}
    again = share(api, folder)
    assert seen()[folder.name]
    assert api.delete(f"/api/shares/{again['id']}").status_code == 204
    assert set(seen().values()) == {False}


def test_links_are_listed_and_limited(api, people, folder):
    link = share(api, folder, audience="team")
    path = f"/api/folders/{folder.pk}/shares"
    assert api.get(path).json() == {"shares": [link]}
    assert_refused(post(api, path, {"audience": "team", "live": False}), 400, "invalid_command")
    past = {"audience": "team", "live": True, "expires_at": "2020-01-01T00:00Z"}
    assert_refused(post(api, path, past), 400, "invalid_command")
    assert_refused(signed_in(people.bob).delete(f"/api/shares/{link['id']}"), 404, "share_not_found")
    for _ in range(19):
        share(api, folder)
    assert_refused(post(api, path, {"audience": "team", "live": True}), 400, "invalid_command")


def test_a_folder_of_hundreds_is_listed_in_pages(api, people, folder):
    path = share(api, folder)["path"]
    for number in range(100):
        chat(folder, f"Number {number}")
    assert len(listed(path)) == 100
    assert len(listed(f"{path}?page=2")) == 2
    assert len(listed(f"{path}?page=nonsense")) == 100


@pytest.mark.parametrize("never", ["x", "x%00" * 16, "%F0%9F%98%80" * 16, "x" * 65])
def test_an_address_that_is_none_leads_nowhere(api, people, folder, never):
    for path in (f"/share/{never}", f"/share/{never}/chat/x", f"{share(api, folder)['path']}/chat/{never}"):
        assert Client().get(path).status_code == 404


# --- Going on ---------------------------------------------------------------------------------------------------------


def go_on(client: Client, path: str, target: str) -> Any:
    return client.post(f"{path}/copy", {"target": target})


def test_a_member_goes_on_in_a_chat_of_their_own(api, people, folder, story):
    agent = factories.make_agent(people.team, name="Coder")
    session = Session.objects.get(title="Monads")
    Session.objects.filter(pk=session.pk).update(model=story, agent=agent, tags=["SECRET"])
    question = session.messages.get(role="user")
    file = {
        "type": "file",
        "attachment": "att-1",
        "url": "/x",
        "filename": "notes.txt",
        "mediaType": "text/plain",
        "size": 9,
    }
    Message.objects.filter(pk=question.pk).update(parts=[file, *question.parts])
    source = {"type": "source-url", "sourceId": "source1", "url": "https://example.com/", "title": "Monads"}
    answer = session.messages.get(role="assistant")
    Message.objects.filter(pk=answer.pk).update(parts=[*answer.parts, source])
    one = listed(share(api, folder)["path"])["Monads"]
    bob, target = signed_in(people.bob), new_id()
    assert "Go on in a chat of your own" in bob.get(one).content.decode()
    made = go_on(bob, one, target)
    assert (made.status_code, made["Location"]) == (302, f"/c/{target}")
    assert go_on(bob, one, target).status_code == 302, "again changes nothing"
    own = Session.objects.get(pk=target)
    assert (own.user, own.team, own.title) == (people.bob, people.team, "Monads")
    assert (own.model, own.agent, own.folder, own.tags) == (story, agent, None, [])
    copied = bob.get(f"/api/sessions/{target}/messages").json()["messages"]
    assert [one["role"] for one in copied] == ["user", "assistant"]
    assert copied[0]["parts"] == [{"type": "text", "text": "File: notes.txt\n\nQuestion of Monads"}]
    assert copied[1]["parts"] == [source, {"type": "text", "text": "Answer of Monads"}]
    assert copied[1]["generation"] is None
    assert (own.leaf_id, Session.objects.filter(user=people.bob).count()) == (copied[1]["id"], 1)
    assert "SECRET" not in str(copied)


def test_a_reader_gets_no_model_and_agent_that_they_may_not_use(api, people, folder, story):
    draft = factories.make_agent(people.team, name="Draft", visibility=Agent.Visibility.ADMINS)
    elsewhere = usable_model(people.other_team, display_name="Elsewhere")
    Session.objects.filter(title="Monads").update(model=elsewhere, agent=draft)
    target = new_id()
    go_on(signed_in(people.bob), listed(share(api, folder)["path"])["Monads"], target)
    own = Session.objects.get(pk=target)
    assert (own.model, own.agent) == (None, None)


def test_who_is_not_of_the_team_or_not_signed_in_reads_and_does_not_go_on(api, people, folder):
    one = listed(share(api, folder)["path"])["Monads"]
    for client, status in ((Client(), 302), (signed_in(people.charlie), 404), (api, 404)):
        page = client.get(one)
        assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
        assert "Go on in" not in page.content.decode()
        assert go_on(client, one, new_id()).status_code == status
    assert signed_in(people.bob).get(one)["Referrer-Policy"] == "same-origin"
    assert Session.objects.count() == 3


@pytest.mark.parametrize("target", ["", "short", "x\x00" * 10, "taken"])
def test_an_id_that_can_t_be_is_refused(api, people, folder, target):
    one = listed(share(api, folder)["path"])["Monads"]
    wanted = Session.objects.get(title="Functors").pk if target == "taken" else target
    assert go_on(signed_in(people.bob), one, wanted).status_code == 404
    assert not Session.objects.filter(user=people.bob).exists()


def test_a_page_of_another_site_makes_no_chat(api, people, folder):
    one = listed(share(api, folder)["path"])["Monads"]
    bob = Client(enforce_csrf_checks=True)
    bob.force_login(people.bob, backend="django.contrib.auth.backends.ModelBackend")
    assert go_on(bob, one, new_id()).status_code == 403
    assert signed_in(people.bob).get(f"{one}/copy").status_code == 405


def test_a_single_chat_and_a_picture_of_it_go_on_as_they_are_shown(api, people, folder):
    session = Session.objects.get(title="Monads")
    made = post(api, f"/api/sessions/{session.pk}/shares", {"audience": "team", "live": False}).json()
    factories.make_message(session, "SECRET later")
    Session.objects.filter(pk=session.pk).update(title="SECRET renamed")
    target, bob = new_id(), signed_in(people.bob)
    assert go_on(bob, made["path"], target).status_code == 302
    assert Session.objects.get(pk=target).title == "Monads"
    assert "SECRET" not in bob.get(f"/api/sessions/{target}/messages").content.decode()


def test_what_is_being_written_is_not_copied(api, people, folder):
    session = Session.objects.get(title="Monads")
    answer = factories.make_message(session, "half an ans", role="assistant")
    Generation.objects.create(id=new_id(), session=session, message=answer, status="streaming")
    target, bob = new_id(), signed_in(people.bob)
    go_on(bob, listed(share(api, folder)["path"])["Monads"], target)
    assert "half an ans" not in bob.get(f"/api/sessions/{target}/messages").content.decode()
    assert put(bob, "/api/drafts/new", {"text": "", "version": 0}).status_code == 200
