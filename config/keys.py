"""The two secrets of an installation: from the environment, else from files in the data directory.

Nothing has a default: without both, the settings refuse to load and say what to do. `make run` makes the files once.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

SECRET_KEY_FILE = "secret_key"
TOKEN_KEYS_FILE = "token_keys"


def ensure(data_dir: Path) -> None:
    """Writes the files that are missing, readable by the owner alone. Never changes one that is there."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_once(data_dir / SECRET_KEY_FILE, secrets.token_urlsafe(50))
    _write_once(data_dir / TOKEN_KEYS_FILE, base64.urlsafe_b64encode(os.urandom(32)).decode())


def read(data_dir: Path, name: str) -> str:
    """The file's text without surrounding white space; empty when there is no such file."""
    path = data_dir / name
    return path.read_text().strip() if path.is_file() else ""


def _write_once(path: Path, value: str) -> None:
    try:
        # O_EXCL: two starts at the same moment must not each make a key and the later one win.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(value + "\n")
