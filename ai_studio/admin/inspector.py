"""The prompt inspector: what a model would be told for any person, team, agent and model, with the origin of every word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from ai_studio import security_log
from ai_studio.admin import display as written
from ai_studio.admin.base import authority, signed_in
from ai_studio.admin.selection import SelectionForm
from ai_studio.authorization import unreadable_levels
from ai_studio.difference import Row, side_by_side
from ai_studio.inspection import Inspection, Segment, Share, inspect
from ai_studio.instructions import ORDER, Level
from ai_studio.models import Agent, Instructions, Library, User
from ai_studio.planning import AgentUnavailable, ChosenModelUnavailable, NoModelAvailable, NotAMember, Route
from ai_studio.verdicts import sentence

LABELS: Mapping[Level | None, str] = {
    Level.SAFETY: "Safety rules",
    Level.AGENT: "Agent",
    Level.FOLDER: "Folder",
    Level.USER: "Person",
    Level.MEMORY: "Memory",
    Level.TEAM: "Team",
    Level.PLATFORM: "Platform",
    Level.LIBRARY: "Library",
    None: "Words around them",
}
OWN_WORDS = frozenset({Level.USER, Level.MEMORY})
"""Levels whose texts are the person's own affair: who reads somebody else's is written down."""
EFFORT_BY = {
    "chat": "as a person chooses it in a chat",
    "agent": "as the agent has it",
    "model": "as the model has it",
}
HOME: Mapping[str, type[Agent | Instructions | Library]] = {
    "agent": Agent,
    "instructions": Instructions,
    "library": Library,
}


@dataclass(frozen=True, slots=True)
class ShownSegment:
    """A segment as the page writes it. `address`: of the row that the text is from, empty where it can't be opened."""

    css: str
    label: str
    text: str
    revision: str
    address: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class ShownShare:
    css: str
    label: str
    tokens: int
    characters: int
    price: str
    percent: float


@dataclass(frozen=True, slots=True)
class Side:
    """One selection and what comes of it: an inspection, or the reason why there is none."""

    title: str
    form: SelectionForm
    inspection: Inspection | None
    problem: str
    steps: tuple[str, ...]
    segments: tuple[ShownSegment, ...] = ()
    shares: tuple[ShownShare, ...] = ()
    total: ShownShare | None = None
    fallbacks: tuple[str, ...] = ()
    tools_price: str = ""
    effort_by: str = ""


def view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """GET alone: the address says everything, so that it can be sent to a colleague."""
    is_compared = "compare" in request.GET
    names = {"a": "First selection", "b": "Second selection"} if is_compared else {"a": "Selection"}
    sides = [_side(request, prefix, title) for prefix, title in names.items()]
    rows = _difference(sides)
    context = {
        **site.each_context(request),
        "title": "Prompt inspector",
        "sides": sides,
        "is_compared": is_compared,
        "difference": rows,
        "legend": [(css_of(level), LABELS[level]) for level in (*ORDER, None)],
        "is_same": is_compared and not any(row.is_changed for row in rows),
        "single_address": f"{request.path}?{_single(request)}",
        "compare_address": f"{request.path}?{_compared(request)}",
    }
    return TemplateResponse(request, "admin/ai_studio/inspector.html", context)


def css_of(level: Level | None) -> str:
    return f"from-{level or 'frame'}"


def shown_segments(segments: tuple[Segment, ...], request: HttpRequest) -> tuple[ShownSegment, ...]:
    return tuple(
        ShownSegment(
            css=css_of(segment.level),
            label=LABELS[segment.level],
            text=segment.text if segment.level else segment.text.strip("\n"),
            revision=f"revision {segment.revision}" if segment.revision else "",
            address="" if segment.is_hidden else _address(segment.source, request),
            is_hidden=segment.is_hidden,
        )
        for segment in segments
    )


def _side(request: HttpRequest, prefix: str, title: str) -> Side:
    form = SelectionForm(request.GET.dict(), prefix=prefix, viewer=signed_in(request), authority=authority(request))
    if form.chosen_team is None or not form.people.exists():
        return Side(title, form, None, "There is nobody in this team yet: add a member first.", ())
    if not form.is_valid():
        return Side(title, form, None, "Correct what is marked first.", ())
    wanted = form.wanted()
    try:
        found = inspect(wanted, form.messages(), hidden=unreadable_levels(request.user, wanted.user_id))
    except NoModelAvailable as error:
        steps = tuple(sentence(step) for step in error.resolution.steps)
        return Side(title, form, None, "No model can answer: the message would be refused.", steps)
    except ChosenModelUnavailable as error:
        return Side(title, form, None, f"{error} The message would be refused.", ())
    except AgentUnavailable:
        return Side(title, form, None, "The agent is disabled or gone: the message would be refused.", ())
    except NotAMember:
        return Side(title, form, None, "This person has left the team: the message would be refused.", ())
    _note_reading(found, form)
    return Side(
        title,
        form,
        found,
        "",
        tuple(sentence(step) for step in found.plan.resolution.steps),
        shown_segments(found.segments, request),
        tuple(_share(share, found) for share in found.shares),
        _share(found.total, found),
        tuple(_fallback(route) for route in found.plan.routes[1:]),
        written.cost(found.tools.price),
        EFFORT_BY[found.route.effort.by] if found.route.effort else "",
    )


def _note_reading(found: Inspection, form: SelectionForm) -> None:
    """Somebody else's own words were shown: that goes into the security log."""
    person: User = form.cleaned_data["person"]
    shows_own_words = any(part.level in OWN_WORDS and not part.is_hidden for part in found.segments)
    if shows_own_words and person != form.viewer:
        security_log.record(security_log.Event.PROMPT_READ, subject=person, team=form.chosen_team, kept=False)


def _share(share: Share, inspection: Inspection) -> ShownShare:
    total = inspection.total.tokens
    return ShownShare(
        css=css_of(share.level),
        label=LABELS[share.level],
        tokens=share.tokens,
        characters=share.characters,
        price=written.cost(share.price),
        percent=round(100 * share.tokens / total, 1) if total else 0,
    )


def _fallback(route: Route) -> str:
    return f"{route.model_name} · {route.provider_name}"


def _difference(sides: list[Side]) -> list[Row]:
    both = [side.inspection for side in sides if side.inspection]
    return side_by_side(both[0].text, both[1].text) if len(both) == 2 else []


def _address(source: str, request: HttpRequest) -> str:
    kind, _, key = source.partition(":")
    model = HOME.get(kind)
    if model is None or not authority(request).visible(model).filter(pk=key).exists():
        return ""
    return reverse(f"admin:ai_studio_{model._meta.model_name}_change", args=[key])


def _single(request: HttpRequest) -> str:
    return urlencode({name: value for name, value in request.GET.items() if name.startswith("a-")})


def _compared(request: HttpRequest) -> str:
    """The second selection begins as the first one."""
    first = {name: value for name, value in request.GET.items() if name.startswith("a-")}
    return urlencode(first | {f"b-{name[2:]}": value for name, value in first.items()} | {"compare": "1"})
