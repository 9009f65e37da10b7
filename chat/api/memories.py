"""What is remembered about oneself."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat.api.requests import user_id, valid
from chat.api.serializers import MemoryInput, MemorySwitchInput
from chat.services import memories
from chat.services.memories import memories_json, memory_json


class MemoriesView(APIView):
    """Whether memory is on, and all that is remembered."""

    @extend_schema(operation_id="memories_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(memories_json(memories.memory_of(user_id(request))))

    @extend_schema(request=MemorySwitchInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request) -> Response:
        """Switches it on or off. What is remembered stays."""
        given = valid(MemorySwitchInput(data=request.data))
        return Response(memories_json(memories.switch_memory(user_id(request), on=given["enabled"])))

    @extend_schema(request=MemoryInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        text = valid(MemoryInput(data=request.data))["text"]
        return Response(memory_json(memories.add_memory(user_id(request), text)), status=201)

    @extend_schema(operation_id="memories_destroy_all", responses={204: None})
    def delete(self, request: Request) -> Response:
        memories.delete_memories(user_id(request))
        return Response(status=204)


class MemoryView(APIView):
    @extend_schema(request=MemoryInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, memory_id: str) -> Response:
        text = valid(MemoryInput(data=request.data))["text"]
        return Response(memory_json(memories.change_memory(user_id(request), memory_id, text)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, memory_id: str) -> Response:
        memories.delete_memory(user_id(request), memory_id)
        return Response(status=204)
