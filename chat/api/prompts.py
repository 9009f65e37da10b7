"""Saved prompts: those of the active team to read, one's own to write."""

from __future__ import annotations

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_studio import gateway
from chat.api.requests import user_id, valid
from chat.api.serializers import PromptInput
from chat.presentation import prompt_json
from chat.services import prompts


class PromptsView(APIView):
    """The saved prompts of the active team and one's own, by name."""

    @extend_schema(operation_id="prompts_list", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response({"prompts": [prompt_json(each) for each in gateway.readable_prompts(user_id(request))]})

    @extend_schema(request=PromptInput, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Request) -> Response:
        return Response(prompt_json(prompts.create_prompt(user_id(request), _content(request))), status=201)


class PromptView(APIView):
    """One of one's own. A team's is changed in the admin alone."""

    @extend_schema(request=PromptInput, responses=OpenApiTypes.OBJECT)
    def put(self, request: Request, prompt_id: str) -> Response:
        return Response(prompt_json(prompts.change_prompt(user_id(request), prompt_id, _content(request))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, prompt_id: str) -> Response:
        prompts.delete_prompt(user_id(request), prompt_id)
        return Response(status=204)


def _content(request: Request) -> gateway.PromptContent:
    return gateway.PromptContent(**valid(PromptInput(data=request.data)))
