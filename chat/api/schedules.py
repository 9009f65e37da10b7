"""One's own scheduled prompts."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat.api.requests import user_id, valid
from chat.api.serializers import ScheduleInput
from chat.presentation import schedule_json
from chat.recurrence import Recurrence
from chat.services import schedules


class SchedulesView(APIView):
    """All of them, the next to run first."""

    @extend_schema(operation_id="schedules_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response({"schedules": schedules.schedules_json(user_id(request))})

    @extend_schema(request=ScheduleInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        return Response(schedule_json(schedules.add_schedule(user_id(request), _content(request))), status=201)


class ScheduleView(APIView):
    @extend_schema(request=ScheduleInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, schedule_id: str) -> Response:
        return Response(schedule_json(schedules.change_schedule(user_id(request), schedule_id, _content(request))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, schedule_id: str) -> Response:
        schedules.delete_schedule(user_id(request), schedule_id)
        return Response(status=204)


class ScheduleRunView(APIView):
    """Runs it once more than it is due."""

    @extend_schema(request=None, responses={202: OpenApiTypes.OBJECT})
    def post(self, request: Request, schedule_id: str) -> Response:
        return Response(schedule_json(schedules.run_schedule(user_id(request), schedule_id)), status=202)


def _content(request: Request) -> schedules.Content:
    given = valid(ScheduleInput(data=request.data))
    recurrence = Recurrence(
        given["at"],
        given["zone"],
        frozenset(given["weekdays"]),
        month_day=given["month_day"],
        day=given["day"],
    )
    return schedules.Content(
        given["name"],
        given["prompt"],
        recurrence,
        model_id=given["model"],
        agent_id=given["agent"],
        folder_id=given["folder"],
        is_on=given["enabled"],
    )
