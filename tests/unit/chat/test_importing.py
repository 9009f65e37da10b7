"""The exports of other products, as far as their shapes are known; and whatever else somebody may choose."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.importing import ImportedChat, Unreadable, read
from chat.importing.chats import clean, moment

LIMIT = 1_000_000


def imported(document: Any) -> list[ImportedChat]:
    return read(json.dumps(document).encode(), limit=LIMIT)


def told(chat: ImportedChat) -> list[tuple[str, str | None, str, str]]:
    return [(message.id, message.parent, message.role, message.text) for message in chat.messages]


def chatgpt_node(parent: str | None, role: str | None, *parts: Any, **message: Any) -> dict[str, Any]:
    said = {
        "author": {"role": role},
        "content": {"content_type": "text", "parts": list(parts)},
        "create_time": 1700000000.5,
    }
    return {"parent": parent, "children": [], "message": None if role is None else said | message}


CHATGPT: dict[str, Any] = {
    "title": "Monads",
    "create_time": 1700000000.0,
    "update_time": 1700000100.0,
    "conversation_id": "conversation-1",
    "current_node": "c",
    "mapping": {
        "root": chatgpt_node(None, None),
        "system": chatgpt_node("root", "system", ""),
        "a": chatgpt_node("system", "user", "What is a monad?", {"content_type": "image_asset_pointer"}),
        "hidden": chatgpt_node("a", "assistant", "A thought", metadata={"is_visually_hidden_from_conversation": True}),
        "tool": chatgpt_node("hidden", "tool", "Found 3 pages"),
        "b": chatgpt_node("tool", "assistant", "A monoid."),
        "c": chatgpt_node("b", "user", "Thanks."),
        "other": chatgpt_node("a", "assistant", "Another answer."),
    },
}

OPEN_WEBUI = {
    "id": "chat-1",
    "title": "Monads",
    "created_at": 1700000000,
    "updated_at": 1700000100,
    "chat": {
        "title": "Monads",
        "history": {
            "currentId": "b",
            "messages": {
                "a": {
                    "id": "a",
                    "parentId": None,
                    "role": "user",
                    "content": "What is a monad?",
                    "timestamp": 1700000000,
                },
                "b": {"id": "b", "parentId": "a", "role": "assistant", "content": "A monoid.", "timestamp": 1700000001},
            },
        },
    },
}

LIBRECHAT = {
    "conversationId": "conversation-2",
    "title": "Monads",
    "exportAt": "2026-01-02T03:04:05.000Z",
    "messages": [
        {"messageId": "b", "parentMessageId": "a", "isCreatedByUser": False, "createdAt": "2026-01-02T03:04:06.000Z",
         "content": [{"type": "think", "think": "hm"}, {"type": "text", "text": "A monoid."}, {"type": "text", "text": {"value": "Yes."}}]},
        {"messageId": "a", "parentMessageId": "00000000-0000-0000-0000-000000000000", "isCreatedByUser": True,
         "createdAt": "2026-01-02T03:04:05.000Z", "text": "What is a monad?"},
        {"messageId": "a", "isCreatedByUser": True, "text": "the same again"},
        {"text": "without an id"},
    ],
}  # fmt: skip

LIBRECHAT_TREE = {
    "conversationId": "conversation-3",
    "messagesTree": [
        {"messageId": "a", "isCreatedByUser": True, "text": "What is a monad?", "children": [
            {"messageId": "b", "isCreatedByUser": False, "text": "A monoid.", "children": []}]},
    ],
}  # fmt: skip

OWN = {
    "format": "chat-studio",
    "version": 1,
    "chats": [
        {"id": "s-1", "title": "Monads", "leaf": "b", "created_at": "2026-01-02T03:04:05Z", "messages": [
            {"id": "a", "parent": None, "role": "user", "text": "What is a monad?", "created_at": "2026-01-02T03:04:05Z"},
            {"id": "t", "parent": "a", "role": "transition", "text": ""},
            {"id": "b", "parent": "t", "role": "assistant", "text": "A monoid."},
            {"role": "user", "text": "without an id"}]},
    ],
}  # fmt: skip


def test_chatgpt_s_tree_keeps_its_branches_without_what_was_never_shown():
    (chat,) = imported([CHATGPT])
    assert (chat.source, chat.id, chat.title, chat.leaf) == ("chatgpt", "conversation-1", "Monads", "c")
    assert told(chat) == [
        ("a", None, "user", "What is a monad?"),
        ("b", "a", "assistant", "A monoid."),
        ("c", "b", "user", "Thanks."),
        ("other", "a", "assistant", "Another answer."),
    ]
    assert chat.created_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert chat.messages[0].created_at == datetime(2023, 11, 14, 22, 13, 20, 500_000, tzinfo=UTC)


@pytest.mark.parametrize("document", [[OPEN_WEBUI], [LIBRECHAT], LIBRECHAT, LIBRECHAT_TREE, OWN])
def test_the_others_say_the_same(document):
    (chat,) = imported(document)
    first, second = told(chat)
    assert first == ("a", None, "user", "What is a monad?")
    assert second[:3] == ("b", "a", "assistant")
    assert second[3].startswith("A monoid.")
    assert chat.leaf == "b"


def test_a_zip_file_is_looked_into():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/chat.html", "<p>")
        archive.writestr("export/conversations.json", json.dumps([CHATGPT]))
    assert len(read(file.getvalue(), limit=LIMIT)) == 1
    with pytest.raises(Unreadable, match="too large"):
        read(file.getvalue(), limit=100)


def test_a_zip_file_without_chats_and_a_damaged_one_are_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("other.json", "[]")
    with pytest.raises(Unreadable, match="no conversations"):
        read(file.getvalue(), limit=LIMIT)
    with pytest.raises(Unreadable, match="damaged"):
        read(b"PK and nothing else", limit=LIMIT)


@pytest.mark.parametrize("data", [b"", b"hello", b"[]", b"{}", b"5", b'[{"a": 1}]', b"[" * 5000])
def test_what_is_no_export_is_refused(data):
    with pytest.raises(Unreadable):
        read(data, limit=LIMIT)


def test_circles_and_what_hangs_in_the_air_do_no_harm():
    mapping = {
        "a": chatgpt_node("b", "user", "In a circle"),
        "b": chatgpt_node("a", "assistant", "In a circle"),
        "c": chatgpt_node("nowhere", "user", "Alone"),
    }
    (chat,) = imported([CHATGPT | {"mapping": mapping, "current_node": "a"}])
    assert told(chat) == [("c", None, "user", "Alone")]
    assert chat.leaf == "c"


def test_a_branch_that_ends_with_what_is_not_shown_ends_before_it():
    mapping = CHATGPT["mapping"] | {"d": chatgpt_node("c", "tool", "Nothing")}
    (chat,) = imported([CHATGPT | {"mapping": mapping, "current_node": "d"}])
    assert chat.leaf == "c"


def test_chats_without_messages_are_left_out():
    assert imported([CHATGPT | {"mapping": None, "current_node": None}]) == []
    assert imported({"format": "chat-studio", "chats": None}) == []


@pytest.mark.parametrize("field", ["content", "author", "metadata", "create_time"])
@pytest.mark.parametrize("value", [None, 5, "text", [], {}, True, 1e300, {"parts": 5}])
def test_fields_of_any_kind_are_borne(field, value):
    message = CHATGPT["mapping"]["a"]["message"] | {field: value}
    mapping = CHATGPT["mapping"] | {"a": CHATGPT["mapping"]["a"] | {"message": message}}
    assert len(imported([CHATGPT | {"mapping": mapping, "title": value}])) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_700_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1_700_000_000_000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("soon", None),
        (1e300, None),
        (True, None),
        (None, None),
    ],
)
def test_moments(value, expected):
    assert moment(value) == expected


def test_text_that_no_database_can_store_is_cleaned():
    assert clean("a\x00b\ud83dc") == "abc"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["mapping", "chat", "messages", "message", "parent", "content", "parts", "history", "id", "role"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(json_values)
def test_whatever_the_file_says_it_is_read_or_refused(document):
    with contextlib.suppress(Unreadable):
        imported(document)
