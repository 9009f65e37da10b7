"""The product's settings with a data directory that goes away. `TEST_DATABASE_URL` moves the suite to another engine."""

from __future__ import annotations

import os
import secrets
import tempfile

# Made and removed by conftest.py: type checking reads these settings too, and must leave nothing behind. Not by the
# process's number: two containers that share a folder for temporary files have the same numbers.
_data_dir = f"{tempfile.gettempdir()}/chat-studio-tests-{secrets.token_hex(8)}"

# Set outright, each of them: a developer's own .env must not reach into a test.
os.environ |= {
    "DATA_DIR": _data_dir,
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{_data_dir}/db.sqlite3",
    "REDIS_URL": "",
    "SECRET_KEY": "only-for-tests",
    "TOKEN_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtbG9uZy1rZXk=",
    "DEBUG": "False",
    "SIGNUP_OPEN": "False",
    "EMAIL_URL": "memorymail://",
    "LOG_LEVEL": "WARNING",
    "PROVIDER_PRIVATE_HOSTS": "127.0.0.0/8,::1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
}

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# A file, not memory: connections of several threads must see one database, with the locks of the real one.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": f"{_data_dir}/test.sqlite3"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
