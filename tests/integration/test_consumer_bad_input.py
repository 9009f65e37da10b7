"""Whatever a socket sends: a stable code, a sentence, nothing lost, nothing hanging, and the socket stays of use."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from chat import limits
from chat.ids import new_id
from chat.models import Message, Session
from tests.integration.tabs import Frame, Refused
from tests.unit.chat.test_commands import MAY_BE_ABSENT, WELL_FORMED

pytestmark = pytest.mark.django_db(transaction=True)

ID = "c-Ty6uJk8iOl0pMnBv"
ERROR_KEYS = {"type", "id", "code", "text", "retryable", "retry_after"}


def assert_error(frame: Frame, code: str, command_id: str | None) -> None:
    assert frame.keys() - {"sentence", "values"} == ERROR_KEYS
    assert (frame["type"], frame["code"], frame["id"]) == ("error", code, command_id)
    assert frame["text"]
    assert not any(word in frame["text"] for word in ("Traceback", "Error", ".py", "Exception"))


# --- Frames that can't be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["{", "nonsense", "[]", "null", '"ping"', '{"type": "ping", "id": "\\ud800"}', '{"type": NaN}', "[" * 50_000,
     '{"a":' * 5000 + "1" + "}" * 5000, '{"type": "ping", "id": "' + "x" * 2**20 + '"}'],
    ids=["open", "word", "list", "null", "string", "lone surrogate", "nan", "deep list", "deep object", "over 1 MiB"],
)  # fmt: skip
async def test_a_frame_that_can_not_be_read_is_malformed(open_tab, alice, text):
    tab = await open_tab(alice)
    await tab.send_raw(text)
    assert_error(await tab.receive(), "malformed_frame", None)
    assert await tab.command("ping") == {}


@pytest.mark.parametrize("data", [b"\xff\xfe", b'{"type": "ping", "id": "c-Ty6uJk8iOl0pMnBv"}', b"\x00" * 1000])
async def test_a_binary_frame_is_malformed(open_tab, alice, data):
    tab = await open_tab(alice)
    await tab.send_raw(data=data)
    assert_error(await tab.receive(), "malformed_frame", None)
    assert await tab.command("ping") == {}


# --- Commands of the wrong form ---------------------------------------------------------------------------------------

WRONG_VALUES: list[Any] = [
    True,
    1.5,
    -1,
    2**60,
    "",
    "short",
    "x" * 65,
    "a\x00" * 10,
    "ü" * 16,
    [],
    ["a"],
    {},
    {"a": 1},
]


def is_wrong(kind: str, field: str, value: Any) -> bool:
    if field == "text":
        return not isinstance(value, str) or not value
    return True


async def test_a_wrong_value_in_any_field_is_refused_and_named(open_tab, alice, monkeypatch):
    monkeypatch.setattr(limits, "COMMANDS_AT_ONCE", 1e6)
    tab = await open_tab(alice)
    for kind, frame in WELL_FORMED.items():
        for field in frame.keys() - {"type"}:
            for value in WRONG_VALUES:
                if is_wrong(kind, field, value):
                    await tab.send_raw(orjson.dumps({**frame, field: value}).decode())
                    error = await tab.receive()
                    known = value if isinstance(value, str) and len(value) <= 64 else None
                    code = "empty_message" if (field, value) == ("text", "") else "invalid_command"
                    assert_error(error, code, known if field == "id" else frame["id"])
    assert await Session.objects.acount() == 0


async def test_a_field_that_is_missing_is_refused(open_tab, alice):
    tab = await open_tab(alice)
    for kind, frame in WELL_FORMED.items():
        for field in frame.keys() - {"type"} - MAY_BE_ABSENT.get(kind, set()):
            await tab.send_raw(orjson.dumps({key: value for key, value in frame.items() if key != field}).decode())
            assert_error(await tab.receive(), "invalid_command", None if field == "id" else frame["id"])


@pytest.mark.parametrize("kind", ["edit", "", "SEND", None, 5, ["send"]])
async def test_an_unknown_command_is_refused(open_tab, alice, kind):
    tab = await open_tab(alice)
    await tab.send_raw(orjson.dumps({"type": kind, "id": ID}).decode())
    assert_error(await tab.receive(), "unknown_command", ID)


@pytest.mark.parametrize(
    "frame", [{"seq": 5}, {"generation": "short", "seq": 1}, {"generation": ID, "seq": -1}], ids=str
)
async def test_an_acknowledgement_of_the_wrong_form_is_refused(open_tab, alice, frame):
    tab = await open_tab(alice)
    await tab.send_raw(orjson.dumps({"type": "acknowledge", **frame}).decode())
    assert_error(await tab.receive(), "invalid_command", None)


async def test_an_acknowledgement_of_what_nobody_watches_is_nothing(open_tab, alice):
    tab = await open_tab(alice)
    await tab.send_raw(orjson.dumps({"type": "acknowledge", "generation": ID, "seq": 1}).decode())
    assert await tab.settle() == []


# --- Messages that can't be sent --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_message"), (" \n\t", "empty_message"), ("\x00", "empty_message"), ("x" * 21, "message_too_long"),
     ("🧐" * 21, "message_too_long")],
    ids=["empty", "blank", "nul", "too long", "too long in characters"],
)  # fmt: skip
async def test_a_message_that_says_nothing_or_too_much_is_refused(open_tab, alice, model, settings, text, code):
    settings.MESSAGE_MAX_CHARACTERS = 20
    tab = await open_tab(alice)
    session = await tab.new_session()
    with pytest.raises(Refused) as refused:
        await tab.say(session, text)
    assert refused.value.code == code
    assert (model.requests, await Message.objects.acount()) == ([], 0)
    await tab.ask(session, "🧐" * 20)


async def test_a_message_is_stored_without_what_no_one_can_write(open_tab, alice, model):
    tab = await open_tab(alice)
    sent = await tab.ask(await tab.new_session(), "a\x00b \u202e ﷽ \U0001f9d0 \r\n c")
    assert sent["message"]["parts"] == [{"type": "text", "text": "ab \u202e ﷽ \U0001f9d0 \r\n c"}]
    assert model.requests[0].messages[-1].text == "ab \u202e ﷽ \U0001f9d0 \r\n c"


async def test_ids_of_another_session_are_unknown_ones(open_tab, alice, model):
    tab = await open_tab(alice)
    session, other = await tab.new_session(), await tab.new_session()
    sent = await tab.ask(other)
    for message in (sent["answer"]["id"], new_id()):
        with pytest.raises(Refused) as refused:
            await tab.say(session, parent=message)
        assert refused.value.code == "message_not_found"
        for kind in ("regenerate", "continue"):
            with pytest.raises(Refused) as refused:
                await tab.command(kind, session=session, message=message)
            assert refused.value.code == "message_not_found"


async def test_a_generation_of_another_session_is_an_unknown_one(open_tab, alice, model):
    tab = await open_tab(alice)
    session, other = await tab.new_session(), await tab.new_session()
    sent = await tab.ask(other)
    await tab.command("subscribe", session=session, generation=sent["generation"], after=None)
    assert_error(await tab.until_type("error"), "generation_not_found", None)


# --- Too much, too fast -----------------------------------------------------------------------------------------------


async def test_sends_are_limited_by_the_minute_and_say_when_to_come_back(open_tab, people, model, settings):
    settings.SENDS_PER_MINUTE = 2
    tab = await open_tab(people.alice)
    session = await tab.new_session()
    first = await tab.ask(session)
    await tab.ask(session, parent=first["answer"]["id"])
    for refusing in (tab, await open_tab(people.alice)):
        with pytest.raises(Refused) as refused:
            await refusing.say(session)
        assert refused.value.code == "rate_limit_reached"
        assert 0 < refused.value.args[0]["retry_after"] <= 60
    with pytest.raises(Refused):
        await tab.command("regenerate", session=session, message=first["answer"]["id"])
    mate = await open_tab(people.bob)
    await mate.ask(await mate.new_session())


async def test_a_storm_of_commands_is_held_off(open_tab, alice):
    tab = await open_tab(alice)
    commands = [await tab.send_command("ping") for _ in range(150)]
    refused = []
    for command in commands:
        try:
            await tab.answer(command)
        except Refused as refusal:
            refused.append(refusal.args[0])
    assert 20 <= len(refused) <= 50
    assert_error(refused[0], "rate_limit_reached", refused[0]["id"])
    assert refused[0]["retry_after"] == 1.0
