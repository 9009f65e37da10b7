"""Full-text search."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import search, shelves
from chat.api.requests import user_id, valid
from chat.api.serializers import SearchInput
from chat.presentation import moment


class SearchView(APIView):
    """Sessions by title, by what was said in them and by their files, newest first."""

    @extend_schema(parameters=[SearchInput], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        asked = valid(SearchInput(data=request.query_params))
        filters = search.Filters(*(asked.get(name) for name in ("agent", "model", "since", "until", "archived")))
        query = search.parse(asked["q"])
        found = search.find(user_id(request), query, filters, before=asked.get("before"), limit=asked["limit"])
        return Response(_found_json(user_id(request), found))


def _found_json(reader: str, found: search.Found) -> dict[str, Any]:
    sessions = {one.session.pk: one.session for one in found.sessions}
    sessions |= {one.session.pk: one.session for one in found.files}
    sessions |= {one.session.pk: one.session for one in found.messages}
    shown = {one["id"]: one for one in shelves.shown_to(reader, list(sessions.values()))}
    return {
        "sessions": [
            {"session": shown[one.session.pk], "title": [segment.as_json() for segment in one.title]}
            for one in found.sessions
        ],
        "files": [
            {
                "id": one.attachment.pk,
                "created_at": moment(one.attachment.created_at),
                "message": one.message_id,
                "session": shown[one.session.pk],
                "name": [segment.as_json() for segment in one.name],
                "snippet": [segment.as_json() for segment in one.snippet],
            }
            for one in found.files
        ],
        "messages": [
            {
                "id": one.message.pk,
                "role": one.message.role,
                "created_at": moment(one.message.created_at),
                "session": shown[one.session.pk],
                "snippet": [segment.as_json() for segment in one.snippet],
            }
            for one in found.messages
        ],
        "next": found.next,
    }
