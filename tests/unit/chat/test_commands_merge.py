"""What a command says of answers that become one."""

from __future__ import annotations

import pytest

from chat import commands
from chat.errors import InvalidCommand
from tests.unit.chat.test_commands import ID, MESSAGE, SESSION

OTHER = "msg-Pa2sDf4gHj6kLz"
FRAME = {"type": "merge", "id": ID, "session": SESSION, "messages": [MESSAGE, OTHER], "model": "m-gH4kT7bV1nQxYz0c"}


def test_answers_are_merged_in_their_order_by_a_model_or_the_one_of_the_session():
    merge = commands.Merge(ID, SESSION, (MESSAGE, OTHER), "m-gH4kT7bV1nQxYz0c")
    assert commands.parse(FRAME) == merge
    assert commands.parse({**FRAME, "messages": [OTHER, MESSAGE]}).messages == (OTHER, MESSAGE)
    assert commands.parse({**FRAME, "model": None}) == commands.Merge(ID, SESSION, (MESSAGE, OTHER), None)


@pytest.mark.parametrize("messages", [None, [], [MESSAGE]])
def test_whether_they_are_enough_is_said_later(messages):
    assert commands.parse({**FRAME, "messages": messages}).messages == tuple(messages or ())


@pytest.mark.parametrize(
    "messages", [MESSAGE, {}, [1], [None], ["short"], [[MESSAGE]], [MESSAGE] * 2, [f"msg-{n:016}" for n in range(9)]]
)
def test_answers_are_a_short_list_of_ids_that_differ(messages):
    with pytest.raises(InvalidCommand, match="messages"):
        commands.parse({**FRAME, "messages": messages})


@pytest.mark.parametrize("field", ["id", "session", "model"])
def test_ids_are_ids(field):
    with pytest.raises(InvalidCommand, match=f"`{field}`"):
        commands.parse({**FRAME, field: "short"})
