"""What the three decoders promise beyond the corpus: splits, ends, errors, and bodies that no provider should send."""

from __future__ import annotations

from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_studio.llm import (
    CompletionEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    Started,
    TextDelta,
    Thought,
    ToolCallDelta,
    Usage,
    WireFormat,
)
from ai_studio.llm.events import merged
from ai_studio.llm.wire import DECODERS, AnthropicDecoder, GeminiDecoder, OpenAIDecoder, StreamDecoder
from tests.contract.corpus import STREAMS, Stream

FORMATS = ("openai", "anthropic", "gemini")


def decoder_for(wire_format: str) -> StreamDecoder:
    return DECODERS[WireFormat(wire_format)]()


def decode(decoder: StreamDecoder, *pieces: bytes) -> list[CompletionEvent]:
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return [*events, *decoder.close()]


def outcome(stream: Stream, *pieces: bytes) -> tuple[list[CompletionEvent], str | None, bool]:
    decoder = decoder_for(stream.format)
    events = merged(decode(decoder, *pieces))
    return events, type(decoder.error).__name__ if decoder.error else None, decoder.finished


@given(st.data())
def test_splits_do_not_matter(data: st.DataObject) -> None:
    stream = STREAMS[data.draw(st.sampled_from(sorted(STREAMS)))]
    cuts = data.draw(st.lists(st.integers(0, len(stream.body)), max_size=40))
    bounds = [0, *sorted(cuts), len(stream.body)]
    pieces = [stream.body[start:end] for start, end in pairwise(bounds)]
    assert outcome(stream, *pieces) == outcome(stream, stream.body)


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_small_pieces_give_the_same(name: str, size: int) -> None:
    stream = STREAMS[name]
    pieces = [stream.body[at : at + size] for at in range(0, len(stream.body), size)]
    assert outcome(stream, *pieces) == outcome(stream, stream.body)


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_ends_in_one_finish_or_one_error(name: str) -> None:
    stream = STREAMS[name]
    events, error, is_finished = outcome(stream, stream.body)
    finishes = [event for event in events if isinstance(event, Finished)]
    starts = [event for event in events if isinstance(event, Started)]
    assert (len(finishes), error is None) in {(1, True), (0, False)}
    assert is_finished == (error is None)
    assert starts == events[:1] or (not events and error)
    assert not finishes or events[-1] is finishes[0]


@pytest.mark.parametrize("wire_format", FORMATS)
def test_deltas_of_one_piece_come_as_one_event(wire_format: str) -> None:
    decoder = decoder_for(wire_format)
    events = decode(decoder, STREAMS[f"{wire_format}/unicode"].body)
    assert [type(event) for event in events] == [Started, TextDelta, Finished]


@pytest.mark.parametrize("wire_format", FORMATS)
def test_nothing_follows_the_end(wire_format: str) -> None:
    body = STREAMS[f"{wire_format}/text"].body
    decoder = decoder_for(wire_format)
    decode(decoder, body)
    assert decoder.feed(body) == []
    assert decoder.close() == []


@pytest.mark.parametrize("wire_format", FORMATS)
def test_an_error_does_not_cost_what_came_before_it(wire_format: str) -> None:
    name = {"openai": "error-server", "anthropic": "error-overloaded", "gemini": "error-unavailable"}[wire_format]
    decoder = decoder_for(wire_format)
    events = decoder.feed(STREAMS[f"{wire_format}/{name}"].body)
    assert TextDelta("It was") in events
    assert decoder.error is not None
    assert decoder.feed(STREAMS[f"{wire_format}/text"].body) == []
    assert decoder.close() == []


@pytest.mark.parametrize("wire_format", FORMATS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<!doctype html><html><body>Bad gateway</body></html>", id="html"),
        pytest.param(b'{"error": {"message": "no"}}', id="json"),
        pytest.param(b"data: <html>\n\n", id="html-in-an-event"),
        pytest.param(b"data: [1, 2]\n\n", id="not-an-object"),
        pytest.param(b"data: " + b"[" * 100_000 + b"\n\n", id="deep"),
        pytest.param(b'data: {"cut', id="cut-in-the-first-event"),
    ],
)
def test_what_is_not_a_stream_of_the_format_is_malformed(wire_format: str, body: bytes) -> None:
    decoder = decoder_for(wire_format)
    assert decode(decoder, body) == []
    assert type(decoder.error).__name__ == "MalformedResponse"


@pytest.mark.parametrize(
    ("decoder", "event"),
    [
        pytest.param(OpenAIDecoder(), b'{"choices": "x"}', id="openai-choices"),
        pytest.param(OpenAIDecoder(), b'{"choices": [{"delta": "x"}]}', id="openai-delta"),
        pytest.param(OpenAIDecoder(), b'{"choices": [{"delta": {"content": 7}}]}', id="openai-content"),
        pytest.param(OpenAIDecoder(), b'{"usage": [1]}', id="openai-usage"),
        pytest.param(OpenAIDecoder(), b'{"choices": [{"delta": {"reasoning": 7}}]}', id="openai-reasoning"),
        pytest.param(OpenAIDecoder(), b'{"choices": [{"delta": {"tool_calls": [{"index": "a"}]}}]}', id="openai-index"),
        pytest.param(OpenAIDecoder(), b'{"choices": [{"delta": {"tool_calls": [{"id": 3}]}}]}', id="openai-id"),
        pytest.param(AnthropicDecoder(), b'{"delta": {"text": "x"}}', id="anthropic-type"),
        pytest.param(AnthropicDecoder(), b'{"type": "content_block_delta"}', id="anthropic-delta"),
        pytest.param(AnthropicDecoder(), b'{"type": "message_start", "message": 3}', id="anthropic-message"),
        pytest.param(GeminiDecoder(), b'{"candidates": [7]}', id="gemini-candidate"),
        pytest.param(GeminiDecoder(), b'{"candidates": [{"content": {"parts": ["x"]}}]}', id="gemini-part"),
    ],
)
def test_an_event_of_the_wrong_shape_is_malformed(decoder: StreamDecoder, event: bytes) -> None:
    decoder.feed(b"data: " + event + b"\n\n")
    assert type(decoder.error).__name__ == "MalformedResponse"


@pytest.mark.parametrize("wire_format", ["openai", "anthropic"])
def test_objects_of_another_kind_are_malformed(wire_format: str) -> None:
    decoder = decoder_for(wire_format)
    assert decode(decoder, b'data: {"type": "unknown"}\n\n') == []
    assert type(decoder.error).__name__ == "MalformedResponse"


def test_text_before_what_is_not_text_is_kept() -> None:
    decoder = OpenAIDecoder()
    events = decode(decoder, openai('{"delta":{"content":"x"}}', '{"delta":{"reasoning":7}}'))
    assert events == [Started("m", "c"), TextDelta("x")]
    assert type(decoder.error).__name__ == "MalformedResponse"


def test_counts_that_are_not_numbers_are_no_counts() -> None:
    usage = b'data: {"usage":{"prompt_tokens":"3","completion_tokens":4.0,"total_tokens":NaN}}\n\ndata: [DONE]\n\n'
    assert decode(OpenAIDecoder(), usage) == [Finished(FinishReason.STOP, Usage(output_tokens=4))]


def openai(*choices: str) -> bytes:
    return b"".join(f'data: {{"id":"c","model":"m","choices":[{choice}]}}\n\n'.encode() for choice in choices)


def test_openai_says_done_without_a_reason() -> None:
    events = decode(OpenAIDecoder(), openai('{"delta":{"content":"x"}}') + b"data: [DONE]\n\n")
    assert events == [Started("m", "c"), TextDelta("x"), Finished(FinishReason.STOP, Usage())]


def test_openai_gives_a_reason_that_we_do_not_know() -> None:
    events = decode(OpenAIDecoder(), openai('{"delta":{},"finish_reason":"wandered_off"}'))
    assert events[-1] == Finished(FinishReason.OTHER, Usage())


def test_openai_repeats_a_calls_id_and_name() -> None:
    piece = '{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"%s"}}]}}'
    events = decode(OpenAIDecoder(), openai(piece % "1", piece % "", piece % "2"))
    assert events[1:] == [ToolCallDelta(0, "a", "f", "1"), ToolCallDelta(0, "", "", "2")]


def test_openai_sends_a_call_without_anything() -> None:
    assert decode(OpenAIDecoder(), openai('{"delta":{"tool_calls":[{}]}}'))[1:] == [ToolCallDelta(0, "", "", "")]


def test_a_signature_that_a_proxy_put_into_an_id_is_none_of_the_id():
    call = '{"delta":{"tool_calls":[{"id":"c1__thought__Zm9v/w==","function":{"name":"f","arguments":"{}"}}]}}'
    assert decode(OpenAIDecoder(), openai(call))[1:] == [ToolCallDelta(0, "c1", "f", "{}", "Zm9v/w==")]


def test_mistral_sends_blocks_that_we_do_not_know() -> None:
    content = (
        '[{"type":"reference","ids":[1]},{"type":"thinking","thinking":[{"type":"other"}]},{"type":"text","text":"x"}]'
    )
    assert TextDelta("x") in decode(OpenAIDecoder(), openai(f'{{"delta":{{"content":{content}}}}}'))


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    events = decode(
        OpenAIDecoder(), openai('{"delta":{"content":"a\\ud83d"}}', '{"delta":{"content":"\\ud83d\\ude00"}}')
    )
    assert events[1:] == [TextDelta("a\ufffd"), TextDelta("😀")] or events[1:] == [TextDelta("a\ufffd😀")]


def test_numbers_that_are_not_json_are_read_over() -> None:
    events = decode(
        OpenAIDecoder(), openai('{"delta":{"content":"x"},"logprobs":{"content":[{"logprob":-Infinity},NaN]}}')
    )
    assert TextDelta("x") in events


def anthropic(*events: str) -> bytes:
    return "".join(f"data: {event}\n\n" for event in events).encode()


def test_anthropic_counts_nothing() -> None:
    events = decode(AnthropicDecoder(), anthropic('{"type":"message_start","message":{}}', '{"type":"message_stop"}'))
    assert events == [Started("", ""), Finished(FinishReason.STOP, Usage())]


def test_anthropic_counts_only_the_output() -> None:
    body = anthropic('{"type":"message_delta","delta":{},"usage":{"output_tokens":3}}', '{"type":"message_stop"}')
    assert decode(AnthropicDecoder(), body) == [Finished(FinishReason.STOP, Usage(output_tokens=3))]


def test_anthropic_gives_a_calls_arguments_at_its_start() -> None:
    body = anthropic(
        '{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"a":1}}}',
        '{"type":"content_block_stop","index":0}',
    )
    assert decode(AnthropicDecoder(), body) == [ToolCallDelta(0, "t", "f", ""), ToolCallDelta(0, "", "", '{"a":1}')]


def test_anthropic_interleaves_blocks() -> None:
    start = '{"type":"content_block_start","index":%d,"content_block":{"type":"tool_use","id":"t%d","name":"f"}}'
    delta = '{"type":"content_block_delta","index":%d,"delta":{"type":"input_json_delta","partial_json":"%d"}}'
    body = anthropic(start % (3, 0), start % (5, 1), delta % (5, 1), delta % (3, 0), delta % (9, 9))
    assert decode(AnthropicDecoder(), body) == [
        ToolCallDelta(0, "t0", "f", ""),
        ToolCallDelta(1, "t1", "f", ""),
        ToolCallDelta(1, "", "", "1"),
        ToolCallDelta(0, "", "", "0"),
    ]


def test_gemini_calls_have_ids_of_their_own() -> None:
    part = '{"functionCall":{"name":"f","args":null}}'
    body = f'data: {{"responseId":"r","candidates":[{{"content":{{"parts":[{part},{part}]}}}}]}}\n\n'.encode()
    calls = [event for event in decode(GeminiDecoder(), body) if isinstance(event, ToolCallDelta)]
    assert [(call.index, call.call_id, call.arguments) for call in calls] == [
        (0, "call_r_0", "{}"),
        (1, "call_r_1", "{}"),
    ]


def test_reasoning_and_text_stay_in_order() -> None:
    body = openai(
        '{"delta":{"reasoning_content":"a"}}', '{"delta":{"content":"b"}}', '{"delta":{"reasoning_content":"c"}}'
    )
    assert decode(OpenAIDecoder(), body)[1:] == [ReasoningDelta("a"), TextDelta("b"), ReasoningDelta("c")]


def test_thinking_in_no_block_of_its_own_is_shown_and_not_given_back() -> None:
    """Of providers that speak Anthropic's format by half."""
    deltas = ({"type": "thinking_delta", "thinking": "Hm"}, {"type": "signature_delta", "signature": "signed"})
    events = [orjson.dumps({"type": "content_block_delta", "index": 0, "delta": delta}).decode() for delta in deltas]
    events += ['{"type":"content_block_stop","index":0}', '{"type":"message_stop"}']
    decoded = decode(AnthropicDecoder(), anthropic('{"type":"message_start","message":{}}', *events))
    assert ReasoningDelta("Hm") in decoded
    assert not any(isinstance(event, Thought) for event in decoded)
