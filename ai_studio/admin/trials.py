"""The page on which an agent is tried: a chat that is in nobody's history."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import orjson
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.template.response import TemplateResponse

from ai_studio import gateway
from ai_studio.admin import display as written
from ai_studio.admin.base import signed_in
from ai_studio.gateway import AgentUnavailable, NoModelAvailable, NotAMember, Plan, Wanted
from ai_studio.inspection import withheld_tools
from ai_studio.llm import Message, Role, TextDelta
from ai_studio.models import Agent
from ai_studio.tools.running import ToolUse
from ai_studio.trial import MAX_CHARACTERS, MAX_MESSAGES, Called, Heard, Trial, answer
from ai_studio.verdicts import sentence


class NotPossible(Exception):
    """Why the agent can't be tried, in words for the page."""


def view(request: HttpRequest, site: AdminSite, agent: Agent) -> HttpResponseBase:
    """GET the page; POST a conversation (`{"messages": [{"role", "text"}]}`), answered by lines of JSON as it comes."""
    try:
        plan = _plan(request, agent)
    except NotPossible as reason:
        if request.method == "POST":
            return JsonResponse({"text": str(reason)}, status=409)
        return _page(request, site, agent, {"problem": str(reason)})
    if request.method != "POST":
        return _page(request, site, agent, {"route": plan.routes[0], "withheld": withheld_tools(plan)})
    try:
        messages = _messages(request.body)
    except ValueError as reason:
        return JsonResponse({"text": str(reason)}, status=400)
    unbuffered = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    lines = _lines(Trial(plan), messages)
    return StreamingHttpResponse(lines, content_type="application/x-ndjson", headers=unbuffered)


def _page(request: HttpRequest, site: AdminSite, agent: Agent, more: dict[str, Any]) -> HttpResponse:
    context = {**site.each_context(request), "title": f"Try {agent.name}", "agent": agent, **more}
    return TemplateResponse(request, "admin/ai_studio/trial.html", context)


def _plan(request: HttpRequest, agent: Agent) -> Plan:
    viewer = signed_in(request)
    try:
        return gateway.plan(Wanted(user_id=viewer.pk, team_id=agent.team_id, agent_id=agent.pk))
    except NotAMember:
        raise NotPossible(f"You try it as yourself, and you are not in {agent.team}. Join the team first.") from None
    except AgentUnavailable:
        raise NotPossible(
            "The agent is disabled. Enable it; as a draft it is seen by the team's admins alone."
        ) from None
    except NoModelAvailable as error:
        steps = " ".join(f"{sentence(step)}." for step in error.resolution.steps)
        raise NotPossible(f"No model can answer. {steps}") from None


def _messages(body: bytes) -> tuple[Message, ...]:
    """Raises ValueError, with words for the page."""
    try:
        given = orjson.loads(body)["messages"]
        messages = tuple(Message(Role(each["role"]), str(each["text"])) for each in given)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError("This is not a conversation.") from error
    if not messages or messages[-1].role is not Role.USER or not messages[-1].text.strip():
        raise ValueError("Write a message first.")
    if len(messages) > MAX_MESSAGES or sum(len(each.text) for each in messages) > MAX_CHARACTERS:
        raise ValueError("This trial has become too long. Begin a new one.")
    return messages


async def _lines(trial: Trial, messages: tuple[Message, ...]) -> AsyncIterator[bytes]:
    async with aclosing(answer(trial, messages)) as heard:
        async for each in heard:
            yield _line(_told(each))
    yield _line(_end(trial))


def _told(heard: Heard) -> dict[str, Any]:
    match heard:
        case ToolUse():
            return {"type": "call", "id": heard.id, "name": heard.name, "text": _readable(heard.arguments)}
        case Called():
            output = heard.output
            text = output.error or _readable(output.value)
            return {"type": "result", "id": heard.use.id, "text": text, "failed": bool(output.error)}
        case _:
            return {"type": "text" if isinstance(heard, TextDelta) else "reasoning", "text": heard.text}


def _readable(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _end(trial: Trial) -> dict[str, Any]:
    if trial.error is not None:
        return {"type": "error", "code": trial.error.code, "text": trial.error.detail}
    usage = trial.usage
    facts = (
        trial.actual_model or trial.route.model_name,
        f"{written.tokens(usage.input_tokens)} tokens in, {written.tokens(usage.output_tokens)} out",
        written.cost(trial.cost),
        f"first token after {written.duration(trial.first_token_ms)}",
        f"{written.duration(trial.duration_ms)} in all",
    )
    return {"type": "end", "text": " · ".join(facts)}


def _line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
