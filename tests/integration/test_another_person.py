"""A page that was opened for one person, in a browser with which somebody else has signed in since."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from chat.models import Session
from tests.integration.rest import assert_refused, post, signed_in
from tests.integration.tabs import Closed, Tab, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_socket_of_a_page_for_somebody_else_is_closed_before_anything_is_said(people, story):
    cookie = await sync_to_async(sign_in)(people.bob)
    tab = Tab(cookie, query=f"?person={people.alice.pk}")
    with pytest.raises(Closed) as closed:
        await tab.open()
    assert closed.value.args == (4409,)
    assert tab.frames == []
    await tab.close()


@pytest.mark.parametrize("query", ["", "?person={}", "?other=1&person={}"])
async def test_a_socket_of_the_person_themselves_is_opened(people, story, query):
    tab = Tab(await sync_to_async(sign_in)(people.bob), query=query.format(people.bob.pk))
    await tab.open()
    await tab.close()


@pytest.mark.parametrize("query", ["?person={}&person=x", "?person=%00", "?person=%FF{}"])
async def test_an_address_that_names_anything_else_is_refused(people, story, query):
    tab = Tab(await sync_to_async(sign_in)(people.bob), query=query.format(people.bob.pk))
    with pytest.raises(Closed):
        await tab.open()


def test_a_request_of_a_page_for_somebody_else_reads_and_changes_nothing(people, story):
    client = signed_in(people.bob)
    client.defaults["HTTP_X_PERSON"] = str(people.alice.pk)
    for path in ("sessions", "folders", "drafts/new", "preferences", "attachments/att-Hq2wE5rT8yUi1oPz"):
        assert_refused(client.get(f"/api/{path}"), 409, "somebody_else")
    assert_refused(post(client, "/api/sessions", {"id": "s-Wk3vP9dZq7LmXc2A"}), 409, "somebody_else")
    assert_refused(post(client, "/api/chat/stream", {"chatSessionId": "s-Wk3vP9dZq7LmXc2A"}), 409, "somebody_else")
    assert not Session.objects.exists()
    client.defaults["HTTP_X_PERSON"] = str(people.bob.pk)
    assert client.get("/api/sessions").status_code == 200


def test_who_is_not_signed_in_is_told_so_whatever_the_page_was_opened_for(client, people):
    assert_refused(client.get("/api/sessions", HTTP_X_PERSON=str(people.alice.pk)), 401, "not_signed_in")
