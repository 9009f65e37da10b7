"""Every setting, as data: the README's table is checked against it, and the admin's page of settings shows it.

A new one is read in `config/settings.py` and declared here; tests hold the two, the README and `.env.example` together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import ClassVar

import environ

from config import keys

HIDDEN = "set, and shown nowhere"
_USER_INFO = re.compile(r"(?<=://)[^/?#]*@")
_QUERY_SECRET = re.compile(r"(?i)((?:password|token|secret|key)=)[^&]*")


@dataclass(frozen=True, slots=True)
class Setting:
    """`default` and `meaning` in Markdown, as in the README. The value of a secret is never shown."""

    name: str
    default: str
    meaning: str
    is_secret: bool = False


class Origin(Enum):
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class InForce:
    """`place`: of the file that the value is from, else empty."""

    setting: Setting
    value: str
    origin: Origin
    place: str = ""


SETTINGS = (
    Setting("PORT", "`8000`", "where `make run` serves, on 127.0.0.1"),
    Setting("DATA_DIR", "`./data`", "the database, the keys, and what is uploaded"),
    Setting("ADMIN_EMAIL", "`admin@example.com`", "the first admin, made when there is none"),
    Setting("ADMIN_PASSWORD", "made and shown once", "the first admin's password", is_secret=True),
    Setting("SECRET_KEY", "made once, in `DATA_DIR`", "signs sessions", is_secret=True),
    Setting(
        "TOKEN_KEYS",
        "made once, in `DATA_DIR`",
        "encrypt provider tokens: url-safe base64 of 32 bytes each, newest first, comma between; keep a copy, since tokens can't be read without",
        is_secret=True,
    ),
    Setting("DATABASE_URL", "SQLite in `DATA_DIR`", "`postgres://user:password@host/name`"),
    Setting("DATABASE_POOL_SIZE", "`20`", "connections per process (PostgreSQL)"),
    Setting("REDIS_URL", "none: memory", "`redis://host:6379/0`; needed as soon as there are two processes"),
    Setting("ALLOWED_HOSTS", "`localhost`, `127.0.0.1`, `[::1]`", "host names that may be used, comma between"),
    Setting("CSRF_TRUSTED_ORIGINS", "none", "origins such as `https://chat.example.com`, comma between"),
    Setting(
        "BEHIND_HTTPS", "`False`", "a proxy ends HTTPS in front: secure cookies, and its `X-Forwarded-Proto` is trusted"
    ),
    Setting("HSTS_SECONDS", "`0`", "how long browsers insist on HTTPS"),
    Setting("STATIC_ROOT", "none", "where `manage.py collectstatic` puts files for a web server"),
    Setting("TIME_ZONE", "`UTC`", "of the admin, and of dates in prompts"),
    Setting("DEBUG", "`False`", "Django's; never in production"),
    Setting("SIGNUP_OPEN", "`False`", "whether strangers may make an account"),
    Setting("EMAIL_URL", "`consolemail://`", "where mail goes: `smtp://user:password@host:587`"),
    Setting("DEFAULT_FROM_EMAIL", "`chat-studio@localhost`", "who mail comes from"),
    Setting("MESSAGE_MAX_CHARACTERS", "`100000`", "the longest message"),
    Setting("SOCKETS_PER_USER", "`50`", "open tabs of one person"),
    Setting("SENDS_PER_MINUTE", "`60`", "messages of one person"),
    Setting("DELETED_KEPT_DAYS", "`7`", "how long a deleted chat can be brought back before it is gone for good"),
    Setting(
        "TEMPORARY_KEPT_HOURS",
        "`24`",
        "how long after its last activity a temporary chat is deleted, for good and at once",
    ),
    Setting("IMPORT_MAX_MEGABYTES", "`50`", "the largest file of chats that can be imported"),
    Setting(
        "FILES_URL",
        "a folder in `DATA_DIR`",
        "where files of messages and libraries are kept: `s3://key:secret@s3.example.com/bucket/folder?region=eu-central-1`, of anything that speaks S3; `&tls=0` for one without HTTPS, without `key:secret@` the machine's own role",
    ),
    Setting(
        "FILE_MAX_MEGABYTES", "`20`", "the largest file in a message or a library; a proxy in front must let it through"
    ),
    Setting("FILES_PER_MESSAGE", "`10`", "files in one message"),
    Setting("FILES_PER_PERSON_MEGABYTES", "`2000`", "how much all files of a person in messages may take"),
    Setting("LIBRARY_DOCUMENTS", "`100`", "documents in one library"),
    Setting(
        "LIBRARY_CONTEXT_PERCENT",
        "`25`",
        "how much of a model's context window the documents of an agent's library may take, in each message",
    ),
    Setting(
        "FILE_SCANNER",
        "none",
        "what a file must pass before it is used: a command that gets its path and ends with 0 (clean) or 1 (infected), such as `clamdscan --fdpass --no-summary`, or a function `package.module:function`",
    ),
    Setting("TITLES", "`True`", "whether a model names new chats"),
    Setting("SUMMARIES", "`True`", "whether a model summarises the beginning of chats that outgrow it"),
    Setting(
        "MEMORY",
        "`True`",
        "whether people may let the assistant remember facts about them; each decides for themselves",
    ),
    Setting("SCHEDULES_PER_PERSON", "`50`", "how many scheduled prompts a person may have; 0: none are asked"),
    Setting("PROVIDER_CONNECT_SECONDS", "`10`", "how long a connection to a provider may take"),
    Setting("PROVIDER_SILENCE_SECONDS", "`180`", "the longest silence of a provider, before its first token too"),
    Setting(
        "PROVIDER_PRIVATE_HOSTS",
        "none; with `make run` `127.0.0.0/8,::1`",
        "what a base URL may lead to although it is private: networks (`10.0.0.0/8`), addresses or hosts' names (`ollama`), comma between; a proxy that stands in front counts too",
    ),
    Setting("TOOL_ROUNDS", "`8`", "how often in one answer a model may call tools; then it has to answer"),
    Setting("TOOL_SECONDS", "`30`", "how long one call of a tool may take"),
    Setting("DRAIN_SECONDS", "`15`", "how long a process that is told to end lets answers finish"),
    Setting("LOG_LEVEL", "`INFO`", ""),
    Setting("LOG_JSON", "`True`, with `DEBUG` `False`", "JSON lines, or text for people"),
)
_KEPT_IN = {"SECRET_KEY": keys.SECRET_KEY_FILE, "TOKEN_KEYS": keys.TOKEN_KEYS_FILE}


def in_force(environment: Mapping[str, str], *, env_file: Path, data_dir: Path) -> list[InForce]:
    """What each setting is now and where that comes from, in the order of the README.

    `environment` holds what `env_file` says as well: the settings, and before them `make run`, put it there. So a value
    that both have is the file's.
    """
    written = _written_in(env_file)
    return [_in_force(setting, environment, written, env_file, data_dir) for setting in SETTINGS]


def _in_force(
    setting: Setting, environment: Mapping[str, str], written: Mapping[str, str], env_file: Path, data_dir: Path
) -> InForce:
    value = environment.get(setting.name, "")
    if value:
        is_written = written.get(setting.name) == value
        origin, place = (Origin.FILE, str(env_file)) if is_written else (Origin.ENVIRONMENT, "")
        return InForce(setting, HIDDEN if setting.is_secret else masked(value), origin, place)
    kept = _KEPT_IN.get(setting.name)
    if kept and keys.read(data_dir, kept):
        return InForce(setting, HIDDEN, Origin.FILE, str(data_dir / kept))
    return InForce(setting, setting.default.replace("`", ""), Origin.DEFAULT)


def masked(value: str) -> str:
    """An address without who signs in there."""
    return _QUERY_SECRET.sub(r"\1…", _USER_INFO.sub("…@", value))


def _written_in(env_file: Path) -> dict[str, str]:
    class Written(environ.Env):  # type: ignore[misc]  # has no types
        """Reads into a dictionary of its own instead of the environment."""

        ENVIRON: ClassVar[dict[str, str]] = {}

    if env_file.is_file():
        Written.read_env(env_file)
    return Written.ENVIRON


def of_this_process() -> list[InForce]:
    from django.conf import settings

    return in_force(os.environ, env_file=settings.BASE_DIR / ".env", data_dir=settings.DATA_DIR)
