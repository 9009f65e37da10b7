"""The resolution of a model in words."""

from __future__ import annotations

from collections.abc import Mapping

from ai_studio.resolution import Origin, Step, Verdict

ORIGINS: Mapping[Origin, str] = {
    Origin.EXPLICIT: "asked for with the message",
    Origin.SESSION: "chosen for the session",
    Origin.AGENT: "the agent's model",
    Origin.PREFERENCE: "the person's preference",
    Origin.TEAM_DEFAULT: "the team's default",
    Origin.TEAM_PRIORITY: "next in the team's order",
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.CHOSEN: "can be used",
    Verdict.UNKNOWN: "does not exist any more",
    Verdict.DISABLED: "is disabled in the catalogue",
    Verdict.ARCHIVED: "is archived",
    Verdict.PROVIDER_DISABLED: "belongs to a provider that is disabled",
    Verdict.NOT_ENABLED_FOR_TEAM: "is not enabled for this team",
    Verdict.NO_TOKEN: "has no token: neither the team nor the platform has an enabled one for its provider",
}


def sentence(step: Step) -> str:
    """`GPT-5 (the team's default) is archived`, without a full stop."""
    name = step.model_name or "A model"
    verdict = "answers" if step.verdict is Verdict.CHOSEN else VERDICTS[step.verdict]
    return f"{name}, {ORIGINS[step.origin]}, {verdict}"
