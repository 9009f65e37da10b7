"""Ids that appear in addresses: opaque, and not to be guessed."""

from __future__ import annotations

import secrets

MAX_LENGTH = 64


def new_id() -> str:
    """128 random bits as 32 characters out of `0-9 a-f`.

    No `_`: in the admin's addresses it begins an escaped character, so that `_40` would be read as `@`.
    """
    return secrets.token_hex(16)
