"""One call each into services or selectors; JSON by `chat.presentation`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_studio import gateway
from chat import branches, selectors, shelves
from chat.api.requests import user_id, valid
from chat.api.serializers import InstructionsInput, PageInput, StudioInput
from chat.errors import NoModelAvailable, NoTeam, TeamNotFound
from chat.models import Message, Session
from chat.presentation import message_json

STARTERS = [
    "Explain a difficult idea in simple words",
    "Draft a friendly e-mail that says no",
    "Compare two ways to do something, in a table",
    "Help me find the fault in a piece of code",
]


class StudioView(APIView):
    """Who is signed in, and what may be used."""

    @extend_schema(parameters=[StudioInput], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = valid(StudioInput(data=request.query_params))
        try:
            offer = gateway.offer(user_id(request), asked.get("team"))
        except gateway.NotAMember as error:
            raise TeamNotFound from error
        problem = NoTeam() if offer.team is None else None if offer.models else NoModelAvailable()
        team = offer.team
        return Response(
            {
                "user": {"name": offer.user_name, "email": offer.email, "is_admin": offer.may_enter_admin},
                "team": {"id": team.pk, "name": team.name} if team else None,
                "kept": {
                    "days": team.retention_days if team else None,
                    "temporary_hours": settings.TEMPORARY_KEPT_HOURS,
                },
                "teams": [{"id": other.pk, "name": other.name} for other in offer.teams],
                "models": offer.models_json(),
                "agents": offer.agents_json(),
                "starters": STARTERS,
                "unavailable": {"code": problem.code, "text": str(problem)} if problem else None,
            }
        )


class MessagesView(APIView):
    """The branch that ends at the leaf, in pages upwards."""

    @extend_schema(parameters=[PageInput], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        page = valid(PageInput(data=request.query_params))
        session = selectors.get_session(user_id(request), session_id)
        messages = branches.branch(session_id, _end(session, page.get("before")), limit=page["limit"])
        more = bool(messages) and messages[0].parent_id is not None
        siblings = branches.siblings(session_id, messages)
        is_newest = page.get("before") is None
        beside = branches.beside(messages) if is_newest and siblings else []
        previous = messages[0].pk if more else None
        shown = {
            "messages": list(map(_shown, messages)),
            "previous": previous,
            "siblings": siblings,
            "threads": _threads(user_id(request), [*messages, *beside]),
        }
        return Response({**shown, "beside": list(map(_shown, beside))} if is_newest else shown)


class OriginView(APIView):
    """Where a thread came from."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        thread = selectors.get_session(user_id(request), session_id)
        origin = selectors.origin_of(user_id(request), thread)
        if origin is None:
            return Response({"origin": None})
        return Response(
            {"origin": {"session": shelves.shown_to(user_id(request), [origin])[0], "message": thread.forked_from_id}}
        )


class OutlineView(APIView):
    """The whole tree of a session, every message by its first words."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, session_id: str) -> Response:
        session = selectors.get_session(user_id(request), session_id)
        return Response({"messages": branches.outline(session_id), "leaf": session.leaf_id})


class InstructionsView(APIView):
    """A person's own instructions."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(gateway.own_instructions(user_id(request)))

    @extend_schema(request=InstructionsInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request) -> Response:
        given = valid(InstructionsInput(data=request.data))
        saved = gateway.save_own_instructions(user_id(request), text=given["text"], enabled=given["enabled"])
        return Response(saved)


def _shown(message: Message) -> dict[str, Any]:
    return message_json(message, selectors.generation_of(message), selectors.summary_of(message))


def _threads(owner_id: str, messages: list[Message]) -> list[dict[str, Any]]:
    forked = branches.forked_from([message.pk for message in messages])
    return shelves.shown_to(owner_id, selectors.threads_among(owner_id, forked)) if forked else []


def _end(session: Session, before: str | None) -> str | None:
    """The newest message of a page: the leaf, or the one before the message `before`."""
    if before is None:
        return session.leaf_id
    return selectors.get_message(session, before).parent_id
