"""Seals provider tokens. The only file that imports `cryptography`.

Fernet has no associated data, so the context of the row is sealed inside: a ciphertext that is copied to another row
opens there with the wrong context and is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ai_studio.llm import Secret


class Unreadable(Exception):
    """The ciphertext can't be opened: the key is gone, the text is damaged, or it belongs to another row."""


class Vault:
    """Seals with the first key, opens with any. `keys`: 32 bytes each, url-safe base64, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ValueError when there is no key or one is malformed."""
        if not keys:
            raise ValueError("at least one token key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: str, *, context: str) -> str:
        return self._fernet.encrypt(json.dumps({"value": value, "context": context}).encode()).decode()

    def open(self, ciphertext: str, *, context: str) -> Secret:
        """Raises Unreadable."""
        try:
            sealed = json.loads(self._fernet.decrypt(ciphertext.encode()))
        except (InvalidToken, ValueError) as error:
            raise Unreadable from error
        if sealed["context"] != context:
            raise Unreadable
        return Secret(sealed["value"])

    def rotate(self, ciphertext: str) -> str:
        """Sealed anew with the first key. Raises Unreadable."""
        try:
            return self._fernet.rotate(ciphertext.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error


def generate_key() -> str:
    """A new key for `TOKEN_KEYS`."""
    return Fernet.generate_key().decode()


def fingerprint(value: str) -> str:
    """16 hex digits that tell two tokens apart without telling what they are."""
    return hashlib.sha256(value.encode()).hexdigest()[:16]
