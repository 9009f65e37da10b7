"""What can this person use, and why: a page of each team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from ai_studio.admin.base import signed_in
from ai_studio.explanation import ExplainedAgent, ExplainedModel, Explanation, explain
from ai_studio.models import Membership, Team
from ai_studio.resolution import Verdict
from ai_studio.verdicts import VERDICTS, sentence

SUGGESTED_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `holds` None: it was not looked at, since an earlier one does not hold."""

    text: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ShownModel:
    name: str
    provider: str
    position: int
    can_be_used: bool
    why: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class ShownAgent:
    name: str
    state: str
    can_be_used: bool
    steps: tuple[str, ...]


def view(request: HttpRequest, site: AdminSite, team: Team) -> HttpResponse:
    """`team`: one that the person may administer."""
    members = Membership.objects.filter(team=team).select_related("user", "team").order_by("user__email")
    asked = request.GET.get("person", "").strip()
    chosen = members.filter(user__email__iexact=asked).first() if asked else _first(members, request)
    context = {
        **site.each_context(request),
        "title": f"What can be used in {team}, and why",
        "team": team,
        "asked": chosen.user.email if chosen else asked,
        "people": [membership.user for membership in members[:SUGGESTED_PEOPLE]],
        "problem": ""
        if chosen
        else (f"Nobody with this address is in {team}." if asked else "Nobody is in this team."),
        **(_shown(explain(chosen)) if chosen else {}),
    }
    return TemplateResponse(request, "admin/ai_studio/usable.html", context)


def _first(members: Any, request: HttpRequest) -> Membership | None:
    own: Membership | None = members.filter(user=signed_in(request)).first()
    return own or members.first()


def _shown(explanation: Explanation) -> dict[str, Any]:
    return {
        "membership": explanation.membership,
        "steps": [sentence(step) for step in explanation.resolution.steps],
        "is_any": explanation.resolution.model_id is not None,
        "models": [_model(each) for each in explanation.models],
        "others": [_model(each) for each in explanation.others],
        "others_left_out": explanation.others_left_out,
        "agents": [_agent(each) for each in explanation.agents],
    }


def _model(each: ExplainedModel) -> ShownModel:
    facts = each.facts
    checks = (
        Check("active in the catalogue", facts.is_active),
        Check("enabled in the catalogue", facts.is_enabled),
        Check(f"provider {each.model.provider} enabled", facts.is_provider_enabled),
        Check("enabled for the team", facts.is_enabled_for_team),
        Check(_about_tokens(each), facts.has_token),
    )
    why = "resting after a failure: others are tried first" if each.is_resting else VERDICTS[each.verdict]
    return ShownModel(facts.name, str(each.model.provider), each.position, each.verdict is Verdict.CHOSEN, why, checks)


def _about_tokens(each: ExplainedModel) -> str:
    if not each.tokens:
        return "no enabled token, neither the team's nor the platform's"
    first, more = each.tokens[0], len(each.tokens) - 1
    whose = "the team's token" if first.team_id else "the platform's token"
    return f"{whose}{f', and {more} more' if more else ''}"


def _agent(each: ExplainedAgent) -> ShownAgent:
    agent = each.agent
    state = "Disabled" if not agent.is_enabled else "" if each.is_visible else "For the team's admins only"
    return ShownAgent(
        f"{agent.icon} {agent.name}".strip(),
        state,
        not state and each.resolution.model_id is not None,
        tuple(sentence(step) for step in each.resolution.steps),
    )
