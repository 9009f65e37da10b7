"""The studio as one document. Names stand for rows, so that it means the same in another installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from ai_studio.models import (
    Agent,
    Document,
    Instructions,
    LanguageModel,
    Library,
    Provider,
    SavedPrompt,
    SwitchRule,
    Team,
    TeamModel,
)
from ai_studio.transfer.fields import FALLBACKS, reference, to_file, travelling
from ai_studio.transfer.text import dump

SCHEMA = 1
"""Raised when a file of before would be misread."""
MARK = "chat_studio"


def export_text() -> str:
    return dump(studio_document())


def studio_document() -> dict[str, Any]:
    """Twelve queries. No tokens, no people, nothing that was said."""
    platform = Instructions.objects.filter(level=Instructions.Level.PLATFORM).first()
    models_of = _grouped(LanguageModel.objects.all(), lambda row: row.provider_id)
    return {
        MARK: SCHEMA,
        "instructions": None if platform is None else _fields(platform),
        "switch_rules": [
            _fields(rule) for rule in SwitchRule.objects.order_by("position", "provider_key", "model_pattern")
        ],
        "providers": [
            _fields(provider)
            | {"models": [_fields(model) for model in _sorted(models_of.get(provider.pk), "model_id")]}
            for provider in _sorted(Provider.objects.all(), "name")
        ],
        "teams": _teams(),
    }


def _teams() -> list[dict[str, Any]]:
    texts = {row.team_id: row for row in Instructions.objects.filter(level=Instructions.Level.TEAM)}
    rows = TeamModel.objects.select_related("model__provider")
    models_of = _grouped(rows, lambda row: row.team_id)
    catalogue = LanguageModel.objects.select_related("provider").in_bulk()
    agents_of = _grouped(Agent.objects.select_related("model__provider", "library"), lambda row: row.team_id)
    libraries_of = _grouped(Library.objects.all(), lambda row: row.team_id)
    documents_of = _grouped(Document.objects.all(), lambda row: row.library_id)
    prompts_of = _grouped(SavedPrompt.objects.filter(team__isnull=False), lambda row: row.team_id)
    return [
        _fields(team)
        | {
            "instructions": None if (text := texts.get(team.pk)) is None else _fields(text),
            "models": [
                {"model": reference(row.model), **_fields(row)}
                for row in sorted(models_of.get(team.pk, ()), key=_by_priority)
            ],
            "libraries": [
                _fields(library)
                | {"documents": [_fields(row) for row in _sorted(documents_of.get(library.pk), "name")]}
                for library in _sorted(libraries_of.get(team.pk), "name")
            ],
            "agents": [_agent(agent, catalogue) for agent in _sorted(agents_of.get(team.pk), "name")],
            "saved_prompts": [_fields(prompt) for prompt in _sorted(prompts_of.get(team.pk), "name")],
        }
        for team in _sorted(Team.objects.all(), "name")
    ]


def _agent(agent: Agent, catalogue: dict[str, LanguageModel]) -> dict[str, Any]:
    """A fallback that is in the catalogue no more is left out."""
    named = [reference(catalogue[model_id]) for model_id in agent.fallbacks if model_id in catalogue]
    return _fields(agent) | {FALLBACKS: named}


def _fields(row: models.Model) -> dict[str, Any]:
    """Of a team's instructions not the safety rules: these are the platform's alone."""
    skipped = {"safety"} if isinstance(row, Instructions) and row.level != Instructions.Level.PLATFORM else set()
    return {field.name: to_file(row, field) for field in travelling(type(row)) if field.name not in skipped}


def _by_priority(row: TeamModel) -> tuple[int, str, str]:
    return row.priority, row.model.provider.name, row.model.model_id


def _sorted(rows: Iterable[Any] | None, name: str) -> list[Any]:
    """By code points, whatever the order of the database's language is."""
    return sorted(rows or (), key=lambda row: str(getattr(row, name)))


def _grouped(rows: Iterable[Any], of: Callable[[Any], str]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(of(row), []).append(row)
    return groups
