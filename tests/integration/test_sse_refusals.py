"""Server-sent events that do not come about: each wrong request has its status and its code."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.middleware.csrf import get_token
from django.test import RequestFactory

from ai_studio.ids import new_id
from ai_studio.models import User
from chat import services
from chat.models import Message
from tests import factories
from tests.integration.conftest import end_everything
from tests.integration.sse_client import SSEClient, assert_refused, body_of, submission, text_of
from tests.integration.ui_stream import NotTheStream, check_order, check_part, parse, parts_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def client(alice: User) -> AsyncIterator[SSEClient]:
    """Alice's, signed in by an API token."""
    yield await SSEClient.signed_in(alice)
    await end_everything()


# --- What is refused, before the stream -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"", "malformed_frame", id="no body"),
        pytest.param(b"{", "malformed_frame", id="not json"),
        pytest.param(b"\xff", "malformed_frame", id="not utf-8"),
        pytest.param(b"[" * 100_000, "malformed_frame", id="deep"),
        pytest.param(b'{"id": "\\ud800"}', "malformed_frame", id="lone surrogate"),
        pytest.param(submission("  "), "empty_message", id="blank message"),
        pytest.param(submission(messages=[]), "empty_message", id="no message"),
        pytest.param(submission("x" * 21), "message_too_long", id="too long"),
        pytest.param(submission(id="short"), "invalid_command", id="malformed id"),
        pytest.param(submission(trigger="resume"), "invalid_command", id="unknown trigger"),
        pytest.param(submission(model=new_id()), "model_unavailable", id="unknown model"),
        pytest.param(submission(agent=new_id()), "agent_unavailable", id="unknown agent"),
    ],
)
async def test_a_wrong_body_is_a_bad_request(client, model, settings, body, code):
    settings.MESSAGE_MAX_CHARACTERS = 20
    if isinstance(body, dict) and body["messages"] and code not in ("empty_message", "message_too_long"):
        body = body | {"messages": submission("Hi")["messages"]}
    assert_refused(await client.post(body), 400, code)
    assert await Message.objects.acount() == 0


async def test_a_body_past_the_limit_is_a_bad_request(client, model, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert_refused(await client.post(submission("x" * 2000)), 400, "malformed_frame")


@pytest.mark.parametrize("token", ["", "Token ", "Token wrong", "Token " + "x" * 64])
async def test_nobody_gets_in_without_signing_in(db, token):
    client = SSEClient(token)
    for response in (
        await client.post(submission()),
        await client.resume(),
        await client.stop(),
    ):
        assert_refused(response, 401, "not_signed_in")


async def test_a_cookie_needs_a_csrf_token_beside_it(alice, model):
    client = SSEClient()
    await client.client.aforce_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert_refused(await client.post(submission()), 403, "not_allowed")
    assert_refused(await client.stop(), 403, "not_allowed")
    request = RequestFactory().get("/")
    token = get_token(request)
    client.client.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    response = await client.post(submission(), **{"X-CSRFToken": token})
    assert text_of(parse(await body_of(response))) == "Hello."
    assert (await client.resume()).status_code == 204


async def test_what_is_not_there_is_not_found(client, people, model):
    foreign = await sync_to_async(factories.make_session)(people.charlie)
    for session in (foreign.pk, new_id()):
        short = {"chatSessionId": session, "messages": [{"role": "user", "content": "Hi"}]}
        again = {"id": session, "trigger": "regenerate-message", "messages": []}
        assert_refused(await client.post(short), 404, "session_not_found")
        assert_refused(await client.post(again), 404, "session_not_found")
        assert_refused(await client.resume(session), 404, "session_not_found")
        assert_refused(await client.stop(session), 404, "session_not_found")
    assert_refused(await client.post(submission(id=foreign.pk)), 404, "session_not_found")
    await client.stream(submission())
    assert_refused(await client.post(submission(messageId=new_id())), 404, "message_not_found")
    assert await Message.objects.filter(session=foreign).acount() == 0


async def test_an_answer_that_runs_is_a_conflict(client, model):
    gate = model.will_wait("Hm")
    reading = parts_of((await client.post(submission())).streaming_content)
    heard = [await anext(reading)]
    assert_refused(await client.post(submission("And?")), 409, "generation_in_progress")
    gate.set()
    heard += [part async for part in reading]
    assert text_of(heard) == "Hm Done."


async def test_too_many_messages_are_told_when_to_come_back(client, model, settings):
    settings.SENDS_PER_MINUTE = 1
    await client.stream(submission())
    response = await client.post(submission())
    assert_refused(response, 429, "rate_limit_reached")
    assert 0 < response.json()["error"]["retry_after"] <= 60


async def test_without_a_model_or_a_team_the_service_is_not_there(client, people):
    assert_refused(await client.post(submission()), 503, "no_model_available")
    lonely = await SSEClient.signed_in(await sync_to_async(factories.make_user)("Dora"))
    assert_refused(await lonely.post(submission(id=new_id())), 503, "no_team")


@pytest.mark.parametrize("session", ["a", "a%00b", "x" * 65, "%F0%9F%A7%90"])
async def test_an_id_that_no_id_can_be_is_an_unknown_one(client, session):
    assert_refused(await client.resume(session), 404, "session_not_found")
    assert_refused(await client.stop(session), 404, "session_not_found")


async def test_a_fault_of_our_own_ends_the_stream_with_an_error_and_is_logged(client, model, monkeypatch, caplog):
    async def fail(**arguments: object):
        yield [{"type": "start-step"}]
        raise OperationalError("the database is gone")

    monkeypatch.setattr(services, "watch_parts", fail)
    response = await client.post(submission())
    parts = parse(await body_of(response))
    assert parts[-1]["type"] == "error"
    assert "database" not in str(parts)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["the database is gone"]


# --- The strict reader itself can fail --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    [{"type": "text"}, {"type": "text-delta", "id": "t1"}, {"type": "text-delta", "id": "t1", "delta": None},
     {"type": "start", "messageId": None}, {"type": "finish", "finishReason": "done"}, {"type": "error", "errorText": "x", "code": "y"},
     {"type": "data-x"}, {"type": "abort", "reason": "x", "seq": 1}, [], {"id": 1}],
    ids=str,
)  # fmt: skip
def test_the_reader_refuses_what_strict_clients_refuse(part):
    with pytest.raises(NotTheStream):
        check_part(part)


def test_the_reader_refuses_a_wrong_order():
    delta = {"type": "text-delta", "id": "t1", "delta": "x"}
    for wrong in ([delta], [{"type": "text-start", "id": "t1"}], [{"type": "finish"}, {"type": "abort"}]):
        with pytest.raises(NotTheStream):
            check_order(wrong)
