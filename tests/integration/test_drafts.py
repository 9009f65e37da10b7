"""Drafts on every device: written once, seen everywhere, and never over what the writer has not seen."""

from __future__ import annotations

import pytest

from chat.models import Draft
from tests import factories
from tests.integration.conftest import OpenTab, api_client
from tests.integration.rest import assert_refused, put, signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["session", "new"])
def place(request: pytest.FixtureRequest, alice) -> str:
    return factories.make_session(alice).pk if request.param == "session" else "new"


def path(place: str) -> str:
    return f"/api/drafts/{place}"


def test_a_draft_is_kept_and_counted(api, place):
    session = None if place == "new" else place
    assert api.get(path(place)).json() == {"session": session, "text": "", "version": 0}
    for version, text in enumerate(["What is", " What is a monad?\n", ""]):
        written = put(api, path(place), {"text": text, "version": version})
        assert written.json() == {"session": session, "text": text, "version": version + 1}
        assert api.get(path(place)).json() == written.json()
    assert Draft.objects.count() == 1


def test_who_has_not_seen_the_last_version_overwrites_nothing(api, place):
    put(api, path(place), {"text": "One", "version": 0})
    for stale in (0, 2, 7):
        assert_refused(put(api, path(place), {"text": "Two", "version": stale}), 409, "draft_changed")
    assert api.get(path(place)).json()["text"] == "One"


@pytest.mark.parametrize(
    "body",
    [{}, {"text": "x"}, {"version": 1}, {"text": None, "version": 0}, {"text": "x", "version": -1}, {"text": ["x"], "version": 0},
     {"text": "x", "version": "one"}, {"text": "x", "version": 2**31}, []],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(api, place, body):
    assert_refused(put(api, path(place), body), 400, "invalid_command")
    assert not Draft.objects.exists()


def test_a_draft_is_no_longer_than_a_message(api, place, settings):
    settings.MESSAGE_MAX_CHARACTERS = 10
    assert_refused(put(api, path(place), {"text": "x" * 11, "version": 0}), 400, "message_too_long")
    assert put(api, path(place), {"text": "x" * 10, "version": 0}).status_code == 200


def test_each_person_has_their_own_draft_of_a_new_chat(api, people):
    put(api, path("new"), {"text": "Mine", "version": 0})
    assert signed_in(people.bob).get(path("new")).json()["text"] == ""


def test_the_draft_goes_with_its_chat(api, alice):
    session = factories.make_session(alice)
    put(api, path(session.pk), {"text": "Mine", "version": 0})
    put(api, path("new"), {"text": "Mine", "version": 0})
    api.delete(f"/api/sessions/{session.pk}")
    assert_refused(api.get(path(session.pk)), 404, "session_not_found")
    api.post("/settings/delete/", {"sure": "on"})
    assert not Draft.objects.exists()


async def test_every_tab_of_the_person_hears_of_it_and_nobody_else(people, open_tab: OpenTab):
    tab, bobs = await open_tab(people.alice), await open_tab(people.bob)
    async with api_client(people.alice) as api:
        await api.put(path("new"), json={"text": "Mine", "version": 0})
    assert await tab.until_type("draft") == {"type": "draft", "session": None, "text": "Mine", "version": 1}
    await bobs.settle()
    assert "Mine" not in str(bobs.frames)
