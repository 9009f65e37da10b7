"""What others read under a link, and what one takes along as a file: what was said, and nothing else."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ai_studio.ids import new_id
from chat.models import Generation, Session, Share
from tests import factories
from tests.factories import People
from tests.integration.rest import assert_refused, post, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(people: People) -> Session:
    """A question, an answer with all its secrets, and another branch."""
    folder = factories.make_folder(people.alice, instructions="SECRET folder instructions")
    session = factories.make_session(people.alice, title="Monads", folder=folder, tags=["SECRETTAG"])
    question = factories.make_message(session, "What is a monad? <b>&amp;")
    other = factories.make_message(session, "SECRET other branch", role="assistant", parent=question)
    answer = factories.make_message(session, "A *monoid*", role="assistant", parent=question)
    answer.parts = [{"type": "reasoning", "text": "SECRET thought"}, {"type": "text", "text": "A *monoid*"}]
    answer.save()
    for message in (other, answer):
        metadata = {"cost": "0.424242", "input_tokens": 777777, "requested_model": "SECRET-model"}
        secrets = {"metadata": metadata, "guidance": "SECRET wish"}
        Generation.objects.create(id=new_id(), session=session, message=message, status="completed", **secrets)
    return session


def share(api: Client, session: Session, **terms: Any) -> dict[str, Any]:
    made = post(api, f"/api/sessions/{session.pk}/shares", {"audience": "anyone", "live": False} | terms)
    assert made.status_code == 201, made.content
    shown: dict[str, Any] = made.json()
    return shown


def test_a_link_shows_what_was_said_and_nothing_else(api, session):
    link = share(api, session)
    page = Client().get(link["path"])
    assert page.status_code == 200
    text = page.content.decode()
    assert "What is a monad? &lt;b&gt;&amp;amp;" in text
    assert "A *monoid*" in text
    for secret in ("SECRET", "0.424242", "777777", "alice", "Alice", session.pk, session.leaf_id):
        assert secret not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in text
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "<script>" not in text
    assert len(link["id"]) >= 32


def test_a_snapshot_stays_as_it_was_and_a_live_link_goes_on(api, session):
    snapshot, live = share(api, session), share(api, session, live=True)
    factories.make_message(session, "And a functor?")
    Session.objects.filter(pk=session.pk).update(title="Renamed")
    for link, sees_more in ((snapshot, False), (live, True)):
        text = Client().get(link["path"]).content.decode()
        assert ("And a functor?" in text) is sees_more
        assert ("Renamed" in text) is sees_more


def test_what_is_being_written_is_not_part_of_a_snapshot(api, session):
    answer = factories.make_message(session, "half an ans", role="assistant")
    Generation.objects.create(id=new_id(), session=session, message=answer, status="streaming")
    links = [share(api, session), share(api, session, live=True)]
    assert all("half an ans" not in Client().get(link["path"]).content.decode() for link in links)
    Generation.objects.update(status="completed")
    assert ["half an ans" in Client().get(link["path"]).content.decode() for link in links] == [False, True]


def test_a_link_for_the_team_is_for_the_team(api, people, session):
    path = share(api, session, audience="team")["path"]
    assert Client().get(path).status_code == 302
    assert signed_in(people.bob).get(path).status_code == 200
    assert signed_in(people.charlie).get(path).status_code == 404


@pytest.mark.parametrize("how", ["expired", "ended", "deleted", "left", "locked"])
def test_a_link_that_has_ended_looks_like_one_that_never_was(api, people, session, how):
    link = share(api, session)
    assert Client().get(link["path"]).status_code == 200
    if how == "expired":
        Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "ended":
        assert api.delete(f"/api/shares/{link['id']}").status_code == 204
    elif how == "deleted":
        api.delete(f"/api/sessions/{session.pk}")
    elif how == "left":
        people.alice.memberships.all().delete()
    else:
        type(people.alice).objects.filter(pk=people.alice.pk).update(is_active=False)
    gone, never = Client().get(link["path"]), Client().get("/share/" + "x" * 32)
    assert (gone.status_code, never.status_code) == (404, 404)
    assert gone.content == never.content


def test_links_are_listed_and_limited(api, session):
    later = (timezone.now() + timedelta(days=1)).isoformat()
    link = share(api, session, audience="team", live=True, expires_at=later)
    assert api.get(f"/api/sessions/{session.pk}/shares").json() == {"shares": [link]}
    assert (link["audience"], link["live"]) == ("team", True)
    path = f"/api/sessions/{session.pk}/shares"
    for body in (
        {},
        {"audience": "world", "live": True},
        {"audience": "team", "live": True, "expires_at": "2020-01-01T00:00Z"},
    ):
        assert_refused(post(api, path, body), 400, "invalid_command")
    for _ in range(19):
        share(api, session)
    assert_refused(post(api, path, {"audience": "team", "live": True}), 400, "invalid_command")


def test_one_s_own_chat_can_be_printed_and_nobody_else_s(api, people, session):
    page = api.get(f"/c/{session.pk}/print")
    assert "A *monoid*" in page.content.decode()
    assert "SECRET" not in page.content.decode()
    assert signed_in(people.bob).get(f"/c/{session.pk}/print").status_code == 404
    assert Client().get(f"/c/{session.pk}/print").status_code == 302


def test_a_chat_is_exported_as_markdown(api, session):
    answer = post(api, "/api/sessions/exported", {"sessions": [session.pk], "format": "markdown"})
    text = b"".join(answer.streaming_content).decode()
    assert answer["Content-Disposition"] == 'attachment; filename="Monads.md"'
    assert text == "# Monads\n\n## You\n\nWhat is a monad? <b>&amp;\n\n## Answer\n\nA *monoid*\n"


def test_many_chats_are_exported_as_a_zip_with_a_name_each(api, alice, session):
    sessions = [session, *(factories.make_session(alice, title=title) for title in ("Monads", "../../etc/passwd", ""))]
    ids = [one.pk for one in sessions] + ["unknown-session-0123456789"]
    answer = post(api, "/api/sessions/exported", {"sessions": ids, "format": "markdown"})
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(archive.namelist()) == 4
    assert {"Monads.md", "etc passwd.md", "Chat.md"} < set(archive.namelist())


def test_an_export_as_json_holds_all_branches(api, session):
    answer = post(api, "/api/sessions/exported", {"sessions": [session.pk], "format": "json"})
    document = json.loads(b"".join(answer.streaming_content))
    assert (document["format"], document["version"]) == ("chat-studio", 1)
    (chat,) = document["chats"]
    assert (chat["id"], chat["title"], chat["leaf"], len(chat["messages"])) == (
        session.pk,
        "Monads",
        session.leaf_id,
        3,
    )
    assert "0.424242" not in json.dumps(document)
