"""What two documents of the studio differ in. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LISTED = frozenset({"models", "libraries", "documents", "agents", "instructions", "saved_prompts"})
"""What is told by itself, not as a field of what it stands in."""
Entries = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """`verb`: added, changed or removed. `kind` and `name`: such as model, `OpenAI / gpt-5`."""

    verb: str
    kind: str
    name: str
    fields: tuple[FieldChange, ...]


def difference(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """In the order of `after`; what is only in `before` comes last."""
    old, new = dict(_entries(before)), dict(_entries(after))
    changes = []
    for key, fields in new.items():
        was = old.get(key)
        changed = tuple(
            FieldChange(name, None if was is None else was.get(name), value)
            for name, value in fields.items()
            if was is None or was.get(name) != value
        )
        if was is None or changed:
            changes.append(Change("changed" if was is not None else "added", *key, changed))
    return changes + [Change("removed", *key, ()) for key in old if key not in new]


def _entries(document: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """One for each row, by kind and name."""
    if document.get("instructions"):
        yield ("instructions", "platform"), document["instructions"]
    for rule in document.get("switch_rules") or ():
        yield ("switch rule", f"{rule['provider_key']} {rule['model_pattern']}"), rule
    for provider in document.get("providers") or ():
        yield ("provider", provider["name"]), _own(provider)
        for model in provider["models"]:
            yield ("model", f"{provider['name']} / {model['model_id']}"), model
    for team in document.get("teams") or ():
        yield from _entries_of_team(team)


def _entries_of_team(team: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    yield ("team", team["name"]), _own(team)
    if team["instructions"]:
        yield ("instructions", team["name"]), team["instructions"]
    for row in team["models"]:
        name = f"{team['name']}: {row['model']['provider']} / {row['model']['model_id']}"
        yield ("team model", name), row
    for library in team["libraries"]:
        yield ("library", f"{team['name']}: {library['name']}"), _own(library)
        for document in library["documents"]:
            yield ("document", f"{team['name']}: {library['name']} / {document['name']}"), document
    for agent in team["agents"]:
        yield ("agent", f"{team['name']}: {agent['name']}"), agent
    for prompt in team["saved_prompts"]:
        yield ("saved prompt", f"{team['name']}: /{prompt['name']}"), prompt


def _own(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _LISTED}
