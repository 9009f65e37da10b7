"""How log lines look, and what never gets into one: secrets are taken out of every line, whoever wrote it."""

from __future__ import annotations

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from ai_studio.llm.redaction import REDACTED, redact

_SECRET_KEY = re.compile(r"token|secret|password|authorization|api[-_]?key|cookie", re.IGNORECASE)
_NOT_SECRET = re.compile(r"tokens$|^token_count|_tokens_", re.IGNORECASE)


def redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: takes secrets out by key and by form, in values at the top level."""
    for key, value in event.items():
        if _SECRET_KEY.search(key) and not _NOT_SECRET.search(key):
            event[key] = REDACTED
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: JSON lines for machines, coloured text for people; both redacted."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact_event,
    ]
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": level, "propagate": False},
            "django.server": {"level": "WARNING"},
            "daphne": {"level": "WARNING"},
            "LiteLLM": {"level": "ERROR"},
            "httpx": {"level": "WARNING"},
        },
    }
