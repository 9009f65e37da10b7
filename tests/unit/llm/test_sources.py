"""What counts as a source, and where the three formats name theirs."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from ai_studio.llm import SourceCited
from ai_studio.llm.sources import Sources, document, of_anthropic, page
from ai_studio.llm.wire import AnthropicDecoder, GeminiDecoder, OpenAIDecoder, StreamDecoder

A = "https://a.example/one"
B = "https://b.example/two"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,hi",
        "//a.example/",
        "/admin",
        "https://",
        "http://[broken",
        "https://a.example/ b",
        "https://a.example/\n",
        "https://a.example/\u202e",
        "https://a.example/" + "x" * 2_048,
        "",
        None,
        7,
        {"url": A},
    ],
)
def test_what_is_no_page(url: Any) -> None:
    assert page(url, "Title") is None


def test_titles_are_one_line_of_text() -> None:
    assert page(A, " One\n two ") == SourceCited(A, "One two")
    assert page(A, ["no title"]) == SourceCited(A, "")
    assert len((document("x" * 400) or SourceCited("", "")).title) == 300
    assert document(" ") is None
    assert document(None) is None


def test_each_once_and_at_most_fifty() -> None:
    known = Sources()
    assert known.new(page(A, "One")) == SourceCited(A, "One")
    assert known.new(page(A, "Other")) is None
    assert known.new(document("One")) == SourceCited("", "One")
    assert sum(known.new(page(f"{B}/{number}")) is not None for number in range(60)) == 48


def cited(decoder: StreamDecoder, *events: Any) -> list[SourceCited]:
    body = b"".join(b"data: " + orjson.dumps(event) + b"\n\n" for event in events)
    found = [event for event in [*decoder.feed(body), *decoder.close()] if isinstance(event, SourceCited)]
    assert decoder.error is None or type(decoder.error).__name__ == "ConnectionFailed"
    return found


def openai(delta: Any, **beside: Any) -> dict[str, Any]:
    return {"id": "c", "model": "m", "choices": [{"index": 0, "delta": delta}], **beside}


def test_openai_annotates_deltas() -> None:
    citation = {"type": "url_citation", "url_citation": {"url": A, "title": "One", "start_index": 0, "end_index": 3}}
    other = {"type": "file_citation", "file_citation": {"file_id": "f"}}
    events = [
        openai({"content": "So"}),
        openai({"annotations": [citation, other]}),
        openai({"annotations": [citation]}),
    ]
    assert cited(OpenAIDecoder(), *events) == [SourceCited(A, "One")]


def test_perplexity_names_results_beside_the_choices_of_every_chunk() -> None:
    beside = {
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
        "citations": [A, B, "javascript:alert(1)"],
        "search_results": [{"url": A, "title": "One", "date": "2026-01-01"}],
    }
    events = [openai({"content": "So"}, **beside), openai({"content": " it is"}, **beside)]
    assert cited(OpenAIDecoder(), *events) == [SourceCited(A, "One"), SourceCited(B, "")]


def test_gemini_grounds_a_candidate() -> None:
    chunks = [{"web": {"uri": A, "title": "a.example"}}, {"retrievedContext": {"title": "x"}}, {"web": {"uri": "x:y"}}]
    candidate = {"content": {"parts": [{"text": "So"}]}, "groundingMetadata": {"groundingChunks": chunks}}
    events = [{"candidates": [candidate]}, {"candidates": [{"groundingMetadata": {}, "finishReason": "STOP"}]}]
    assert cited(GeminiDecoder(), *events) == [SourceCited(A, "a.example")]


def test_anthropic_cites_pages_and_documents() -> None:
    citations = [
        {"type": "web_search_result_location", "url": A, "title": "One", "cited_text": "…"},
        {"type": "char_location", "document_title": "Handbook", "document_index": 0, "cited_text": "…"},
        {"type": "char_location", "document_title": None, "document_index": 0, "cited_text": "…"},
    ]
    events = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": citation}}
        for citation in citations
    ]
    start = {"type": "message_start", "message": {"id": "m", "model": "claude"}}
    assert cited(AnthropicDecoder(), start, *events) == [SourceCited(A, "One"), SourceCited("", "Handbook")]


def test_a_page_of_anthropic_with_a_bad_address_is_no_document() -> None:
    assert of_anthropic({"url": "javascript:alert(1)", "title": "One", "document_title": "One"}) is None
