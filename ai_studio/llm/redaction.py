"""Takes secrets out of text that others wrote: what looks like a provider's key, or like an authorization header."""

from __future__ import annotations

import re

REDACTED = "[redacted]"

_SECRET_TEXT = re.compile(
    r"(sk-[A-Za-z0-9_-]{8,}|AIza[0-9A-Za-z_-]{20,}|(?:Bearer|Token)\s+[A-Za-z0-9._~+/=-]{8,}"
    r"|(?<=[?&]key=)[^&\s\"']+|(?<=x-api-key: )\S+)"
)


def redact(text: str) -> str:
    """`text` without them. Whoever knows the secret itself takes that out first: not every key has a form."""
    return _SECRET_TEXT.sub(REDACTED, text)
