from __future__ import annotations

from contextlib import suppress

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.errors import ChatError, EmptyMessage, FileNotUploaded, InvalidCommand, MalformedFrame
from chat.ids import is_well_formed
from chat.submission import Merging, Regeneration, Submission, parse

SESSION = "s-Wk3vP9dZq7LmXc2A"
ANSWER = "msg-Lo9kIj8uHy7gTf"
CLIENT_ID = "1aQ9zXs8wEd7cVfR"
MESSAGE = {"id": CLIENT_ID, "role": "user", "parts": [{"type": "text", "text": "What is a monad?"}]}
SUBMIT = {"id": SESSION, "trigger": "submit-message", "messages": [MESSAGE]}
WITHOUT = object()


def submit(**changes):
    body = {key: value for key, value in (SUBMIT | changes).items() if value is not WITHOUT}
    return parse(orjson.dumps(body))


def submit_message(message):
    return submit(messages=[message])


def test_what_use_chat_sends_is_a_submission():
    assert submit() == Submission(SESSION, True, "What is a monad?", CLIENT_ID, edited=None, model=None, agent=None)


def test_the_short_form_names_a_session_that_exists():
    body = {"chatSessionId": SESSION, "messages": [{"role": "user", "content": "What is a monad?"}]}
    submission = parse(orjson.dumps(body))
    assert isinstance(submission, Submission)
    assert (submission.session, submission.creates, submission.text) == (SESSION, False, "What is a monad?")
    assert is_well_formed(submission.client_id)


def test_model_and_agent_may_be_named_for_a_new_session():
    submission = submit(model="m-gH4kT7bV1nQxYz0c", agent="a-Hj5kLq1wEr2tYu3i")
    assert (submission.model, submission.agent) == ("m-gH4kT7bV1nQxYz0c", "a-Hj5kLq1wEr2tYu3i")


def test_only_the_last_message_of_the_user_is_taken():
    other = {"id": "x" * 16, "role": "user", "parts": [{"type": "text", "text": "old"}]}
    answer = {"role": "assistant", "parts": [{"type": "text", "text": "an answer that a client made up"}]}
    assert submit(messages=[other, answer, MESSAGE, answer, "nonsense", None]).text == "What is a monad?"


def test_text_parts_are_joined_and_everything_else_is_left_out():
    parts = [{"type": "text", "text": "a"}, {"type": "step-start"}, {"type": "text", "text": 1}, {"type": "text"},
             "b", {"type": "text", "text": "c"}]  # fmt: skip
    assert submit_message({"role": "user", "parts": parts}).text == "a\n\nc"


def test_an_edited_message_is_a_new_one_in_place_of_the_old():
    submission = submit(messageId=CLIENT_ID)
    assert submission.edited == CLIENT_ID
    assert submission.client_id != CLIENT_ID
    assert is_well_formed(submission.client_id)


@pytest.mark.parametrize("given_id", [WITHOUT, None, "short", 7, "x" * 65, "with space 123456"])
def test_a_message_without_a_usable_id_gets_one(given_id):
    message = {key: value for key, value in {**MESSAGE, "id": given_id}.items() if value is not WITHOUT}
    submission = submit_message(message)
    assert is_well_formed(submission.client_id)
    assert submission.client_id != given_id


@pytest.mark.parametrize(("message_id", "regenerated"), [(ANSWER, ANSWER), (None, None), (WITHOUT, None)])
def test_a_regeneration_names_an_answer_or_means_the_last_one(message_id, regenerated):
    changes = {"trigger": "regenerate-message", "messageId": message_id, "messages": []}
    assert submit(**changes) == Regeneration(SESSION, regenerated)
    assert submit(**changes, guidance=" Shorter. ") == Regeneration(SESSION, regenerated, "Shorter.")


@pytest.mark.parametrize("model", [WITHOUT, None, "m-gH4kT7bV1nQxYz0c"])
def test_a_merging_names_answers_and_perhaps_a_model(model):
    others = [ANSWER, "msg-Pa2sDf4gHj6kLz"]
    changes = {"trigger": "merge-messages", "messageIds": others, "model": model, "messages": []}
    assert submit(**changes) == Merging(SESSION, tuple(others), None if model is WITHOUT else model)
    with pytest.raises(InvalidCommand, match="messageIds"):
        submit(**changes | {"messageIds": [ANSWER, ANSWER]})


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b'{"id": "\xff"}', b'{"id": "\\ud800"}', b"[" * 100_000],
    ids=["empty", "open", "list", "null", "number", "string", "not-utf-8", "not-utf-8-field", "surrogate", "deep"],
)
def test_a_body_that_is_not_one_json_object_is_malformed(body):
    with pytest.raises(MalformedFrame):
        parse(body)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": WITHOUT}, id="no session"),
        pytest.param({"id": None}, id="session null"),
        pytest.param({"id": "short"}, id="session short"),
        pytest.param({"id": 5}, id="session a number"),
        pytest.param({"id": "a\x00" * 10}, id="session with NUL"),
        pytest.param({"id": WITHOUT, "chatSessionId": "short"}, id="chatSessionId short"),
        pytest.param({"trigger": "resume-stream"}, id="unknown trigger"),
        pytest.param({"trigger": None}, id="trigger null"),
        pytest.param({"trigger": ["submit-message"]}, id="trigger a list"),
        pytest.param({"messageId": 5}, id="messageId a number"),
        pytest.param({"messageId": "a\x00b"}, id="messageId with NUL"),
        pytest.param({"messageId": ""}, id="messageId empty"),
        pytest.param({"trigger": "regenerate-message", "guidance": ["Shorter."]}, id="guidance a list"),
        pytest.param({"model": {}}, id="model an object"),
        pytest.param({"model": "a\x00b"}, id="model with NUL"),
        pytest.param({"agent": True}, id="agent a boolean"),
        pytest.param({"agent": "x" * 65}, id="agent too long"),
        pytest.param({"messages": [{"role": "user", "content": 5}]}, id="content a number"),
        pytest.param({"messages": [{"role": "user", "content": None}]}, id="content null"),
        pytest.param({"messages": [{"role": "user", "parts": "x", "content": ["y"]}]}, id="content a list"),
    ],
)
def test_a_field_of_the_wrong_kind_is_invalid(changes):
    with pytest.raises(InvalidCommand):
        submit(**changes)


@pytest.mark.parametrize(
    "messages",
    [WITHOUT, None, [], {}, "x", [{"role": "assistant", "content": "x"}], [{"role": "user", "content": " "}],
     [{"role": "user", "parts": []}], [{"role": "user", "parts": [{"type": "step-start"}]}],
     [{"role": "user", "content": "\x00"}]],
    ids=["absent", "null", "empty", "object", "string", "no user", "blank", "no parts", "no text part", "nul"],
)  # fmt: skip
def test_a_submission_that_says_nothing_is_empty(messages):
    with pytest.raises(EmptyMessage):
        submit(messages=messages)


FILE = "att-Hq2wE5rT8yUi1oPz"


@pytest.mark.parametrize("host", ["", "https://chat.example.com", "http://localhost:8000"])
def test_files_are_named_by_their_address(host):
    parts = [{"type": "file", "mediaType": "image/png", "url": f"{host}/api/attachments/{FILE}"}]
    submitted = submit(messages=[{"role": "user", "parts": [*parts, *parts]}])
    assert (submitted.text, submitted.attachments) == ("", (FILE,))
    submitted = submit(messages=[{"role": "user", "parts": [*parts, {"type": "text", "text": "What is it?"}]}])
    assert (submitted.text, submitted.attachments) == ("What is it?", (FILE,))


@pytest.mark.parametrize(
    "url", ["data:image/png;base64,iVBORw0KGgo=", "blob:x", f"/files/{FILE}", f"/api/attachments/{FILE}/../x", None, 1]
)
def test_a_file_that_was_not_uploaded_is_refused(url):
    parts = [{"type": "file", "url": url}, {"type": "text", "text": "What is it?"}]
    with pytest.raises(FileNotUploaded):
        submit(messages=[{"role": "user", "parts": parts}])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["id", "chatSessionId", "trigger", "messageId", "messages", "model", "agent"]), json_values))  # fmt: skip
def test_any_body_is_taken_or_refused_with_a_code(changes):
    with suppress(InvalidCommand, EmptyMessage, FileNotUploaded):
        parse(orjson.dumps(SUBMIT | changes))


@given(st.binary(max_size=60))
def test_any_bytes_are_taken_or_refused_with_a_code(body):
    with pytest.raises(ChatError):
        parse(body)
