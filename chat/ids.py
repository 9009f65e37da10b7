"""Ids that appear in addresses. A client may make those of sessions and commands itself."""

from __future__ import annotations

import re
import secrets

_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{16,64}")


def new_id() -> str:
    """128 random bits as 22 characters out of `A-Z a-z 0-9 _ -`."""
    return secrets.token_urlsafe(16)


def is_well_formed(value: str) -> bool:
    """Whether `value` may be an id."""
    return _WELL_FORMED.fullmatch(value) is not None
