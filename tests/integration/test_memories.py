"""What is remembered about a person: read, written and deleted by themselves, over REST and in their settings."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

from ai_studio import gateway, remembered_facts
from ai_studio.models import PersonalMemory, User
from ai_studio.personal_memories import Author
from tests import factories
from tests.integration.rest import assert_refused, post, put, signed_in
from tests.integration.test_protocol_examples import EXAMPLES, assert_like

pytestmark = pytest.mark.django_db(transaction=True)

NURSE = "Works as a nurse."


def listed(api: Client) -> dict[str, Any]:
    body: dict[str, Any] = api.get("/api/memories").json()
    return body


def texts(api: Client) -> list[str]:
    return [each["text"] for each in listed(api)["memories"]]


def test_it_is_off_until_switched_on_and_what_is_there_stays(api, alice):
    assert listed(api) == {"enabled": False, "memories": []}
    assert put(api, "/api/memories", {"enabled": True}).json()["enabled"]
    added = post(api, "/api/memories", {"text": f" {NURSE}\n"})
    assert added.status_code == 201
    assert {**added.json(), "id": "", "created_at": "", "updated_at": ""} == {
        "id": "", "text": NURSE, "by": "person", "session": None, "created_at": "", "updated_at": "",
    }  # fmt: skip
    assert put(api, "/api/memories", {"enabled": False}).json() == {"enabled": False, "memories": [added.json()]}


def test_one_is_changed_and_deleted_and_then_all(api):
    first, second = (post(api, "/api/memories", {"text": text}).json() for text in (NURSE, "Lives in Porto."))
    changed = put(api, f"/api/memories/{first['id']}", {"text": "Works as a doctor."}).json()
    assert (changed["text"], changed["created_at"]) == ("Works as a doctor.", first["created_at"])
    assert api.delete(f"/api/memories/{first['id']}").status_code == 204
    assert texts(api) == ["Lives in Porto."]
    assert_refused(api.delete(f"/api/memories/{first['id']}"), 404, "memory_not_found")
    assert api.delete("/api/memories").status_code == 204
    assert texts(api) == []
    assert_refused(put(api, f"/api/memories/{second['id']}", {"text": "Back?"}), 404, "memory_not_found")


def test_the_same_is_not_kept_twice(api):
    first = post(api, "/api/memories", {"text": NURSE}).json()
    assert post(api, "/api/memories", {"text": "works as a NURSE."}).json()["id"] == first["id"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 501, "a\x00b", "a\x1bb", None, []])
def test_what_can_t_be_kept_is_refused(api, text):
    assert_refused(post(api, "/api/memories", {"text": text}), 400, "invalid_command")
    assert PersonalMemory.objects.count() == 0


def test_there_are_so_many_and_no_more(api, alice):
    PersonalMemory.objects.bulk_create(
        PersonalMemory(user=alice, number=number, text=f"Fact {number}.", by="person")
        for number in range(1, remembered_facts.MOST + 1)
    )
    assert_refused(post(api, "/api/memories", {"text": NURSE}), 409, "too_many_memories")
    api.delete(f"/api/memories/{PersonalMemory.objects.first().pk}")
    assert post(api, "/api/memories", {"text": NURSE}).status_code == 201


def test_somebody_else_s_are_not_there(api, people):
    bobs = gateway.memories.add(people.bob.pk, "Plays chess.")
    assert texts(api) == []
    assert_refused(put(api, f"/api/memories/{bobs.id}", {"text": "Mine."}), 404, "memory_not_found")
    assert_refused(api.delete(f"/api/memories/{bobs.id}"), 404, "memory_not_found")
    assert_refused(api.delete("/api/memories/no"), 404, "memory_not_found")
    assert api.post(f"/settings/memory/{bobs.id}/forget/").status_code == 404
    assert api.post(f"/settings/memory/{bobs.id}/", {"text": "Mine."}).status_code == 404
    api.delete("/api/memories")
    assert PersonalMemory.objects.get().text == "Plays chess."


def test_it_says_which_chat_it_comes_from_as_long_as_that_is_there(api, alice, people):
    session = factories.make_session(alice, title="On the ward")
    bobs = factories.make_session(people.bob, title="His")
    for text, origin in ((NURSE, session), ("Lives in Porto.", bobs)):
        gateway.memories.add(alice.pk, text, Author("assistant", origin.pk))
    first, second = listed(api)["memories"]
    assert (first["by"], first["session"]) == ("assistant", {"id": session.pk, "name": "On the ward"})
    assert second["session"] is None
    page = api.get("/settings/").content.decode()
    assert f'<a href="/c/{session.pk}" dir="auto">On the ward</a>' in page
    assert "By the assistant, " in page
    api.delete(f"/api/sessions/{session.pk}")
    assert listed(api)["memories"][0]["session"] is None
    assert "On the ward" not in api.get("/settings/").content.decode()
    # Whoever writes it anew says it.
    assert put(api, f"/api/memories/{first['id']}", {"text": "Is retired."}).json()["by"] == "person"


def test_it_has_exactly_the_keys_that_the_protocol_shows(api, alice):
    session = factories.make_session(alice, title="Monads")
    gateway.memories.switch(alice.pk, on=True)
    gateway.memories.add(alice.pk, NURSE, Author("assistant", session.pk))
    assert_like(EXAMPLES["rest", "memories"], listed(api))


def test_the_settings_do_the_same(api):
    assert "Nothing yet." not in api.get("/settings/").content.decode()
    assert api.post("/settings/memory/switch/", {"enabled": "on"})["Location"] == "/settings/#memory"
    assert "Nothing yet." in api.get("/settings/").content.decode()
    api.post("/settings/memory/", {"text": "Likes <b>."})
    page = api.get("/settings/").content.decode()
    assert "Likes &lt;b&gt;." in page
    (one,) = listed(api)["memories"]
    api.post(f"/settings/memory/{one['id']}/", {"text": "Likes tea."})
    assert texts(api) == ["Likes tea."]
    refused = api.post("/settings/memory/", {"text": " "}, follow=True).content.decode()
    assert "write 1 to 500 characters" in refused
    api.post(f"/settings/memory/{one['id']}/forget/")
    assert texts(api) == []
    api.post("/settings/memory/", {"text": "Likes tea."})
    api.post("/settings/memory/forget/")
    assert texts(api) == []
    api.post("/settings/memory/switch/")
    assert not listed(api)["enabled"]


def test_a_platform_without_memory_shows_none_and_still_gives_back_and_deletes_what_is_there(api, alice, settings):
    gateway.memories.switch(alice.pk, on=True)
    gateway.memories.add(alice.pk, NURSE)
    settings.MEMORY = False
    assert (listed(api)["enabled"], texts(api)) == (False, [NURSE])
    assert_refused(put(api, "/api/memories", {"enabled": True}), 400, "memory_unavailable")
    assert_refused(post(api, "/api/memories", {"text": "More."}), 400, "memory_unavailable")
    assert 'id="memory"' not in api.get("/settings/").content.decode()
    assert api.post("/settings/memory/", {"text": "More."}).status_code == 404
    assert api.post("/settings/memory/switch/", {"enabled": "on"}).status_code == 404
    assert api.delete("/api/memories").status_code == 204
    assert texts(api) == []


def test_it_is_taken_along_and_deleted_with_all_else(api, alice, people):
    for user in (alice, people.bob):
        gateway.memories.switch(user.pk, on=True)
        gateway.memories.add(user.pk, NURSE)
    file = json.loads(b"".join(api.post("/settings/export/", {"format": "json"})))
    assert (file["memory"]["enabled"], [each["text"] for each in file["memory"]["memories"]]) == (True, [NURSE])
    api.post("/settings/delete/", {"sure": "on"})
    assert listed(api) == {"enabled": False, "memories": []}
    assert texts(signed_in(people.bob)) == [NURSE]
    people.bob.delete()
    assert not PersonalMemory.objects.exists()


def test_neither_the_history_nor_the_log_tells_of_it(api, alice, caplog):
    before = User.history.count()  # type: ignore[attr-defined]
    with caplog.at_level(logging.DEBUG):
        put(api, "/api/memories", {"enabled": True})
        post(api, "/api/memories", {"text": NURSE})
        post(api, "/api/memories", {"text": f"{NURSE}\x00"})
        api.delete("/api/memories")
    assert User.history.count() == before  # type: ignore[attr-defined]
    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    assert NURSE not in " ".join(f"{record.getMessage()} {vars(record)}" for record in ours)
