"""The admin of AI Studio, a module for each kind of page. Importing it registers them all."""

from __future__ import annotations

from ai_studio.admin import (
    agents,
    changes,
    completions,
    instructions,
    invitations,
    language_models,
    legal_holds,
    libraries,
    prompts,
    providers,
    saved_prompts,
    security_events,
    switch_rules,
    teams,
    tokens,
    transfer,
    users,
)

__all__ = [
    "agents",
    "changes",
    "completions",
    "instructions",
    "invitations",
    "language_models",
    "legal_holds",
    "libraries",
    "prompts",
    "providers",
    "saved_prompts",
    "security_events",
    "switch_rules",
    "teams",
    "tokens",
    "transfer",
    "users",
]
