from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import frames, parts
from tests.unit.chat.completions import completions, flushes


def tool(**fields):
    return {"type": "dynamic-tool", "toolCallId": "call_1", "toolName": "search", **fields}


STORED = {
    "nothing": [],
    "text": [{"type": "text", "text": "Hello"}],
    "empty text": [{"type": "text", "text": ""}],
    "reasoning, text": [{"type": "reasoning", "text": "Hm"}, {"type": "text", "text": "Hi"}],
    "tool with arguments": [tool(state="input-available", input={"q": "Oslo"})],
    "tool without arguments": [tool(state="input-available", input={})],
    "tool with null": [tool(state="input-available", input=None)],
    "tool with broken arguments": [
        tool(state="output-error", rawInput='{"q', errorText="The model wrote arguments that are not JSON.")
    ],
    "sources": [
        {"type": "text", "text": "So it is"},
        parts.source(1, url="https://example.com/", title="Example"),
        parts.source(2, url="", title="Handbook"),
        {"type": "text", "text": "Done."},
    ],
    "text, tool, text": [
        {"type": "text", "text": "Let me look."},
        tool(state="input-available", input=[1, 2]),
        {"type": "text", "text": "Done."},
    ],
}


@pytest.mark.parametrize("stored", STORED.values(), ids=STORED)
def test_unfold_says_again_what_is_stored(stored):
    assert parts.fold(parts.unfold(stored)) == stored


@given(completions())
def test_unfold_says_again_whatever_a_completion_left(batches):
    stored = parts.fold(part for news in flushes(batches) for part in news)
    assert parts.fold(parts.unfold(stored)) == stored


def test_a_tool_call_that_was_left_open_is_said_again_as_broken():
    [ended] = parts.fold(parts.unfold([tool(state="input-streaming", rawInput='{"q')]))
    assert (ended["state"], ended["rawInput"]) == ("output-error", '{"q')


def test_a_transition_is_nothing_that_a_stream_says():
    assert parts.unfold([parts.transition("model", source="Story", target=None)]) == []


@pytest.mark.parametrize(
    "part",
    [
        parts.start("msg-8fK2lQ7xV4bN9m", {"generation": "g"}),
        parts.start_step(),
        parts.finish_step(),
        parts.attempt({"attempt": 2}),
        parts.finish("stop", {"cost": None}),
        parts.abort("stopped"),
        *parts.error({"code": "model_not_found", "text": "No."}),
    ],
    ids=lambda part: part["type"],
)
def test_lifecycle_parts_leave_nothing_in_the_message(part):
    assert parts.fold([part]) == []


def test_an_error_carries_its_code_beside_it():
    data = {
        "code": "model_not_found",
        "text": "The provider does not know it.",
        "retryable": False,
        "retry_after": None,
    }
    assert parts.error(data) == [
        {"type": "data-error", "data": data, "transient": True},
        {"type": "error", "errorText": "The provider does not know it."},
    ]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", {}),
        ("{}", {}),
        ('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}),
        ("null", None),
        ("3", 3),
        ('"x"', "x"),
    ],
)
def test_arguments_that_are_json_are_parsed(raw, value):
    assert parts.tool_input_end("call_1", "search", raw) == {
        "type": "tool-input-available", "toolCallId": "call_1", "toolName": "search", "dynamic": True, "input": value,
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    ["{", " ", "nonsense", '{"a": NaN}', '{"a": "\\ud800"}', "{} {}", "[" * 5000, "[" * 300 + "]" * 300],
    ids=["open", "space", "word", "nan", "surrogate", "two", "deeper than JSON is read", "deeper than JSON is written"],
)
def test_arguments_that_are_no_json_are_kept_as_they_came(raw):
    ended = parts.tool_input_end("call_1", "search", raw)
    assert (ended["type"], ended["input"]) == ("tool-input-error", raw)
    assert ended["errorText"]


@pytest.mark.parametrize("depth", [100, 200, 240, 250, 254, 255])
def test_arguments_of_any_depth_fit_in_every_frame(depth):
    ended = parts.tool_input_end("call_1", "search", "[" * depth + "]" * depth)
    start = parts.tool_input_start("call_1", "search")
    stored = parts.fold([start, ended])
    assert orjson.loads(frames.parts("g", 0, 1, frames.encode_parts([start, ended])))["parts"][1] == ended
    assert orjson.loads(frames.snapshot("s", "g", 1, {"parts": stored}))["message"]["parts"] == stored
    assert parts.fold(parts.unfold(stored)) == stored


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        pytest.param([], "", id="nothing"),
        pytest.param(STORED["reasoning, text"], "Hi", id="no reasoning"),
        pytest.param(STORED["text, tool, text"], "Let me look.\n\nDone.", id="no tools"),
        pytest.param([{"type": "text", "text": ""}, {"type": "text", "text": "b"}], "b", id="no empty text"),
        pytest.param([parts.transition("agent", source=None, target="Coder")], "", id="no transition"),
    ],
)
def test_the_plain_text_is_what_was_said_aloud(stored, text):
    assert parts.plain_text(stored) == text


def test_fold_does_not_change_what_it_reads():
    news = [parts.block_start("text", "t1"), parts.text_delta("t1", "a"), parts.text_delta("t1", "b")]
    copies = [dict(part) for part in news]
    assert parts.fold(news) == parts.fold(news)
    assert news == copies


@given(completions(), st.data())
def test_unsay_takes_back_what_was_said(batches, data):
    said = flushes(batches)
    cut = data.draw(st.integers(0, len(said)))
    before = parts.fold(part for news in said[:cut] for part in news)
    later = [part for news in said[cut:] for part in news]
    unsaid = parts.unsay(later, parts.fold(later, before))
    ended = {part["toolCallId"] for part in later if part["type"] in ("tool-input-available", "tool-input-error")}
    for was, now in zip(before, unsaid, strict=True):
        assert now == was or was["toolCallId"] in ended


@given(completions(), st.data())
def test_fold_goes_on_from_any_point(batches, data):
    said = flushes(batches)
    cut = data.draw(st.integers(0, len(said)))
    before = parts.fold(part for news in said[:cut] for part in news)
    whole = parts.fold(part for news in said for part in news)
    assert parts.fold((part for news in said[cut:] for part in news), before) == whole


def test_the_mark_of_an_edited_answer_says_what_was_edited_and_who_wrote_it():
    mark = parts.edited("msg-1", model="Story")
    assert mark == {"type": "data-edited", "data": {"message": "msg-1", "model": "Story"}}
    assert parts.plain_text([mark, {"type": "text", "text": "Mine."}]) == "Mine."
    assert parts.unfold([mark]) == []


def test_a_file_is_named_and_never_held():
    file = parts.file("an-id", name="a.png", media_type="image/png", size=3)
    assert file == {
        "type": "file",
        "attachment": "an-id",
        "url": "/api/attachments/an-id",
        "filename": "a.png",
        "mediaType": "image/png",
        "size": 3,
    }
    words = {"type": "text", "text": "Look"}
    assert parts.files_of([file, words]) == [file]
    assert parts.plain_text([file, words]) == "Look"
    copy = parts.file("its-copy", name="a.png", media_type="image/png", size=3)
    assert parts.with_files([file, words], {"an-id": "its-copy"}) == [copy, words]
    assert parts.with_files([file, words], {}) == [file, words]


def test_the_sources_of_an_answer_are_what_it_cites():
    cited = [
        {"type": "source-url", "sourceId": "source1", "url": "https://a.example/", "title": "A"},
        {"type": "source-document", "sourceId": "source2", "mediaType": "text/plain", "title": "B"},
    ]
    assert parts.sources_of([cited[0], {"type": "text", "text": "Hi"}, cited[1]]) == cited
