from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import commands, fields
from chat.errors import EmptyMessage, InvalidCommand, MalformedFrame, UnknownCommand

ID = "c-Ty6uJk8iOl0pMnBv"
SESSION = "s-Wk3vP9dZq7LmXc2A"
GENERATION = "g-Rt5yUi8oPl3kJhGf"
MESSAGE = "msg-8fK2lQ7xV4bN9m"

WELL_FORMED: dict[str, dict[str, Any]] = {
    "create": {"type": "create", "id": ID, "session": SESSION, "model": "m-gH4kT7bV1nQxYz0c", "agent": None},
    "subscribe": {"type": "subscribe", "id": ID, "session": SESSION, "generation": GENERATION, "after": 17},
    "unsubscribe": {"type": "unsubscribe", "id": ID, "session": SESSION},
    "send": {"type": "send", "id": ID, "session": SESSION, "parent": MESSAGE, "text": "What is a monad?"},
    "regenerate": {
        "type": "regenerate",
        "id": ID,
        "session": SESSION,
        "message": MESSAGE,
        "model": "m-gH4kT7bV1nQxYz0c",
    },
    "revise": {"type": "revise", "id": ID, "session": SESSION, "message": MESSAGE, "text": "A monoid."},
    "show": {"type": "show", "id": ID, "session": SESSION, "message": MESSAGE},
    "fork": {"type": "fork", "id": ID, "session": SESSION, "message": MESSAGE, "target": "s-Jn6bHv5gCf4dXs3z"},
    "rate": {"type": "rate", "id": ID, "session": SESSION, "message": MESSAGE, "rating": "down", "reason": "too_long"},
    "continue": {"type": "continue", "id": ID, "session": SESSION, "message": MESSAGE},
    "stop": {"type": "stop", "id": ID, "generation": GENERATION, "seen": 42},
    "switch": {"type": "switch", "id": ID, "session": SESSION, "model": None, "agent": "a-Hj5kLq1wEr2tYu3i"},
    "ping": {"type": "ping", "id": ID},
}
PARSED = {
    "create": commands.Create(ID, SESSION, "m-gH4kT7bV1nQxYz0c", None),
    "subscribe": commands.Subscribe(ID, SESSION, GENERATION, 17),
    "unsubscribe": commands.Unsubscribe(ID, SESSION),
    "send": commands.Send(ID, SESSION, MESSAGE, "What is a monad?"),
    "regenerate": commands.Regenerate(ID, SESSION, MESSAGE, "m-gH4kT7bV1nQxYz0c"),
    "revise": commands.Revise(ID, SESSION, MESSAGE, "A monoid."),
    "show": commands.Show(ID, SESSION, MESSAGE),
    "fork": commands.Fork(ID, SESSION, MESSAGE, "s-Jn6bHv5gCf4dXs3z"),
    "rate": commands.Rate(ID, SESSION, MESSAGE, "down", "too_long"),
    "continue": commands.Continue(ID, SESSION, MESSAGE),
    "stop": commands.Stop(ID, GENERATION, 42),
    "switch": commands.Switch(ID, SESSION, None, "a-Hj5kLq1wEr2tYu3i"),
    "ping": commands.Ping(ID),
}
MAY_BE_ABSENT = {
    "create": {"model", "agent"},
    "subscribe": {"generation", "after"},
    "send": {"parent"},
    "regenerate": {"model"},
    "rate": {"reason"},
    "stop": {"seen"},
    "switch": {"model", "agent"},
}
FIELDS = [(kind, field) for kind, frame in WELL_FORMED.items() for field in frame if field != "type"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=70),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("kind", WELL_FORMED)
def test_a_well_formed_frame_becomes_its_command(kind):
    assert commands.parse(WELL_FORMED[kind]) == PARSED[kind]


@pytest.mark.parametrize("kind", WELL_FORMED)
def test_fields_that_the_protocol_does_not_name_are_ignored(kind):
    assert commands.parse({**WELL_FORMED[kind], "trace": {"a": 1}}) == PARSED[kind]


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_only_optional_fields_may_be_absent_or_null(kind, field):
    absent = {key: value for key, value in WELL_FORMED[kind].items() if key != field}
    for frame in (absent, {**absent, field: None}):
        if field in MAY_BE_ABSENT.get(kind, ()):
            assert getattr(commands.parse(frame), field) is None
        else:
            with pytest.raises(InvalidCommand):
                commands.parse(frame)


NO_IDS = {"text", "after", "seen", "rating", "reason"}


@pytest.mark.parametrize(("kind", "field"), [pair for pair in FIELDS if pair[1] not in NO_IDS])
@pytest.mark.parametrize(
    "value",
    ["", "fifteen-letters", "x" * 65, "sixteen letters!", "id-with-dot.1234", "ümlaut-0123456789", "a\x00" * 10,
     "trailing-newline\n", 7, 1.5, True, [], {}, ["c-Ty6uJk8iOl0pMnBv"]],
    ids=["empty", "short", "long", "space", "dot", "not-ascii", "nul", "newline", "int", "float", "bool", "list", "dict",
         "list-of-one"],
)  # fmt: skip
def test_an_id_of_the_wrong_form_is_named_in_the_error(kind, field, value):
    with pytest.raises(InvalidCommand, match=f"`{field}`"):
        commands.parse({**WELL_FORMED[kind], field: value})


FILES = ["att-Hq2wE5rT8yUi1oPz", "att-Zx3cV6bN9mLk2jHg"]


@pytest.mark.parametrize("text", ["", " \n", None, "What is it?"])
def test_a_message_with_files_may_say_nothing(text):
    frame = {**WELL_FORMED["send"], "text": text or "", "attachments": [*FILES, FILES[0]]}
    said = text if text and text.strip() else ""
    assert commands.parse(frame) == commands.Send(ID, SESSION, MESSAGE, said, tuple(FILES))


@pytest.mark.parametrize("attachments", [None, []])
def test_a_message_without_files_must_say_something(attachments):
    with pytest.raises(EmptyMessage):
        commands.parse({**WELL_FORMED["send"], "text": " ", "attachments": attachments})


@pytest.mark.parametrize("attachments", ["att-Hq2wE5rT8yUi1oPz", {}, [1], [None], ["short"], [FILES], FILES * 501])
def test_files_are_a_list_of_ids(attachments):
    with pytest.raises(InvalidCommand, match="attachments"):
        commands.parse({**WELL_FORMED["send"], "attachments": attachments})


@pytest.mark.parametrize("value", ["x" * 16, "x" * 64, "_" * 16, "-" * 16, "aZ09_-aZ09_-aZ09"])
def test_ids_at_the_edge_of_their_form_are_taken(value):
    assert commands.parse({"type": "ping", "id": value}) == commands.Ping(value)


@pytest.mark.parametrize(("value", "taken"), [(True, True), (False, False), (None, False)])
def test_a_new_session_is_temporary_when_it_says_so(value, taken):
    assert commands.parse({**WELL_FORMED["create"], "temporary": value}).temporary is taken


@pytest.mark.parametrize("value", ["true", "", 1, 0, [], {}])
def test_a_temporary_that_is_neither_true_nor_false_is_named_in_the_error(value):
    with pytest.raises(InvalidCommand, match="`temporary`"):
        commands.parse({**WELL_FORMED["create"], "temporary": value})


@pytest.mark.parametrize(("kind", "field"), [("subscribe", "after"), ("stop", "seen")])
@pytest.mark.parametrize("seq", [0, 1, 2**31 - 1])
def test_a_seq_counts_from_zero(kind, field, seq):
    assert getattr(commands.parse({**WELL_FORMED[kind], field: seq}), field) == seq


@pytest.mark.parametrize(("kind", "field"), [("subscribe", "after"), ("stop", "seen")])
@pytest.mark.parametrize("seq", [-1, True, False, 1.0, "1", [], {}, 2**31, 10**30])
def test_a_seq_that_is_none_is_refused(kind, field, seq):
    with pytest.raises(InvalidCommand, match=field):
        commands.parse({**WELL_FORMED[kind], field: seq})


@pytest.mark.parametrize(
    "changes",
    [{"rating": "good"}, {"rating": True}, {"rating": ["down"]}, {"reason": "wrong"}, {"reason": 1}, {"rating": "up"},
     {"rating": None}],
    ids=str,
)  # fmt: skip
def test_a_rating_is_one_of_a_few_words_and_only_a_bad_one_has_a_reason(changes):
    with pytest.raises(InvalidCommand):
        commands.parse({**WELL_FORMED["rate"], **changes})


@pytest.mark.parametrize("rating", [None, "up", "down"])
def test_a_rating_needs_no_reason(rating):
    frame = {**WELL_FORMED["rate"], "rating": rating, "reason": None}
    assert commands.parse(frame) == commands.Rate(ID, SESSION, MESSAGE, rating, None)


def test_an_acknowledgement_is_no_command():
    frame = {"type": "acknowledge", "generation": GENERATION, "seq": 42}
    assert commands.parse_acknowledgement(frame) == commands.Acknowledgement(GENERATION, 42)
    with pytest.raises(UnknownCommand):
        commands.parse({**frame, "id": ID})


@pytest.mark.parametrize(
    "changes",
    [{"seq": None}, {"seq": -1}, {"seq": "1"}, {"seq": 2**31}, {"generation": None}, {"generation": "short"}],
    ids=str,
)
def test_an_acknowledgement_of_the_wrong_form_is_refused(changes):
    with pytest.raises(InvalidCommand):
        commands.parse_acknowledgement({"type": "acknowledge", "generation": GENERATION, "seq": 42, **changes})


@pytest.mark.parametrize("kind", ["edit", "Send", "send ", "", None, 1, True, ["send"], {"type": "send"}])
def test_an_unknown_command_is_refused(kind):
    with pytest.raises(UnknownCommand):
        commands.parse({"type": kind, "id": ID})


def test_a_frame_without_a_type_is_an_unknown_command():
    with pytest.raises(UnknownCommand):
        commands.parse({"id": ID})


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param("Hello", "Hello", id="plain"),
        pytest.param("  two\n lines ", "  two\n lines ", id="white space is the person's own"),
        pytest.param("a\x00b", "ab", id="nul"),
        pytest.param("a\ud800b\udfffc", "abc", id="lone surrogates"),
        pytest.param("🧐 é ﷽ \u202e", "🧐 é ﷽ \u202e", id="all of Unicode"),
    ],
)
def test_a_message_is_stored_as_it_was_written_but_for_what_no_one_can_write(value, stored):
    assert fields.message_text(value) == stored


@pytest.mark.parametrize("value", ["", " ", "\n\t \u3000", "\x00", "\x00 \x00", "\ud800", "\x1c"])
def test_a_message_that_says_nothing_is_refused(value):
    with pytest.raises(EmptyMessage):
        fields.message_text(value)


@pytest.mark.parametrize("value", [None, 1, True, [], {}, ["a"]])
def test_a_message_that_is_no_string_is_refused(value):
    with pytest.raises(InvalidCommand):
        fields.message_text(value)


@pytest.mark.parametrize(
    "data",
    ["", " ", "{", "nonsense", "[]", "null", '"text"', "1", "NaN", '{"a": NaN}', '{"a": "\\ud800"}', '{"a": "\ud800"}',
     "[" * 100_000, '{"a":' * 2000 + "1" + "}" * 2000, "\ufeff{}", "{} {}"],
    ids=["empty", "space", "open", "word", "list", "null", "string", "number", "nan", "nan-field", "escaped-surrogate",
         "raw-surrogate", "deep-list", "deep-object", "bom", "two"],
)  # fmt: skip
def test_data_that_is_not_one_json_object_is_malformed(data):
    with pytest.raises(MalformedFrame):
        commands.decode(data)


def test_data_that_is_one_json_object_is_decoded():
    assert commands.decode('{"type": "ping", "id": "\\u00e9"}') == {"type": "ping", "id": "é"}


@given(st.text())
def test_any_text_decodes_or_is_malformed(data):
    with suppress(MalformedFrame):
        assert isinstance(commands.decode(data), dict)


@given(st.sampled_from(FIELDS), json_values)
def test_any_value_in_any_field_is_taken_or_refused_with_a_code(place, value):
    kind, field = place
    with suppress(InvalidCommand, EmptyMessage):
        command = commands.parse({**WELL_FORMED[kind], field: value})
        assert type(command) is type(PARSED[kind])
