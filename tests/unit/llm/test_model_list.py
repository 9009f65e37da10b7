"""Where providers' lists of models are, and what is read from them."""

from __future__ import annotations

from typing import Any

import pytest

from ai_studio.llm.errors import MalformedResponse
from ai_studio.llm.model_list import ListedModel, first_page, parse
from ai_studio.llm.presets import presets
from ai_studio.llm.types import ModelTarget, Secret, WireFormat


@pytest.mark.parametrize(
    ("provider", "base_url", "own", "address", "header"),
    [
        ("openai", None, "https://o.example/v1", "https://o.example/v1/models", "authorization"),
        ("mistral", "https://m.example/v1/", None, "https://m.example/v1/models", "authorization"),
        ("anthropic", None, None, "https://api.anthropic.com/v1/models?limit=1000", "x-api-key"),
        ("anthropic", "https://a.example/v1", None, "https://a.example/v1/models?limit=1000", "x-api-key"),
        (
            "gemini", None, None, "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000", "x-goog-api-key",
        ),
    ],
)  # fmt: skip
def test_addresses(provider: str, base_url: str | None, own: str | None, address: str, header: str):
    found, headers = first_page(ModelTarget(provider, "", Secret("k"), base_url), own)
    assert found == address
    assert "k" in headers[header]
    assert "k" not in found.partition("?")[2].split("=")  # never in an address, which is logged on the way


@pytest.mark.parametrize("provider", ["bedrock", "openai"])
def test_a_provider_without_a_list(provider: str):
    with pytest.raises(MalformedResponse, match="no list of models"):
        first_page(ModelTarget(provider, ""), None)


def test_pages():
    body: dict[str, Any] = {"data": [{"id": "a", "display_name": "A"}], "has_more": True, "last_id": "a/b"}
    page = parse(body, "https://x/v1/models?limit=1", WireFormat.ANTHROPIC)
    assert page.models == (ListedModel("a", "A"),)
    assert page.next == "https://x/v1/models?limit=1&after_id=a%2Fb"
    assert parse({**body, "has_more": False}, "https://x", WireFormat.ANTHROPIC).next is None
    assert parse(body, "https://x", WireFormat.OPENAI).next is None
    row = {"name": "models/g", "displayName": "G", "inputTokenLimit": 9, "outputTokenLimit": 3}
    other = {"name": "models/e", "supportedGenerationMethods": ["embedContent"]}
    listed = [{**row, "supportedGenerationMethods": ["generateContent"]}, other]
    gemini = parse({"models": listed, "nextPageToken": "t="}, "https://x?pageSize=1&pageToken=old", WireFormat.GEMINI)
    assert gemini.models == (ListedModel("g", "G", 9, 3),)
    assert gemini.next == "https://x?pageSize=1&pageToken=t%3D"


def test_what_compatible_servers_add():
    body = {"data": [{"id": "a", "name": "A", "context_length": 7}, {"id": "b", "max_model_len": "many", "name": 1}]}
    assert parse(body, "", WireFormat.OPENAI).models == (ListedModel("a", "A", 7), ListedModel("b"))


@pytest.mark.parametrize("body", [None, [], {}, {"data": {}}, {"data": ["a"]}, {"data": [{}]}, {"data": [{"id": 7}]}])
def test_another_shape_is_refused_whole(body: object):
    with pytest.raises(MalformedResponse):
        parse(body, "", WireFormat.OPENAI)


def test_presets_say_what_a_provider_wants():
    found = presets()
    assert (found["azure"].needs_base_url, found["groq"].needs_base_url) == (True, False)
    assert [option.key for option in found["vertex_ai"].options if option.is_required] == [
        "vertex_project",
        "vertex_location",
    ]
    assert [option.key for option in found["azure"].options] == ["api_version"]
    assert "oci_user" in found["oci"].missing
    assert not found["openai"].needs_base_url
    assert not found["bedrock"].missing
