from __future__ import annotations

import pytest

from ai_studio.llm.redaction import redact


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Incorrect API key provided: sk-proj-abcdef123456.", "Incorrect API key provided: [redacted]."),
        ("GET /v1/models?key=abc&x=1", "GET /v1/models?key=[redacted]&x=1"),
        ("Authorization: Bearer abcdefgh123", "Authorization: [redacted]"),
        ("The model is overloaded.", "The model is overloaded."),
    ],
)
def test_what_looks_like_a_key_is_taken_out(text: str, told: str):
    assert redact(text) == told
