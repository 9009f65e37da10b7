"""Which model answers, and why: one order, one function, pure.

Order: explicit → session → agent → preference → team default → team priority. The first usable candidate wins; every
candidate before it is remembered with what kept it from being used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """Who named a candidate."""

    EXPLICIT = "explicit"
    SESSION = "session"
    AGENT = "agent"
    PREFERENCE = "preference"
    TEAM_DEFAULT = "team_default"
    TEAM_PRIORITY = "team_priority"


class Verdict(StrEnum):
    """What became of a candidate. All but the first keep it from being used."""

    CHOSEN = "chosen"
    UNKNOWN = "unknown"
    DISABLED = "disabled"
    ARCHIVED = "archived"
    PROVIDER_DISABLED = "provider_disabled"
    NOT_ENABLED_FOR_TEAM = "not_enabled_for_team"
    NO_TOKEN = "no_token"  # noqa: S105  (a verdict, not a token)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What decides whether a team may use a model now."""

    id: str
    name: str
    is_enabled: bool
    is_active: bool
    is_provider_enabled: bool
    is_enabled_for_team: bool
    has_token: bool
    is_team_default: bool = False
    priority: int = 0

    def verdict(self) -> Verdict:
        """CHOSEN when nothing stands against it, else the first thing that does."""
        against = (
            (self.is_active, Verdict.ARCHIVED),
            (self.is_enabled, Verdict.DISABLED),
            (self.is_provider_enabled, Verdict.PROVIDER_DISABLED),
            (self.is_enabled_for_team, Verdict.NOT_ENABLED_FOR_TEAM),
            (self.has_token, Verdict.NO_TOKEN),
        )
        return next((verdict for holds, verdict in against if not holds), Verdict.CHOSEN)


@dataclass(frozen=True, slots=True)
class Step:
    origin: Origin
    model_id: str
    model_name: str
    verdict: Verdict

    def as_json(self) -> dict[str, str]:
        return {"origin": self.origin, "model": self.model_id, "name": self.model_name, "verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Resolution:
    """`model_id` is None when no candidate can be used. `steps` are in the order in which they were looked at."""

    model_id: str | None
    steps: tuple[Step, ...]

    @property
    def refused_choice(self) -> Step | None:
        """The model that the session has chosen, when it was looked at and can't be used."""
        steps = (step for step in self.steps if step.origin is Origin.SESSION and step.verdict is not Verdict.CHOSEN)
        return next(steps, None)


def resolve(
    models: Mapping[str, ModelFacts],
    *,
    explicit: str | None = None,
    session: str | None = None,
    agent: str | None = None,
    preference: str | None = None,
) -> Resolution:
    """`models`: what is known of each model, by id. The named ids may be absent from it: these are `unknown`."""
    steps: list[Step] = []
    seen: set[str] = set()
    named = (
        (Origin.EXPLICIT, explicit),
        (Origin.SESSION, session),
        (Origin.AGENT, agent),
        (Origin.PREFERENCE, preference),
    )
    candidates = [(origin, model_id) for origin, model_id in named if model_id is not None]
    for origin, model_id in [*candidates, *_by_team(models.values())]:
        if model_id in seen:
            continue
        seen.add(model_id)
        facts = models.get(model_id)
        verdict = facts.verdict() if facts else Verdict.UNKNOWN
        steps.append(Step(origin, model_id, facts.name if facts else "", verdict))
        if verdict is Verdict.CHOSEN:
            return Resolution(model_id, tuple(steps))
    return Resolution(None, tuple(steps))


def in_team_order(models: Iterable[ModelFacts]) -> list[ModelFacts]:
    """The team's enabled models as it ranks them: its default first, then by priority, then by name."""
    enabled = (facts for facts in models if facts.is_enabled_for_team)
    return sorted(enabled, key=lambda facts: (not facts.is_team_default, facts.priority, facts.name))


def _by_team(models: Iterable[ModelFacts]) -> list[tuple[Origin, str]]:
    return [
        (Origin.TEAM_DEFAULT if facts.is_team_default else Origin.TEAM_PRIORITY, facts.id)
        for facts in in_team_order(models)
    ]
