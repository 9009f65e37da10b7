from __future__ import annotations

import pytest
from hypothesis import given

from ai_studio.llm import Finished, FinishReason, ReasoningDelta, SourceCited, Started, TextDelta, ToolCallDelta, Usage
from chat import parts
from chat.generation.accumulator import Accumulator
from tests.unit.chat.completions import completions

STARTED = Started("story", "completion-1")
FINISHED = Finished(FinishReason.STOP, Usage(1, 2))


def apply_all(*events):
    accumulator = Accumulator()
    return accumulator, accumulator.apply(list(events))


def test_text_is_one_block_that_stays_open():
    accumulator, news = apply_all(TextDelta("Hel"), TextDelta("lo"))
    assert news == [
        {"type": "text-start", "id": "t1"},
        {"type": "text-delta", "id": "t1", "delta": "Hel"},
        {"type": "text-delta", "id": "t1", "delta": "lo"},
    ]
    assert accumulator.close() == [{"type": "text-end", "id": "t1"}]
    assert accumulator.close() == []


def test_reasoning_ends_where_text_begins():
    _, news = apply_all(ReasoningDelta("Hm"), TextDelta("Hi"))
    assert [(part["type"], part["id"]) for part in news] == [
        ("reasoning-start", "r1"),
        ("reasoning-delta", "r1"),
        ("reasoning-end", "r1"),
        ("text-start", "t2"),
        ("text-delta", "t2"),
    ]


def test_thinking_is_told_from_speaking():
    accumulator = Accumulator()
    assert (accumulator.has_reasoned, accumulator.is_speaking) == (False, False)
    accumulator.apply([ReasoningDelta("Hm")])
    assert (accumulator.has_reasoned, accumulator.is_speaking) == (True, False)
    accumulator.apply([TextDelta("So")])
    assert (accumulator.has_reasoned, accumulator.is_speaking) == (True, True)


def test_a_tool_call_ends_the_text_before_it():
    _, news = apply_all(TextDelta("Let me look."), ToolCallDelta(0, "call_1", "search", ""))
    assert news[-2:] == [
        {"type": "text-end", "id": "t1"},
        {"type": "tool-input-start", "toolCallId": "call_1", "toolName": "search", "dynamic": True},
    ]


def test_the_finish_ends_everything_that_is_open():
    accumulator, news = apply_all(
        ToolCallDelta(0, "call_1", "search", '{"q"'), ToolCallDelta(0, "", "", ": 1}"), TextDelta("Done"), FINISHED
    )
    assert news[-2:] == [
        {"type": "text-end", "id": "t2"},
        {"type": "tool-input-available", "toolCallId": "call_1", "toolName": "search", "dynamic": True, "input": {"q": 1}},
    ]  # fmt: skip
    assert accumulator.finished == FINISHED
    assert accumulator.close() == []


def test_what_the_provider_calls_itself_is_kept_and_gives_no_part():
    accumulator, news = apply_all(Started("story-2026", "completion-1"))
    assert news == []
    assert accumulator.started == Started("story-2026", "completion-1")
    assert not accumulator.has_content


def test_content_is_content_even_when_it_is_empty():
    accumulator, _ = apply_all(TextDelta(""))
    assert accumulator.has_content
    assert accumulator.stored() == [{"type": "text", "text": ""}]


def test_a_tool_call_without_an_id_gets_one():
    _, news = apply_all(TextDelta("Hm"), ToolCallDelta(0, "", "search", ""))
    assert news[-1]["toolCallId"] == "call2"


@pytest.mark.parametrize(
    ("first", "second"),
    [pytest.param("call_1", "call_1", id="the provider's own"), pytest.param("call2", "", id="the one made up")],
)
def test_two_tool_calls_of_one_id_stay_two(first, second):
    accumulator, news = apply_all(
        ToolCallDelta(0, first, "search", '{"q": 1}'), ToolCallDelta(1, second, "search", '{"q": 2}')
    )
    news += accumulator.close()
    assert [part["input"] for part in accumulator.stored()] == [{"q": 1}, {"q": 2}]
    assert len({part["toolCallId"] for part in accumulator.stored()}) == 2
    assert parts.fold(news) == accumulator.stored()


def test_an_open_tool_call_shows_the_arguments_so_far():
    accumulator, _ = apply_all(ToolCallDelta(0, "call_1", "search", '{"q'))
    assert accumulator.stored() == [
        {"type": "dynamic-tool", "toolCallId": "call_1", "toolName": "search", "state": "input-streaming",
         "rawInput": '{"q'},
    ]  # fmt: skip


TEXT, REASONING = {"type": "text", "text": "Once upon a "}, {"type": "reasoning", "text": "Hm"}
TOOL = {"type": "dynamic-tool", "toolCallId": "call_1", "toolName": "search", "state": "input-available", "input": {}}


@pytest.mark.parametrize(
    ("partial", "stored"),
    [
        pytest.param([TEXT], [{"type": "text", "text": "Once upon a time."}], id="its last text goes on"),
        pytest.param(
            [REASONING, TEXT], [REASONING, {"type": "text", "text": "Once upon a time."}], id="after reasoning"
        ),
        pytest.param([REASONING], [REASONING, {"type": "text", "text": "time."}], id="reasoning is over"),
        pytest.param([TEXT, REASONING], [TEXT, REASONING, {"type": "text", "text": "time."}], id="text, reasoning"),
        pytest.param([TEXT, TOOL], [{"type": "text", "text": "Once upon a time."}], id="tools do not go on"),
        pytest.param([{"type": "text", "text": ""}], [{"type": "text", "text": "time."}], id="nothing was said"),
        pytest.param([], [{"type": "text", "text": "time."}], id="a new answer"),
    ],
)
def test_an_answer_that_broke_off_is_continued(partial, stored):
    accumulator = Accumulator(partial)
    news = accumulator.replay()
    assert accumulator.stored() == [part for part in partial if part["type"] != "dynamic-tool"]
    news += accumulator.apply([STARTED, TextDelta("time."), FINISHED])
    assert accumulator.stored() == stored
    assert parts.fold(news) == stored


def test_a_continuation_that_begins_with_reasoning_leaves_the_text_as_it_was():
    accumulator = Accumulator([TEXT])
    news = [*accumulator.replay(), *accumulator.apply([ReasoningDelta("Hm"), TextDelta("time."), FINISHED])]
    assert accumulator.stored() == [TEXT, REASONING, {"type": "text", "text": "time."}]
    assert parts.fold(news) == accumulator.stored()


@given(completions())
def test_fold_of_everything_given_out_is_the_stored_message_at_every_moment(batches):
    accumulator = Accumulator()
    given_out = []
    for batch in batches:
        given_out += accumulator.apply(batch)
        assert parts.fold(given_out) == accumulator.stored()
    given_out += accumulator.close()
    assert parts.fold(given_out) == accumulator.stored()


@given(completions())
def test_a_replay_at_any_moment_and_what_follows_it_add_up_to_the_same_message(batches):
    accumulator = Accumulator()
    heard_by_late_viewers: list[list[parts.Part]] = []
    for batch in batches:
        news = accumulator.apply(batch)
        for heard in heard_by_late_viewers:
            heard += news
        heard_by_late_viewers.append(accumulator.replay())
    end = accumulator.close()
    for heard in heard_by_late_viewers:
        assert parts.fold(heard + end) == accumulator.stored()


@given(completions())
def test_every_block_is_started_before_and_ended_once(batches):
    accumulator = Accumulator()
    news = [part for batch in batches for part in accumulator.apply(batch)] + accumulator.close()
    open_blocks: set[str] = set()
    for part in news:
        if part["type"] in parts.SOURCES:
            continue
        kind, _, step = part["type"].rpartition("-")
        name = part.get("id") or part["toolCallId"]
        if step == "start":
            assert name not in open_blocks
            open_blocks.add(name)
        elif step == "delta":
            assert name in open_blocks
        else:
            assert step in {"end", "available", "error"}, kind
            open_blocks.remove(name)
    assert open_blocks == set()


def test_reading_the_content_often_joins_it_once():
    accumulator, _ = apply_all(*(TextDelta(str(number)) for number in range(100)))
    first = accumulator.stored()[0]["text"]
    assert accumulator.stored()[0]["text"] is first


def test_a_source_in_the_middle_of_a_text_leaves_it_open():
    accumulator, news = apply_all(TextDelta("So"), SourceCited("https://a.example/", "A"), TextDelta(" it is"))
    assert [part["type"] for part in news] == ["text-start", "text-delta", "source-url", "text-delta"]
    page = {"type": "source-url", "sourceId": "source1", "url": "https://a.example/", "title": "A"}
    assert accumulator.stored() == [{"type": "text", "text": "So it is"}, page]
    assert accumulator.stored() == parts.fold(news) == parts.fold(accumulator.replay())
    assert parts.unsay(news[1:], accumulator.stored()) == [{"type": "text", "text": ""}]


def test_each_source_is_there_once_even_in_later_rounds_and_when_an_answer_is_continued():
    cited = [SourceCited("https://a.example/", "A"), SourceCited("", "Handbook")]
    accumulator, _ = apply_all(TextDelta("So"), *cited)
    accumulator.begin_round()
    assert accumulator.apply([SourceCited("https://a.example/", "Another title"), *cited]) == []
    continued = Accumulator(accumulator.stored())
    news = continued.apply([TextDelta(" it is"), *cited, SourceCited("https://b.example/", "")])
    assert [part["type"] for part in news] == ["text-delta", "source-url"]
    assert continued.stored() == parts.fold(news, accumulator.stored())
    assert [part.get("sourceId") for part in continued.stored()] == [None, "source1", "source2", "source3"]


def test_an_answer_has_at_most_fifty_sources():
    _, news = apply_all(*(SourceCited(f"https://a.example/{number}", "") for number in range(60)))
    assert len(news) == 50
