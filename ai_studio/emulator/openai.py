"""OpenAI's chat completions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from uuid import uuid4

from ai_studio.emulator.completions import Answer, CompletionRequest, ErrorKind, FinishReason, ProviderError, ToolSpec
from ai_studio.emulator.errors import OPENAI
from ai_studio.emulator.wire import (
    Event,
    InvalidBody,
    JSONObject,
    count_words,
    json_object,
    objects,
    sse,
    text_of,
    token_encoder,
)

FINISH_REASONS = {
    FinishReason.STOP: "stop",
    FinishReason.LENGTH: "length",
    FinishReason.TOOL_CALLS: "tool_calls",
    FinishReason.REFUSAL: "stop",
    FinishReason.CONTENT_FILTER: "content_filter",
}


class OpenAIWire:
    """POST /v1/chat/completions."""

    def api_key(self, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
        scheme, _, key = headers.get("Authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""

    def parse(self, body: object, api_key: str, route: Mapping[str, str]) -> CompletionRequest:
        fields = json_object(body)
        messages = objects(fields.get("messages"))
        model = fields.get("model")
        if not isinstance(model, str):
            raise InvalidBody("you must provide a model parameter")
        if not messages:
            raise InvalidBody("Missing required parameter: 'messages'.")
        roles = [message.get("role") for message in messages]
        last_user = max((index for index, role in enumerate(roles) if role == "user"), default=-1)
        limit = fields.get("max_completion_tokens", fields.get("max_tokens"))
        options = fields.get("stream_options")
        return CompletionRequest(
            model=model,
            prompt=text_of(messages[last_user].get("content")) if last_user >= 0 else "",
            system="\n".join(text_of(m.get("content")) for m in messages if m.get("role") in {"system", "developer"}),
            earlier_answers=roles[: max(last_user, 0)].count("assistant"),
            tool_results=tuple(text_of(m.get("content")) for m in messages[last_user + 1 :] if m.get("role") == "tool"),
            tools=tuple(_tools(fields.get("tools"))),
            max_tokens=limit if isinstance(limit, int) else None,
            is_streamed=fields.get("stream") is True,
            wants_usage=isinstance(options, dict) and options.get("include_usage") is True,
            input_tokens=sum(count_words(text_of(message.get("content"))) for message in messages),
            api_key=api_key,
        )

    def events(self, request: CompletionRequest, answer: Answer) -> Iterator[Event]:
        head = _head("chat.completion.chunk", request.model)
        usage: JSONObject = {"usage": None} if request.wants_usage else {}

        def event(delta: JSONObject, finish_reason: str | None = None) -> JSONObject:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
            return {**head, "choices": [choice], **usage}

        yield Event(sse(event({"role": "assistant", "content": None if answer.tool_calls else "", "refusal": None})))
        encode = token_encoder(lambda token: event({"reasoning_content": token}))
        for token in answer.reasoning:
            yield Event(encode(token), is_token=True)
        field = "refusal" if answer.finish_reason is FinishReason.REFUSAL else "content"
        encode = token_encoder(lambda token: event({field: token}))
        for token in answer.text:
            yield Event(encode(token), is_token=True)
        for annotation in _annotations(answer):
            yield Event(sse(event({"annotations": [annotation]})))
        for index, call in enumerate(answer.tool_calls):
            function = {"name": call.name, "arguments": ""}
            start = {"index": index, "id": call.id, "type": "function", "function": function}
            yield Event(sse(event({"tool_calls": [start]})))
            for fragment in call.fragments:
                delta = {"tool_calls": [{"index": index, "function": {"arguments": fragment}}]}
                yield Event(sse(event(delta)), is_token=True)
        yield Event(sse(event({}, FINISH_REASONS[answer.finish_reason])), closes=True)
        if request.wants_usage:
            yield Event(sse({**head, "choices": [], "usage": _usage(request, answer)}), closes=True)
        yield Event(b"data: [DONE]\n\n", closes=True)

    def body(self, request: CompletionRequest, answer: Answer) -> JSONObject:
        text = "".join(answer.text)
        is_refusal = answer.finish_reason is FinishReason.REFUSAL
        message: dict[str, object] = {
            "role": "assistant",
            "content": None if is_refusal or answer.tool_calls else text,
            "refusal": text if is_refusal else None,
            "annotations": _annotations(answer),
        }
        if answer.reasoning:
            message["reasoning_content"] = "".join(answer.reasoning)
        if answer.tool_calls:
            message["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": "".join(call.fragments)},
                }
                for call in answer.tool_calls
            ]
        reason = FINISH_REASONS[answer.finish_reason]
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reason}
        return {**_head("chat.completion", request.model), "choices": [choice], "usage": _usage(request, answer)}

    def error(self, error: ProviderError, request: CompletionRequest) -> tuple[int, JSONObject]:
        status, message, kind, code = OPENAI[error.kind]
        text = message.format(model=request.model, key=request.api_key[-4:], detail=error.detail)
        body = {"error": {"message": text, "type": kind, "param": None, "code": code}}
        return error.status or status, body

    def error_event(self, request: CompletionRequest) -> bytes:
        return sse(self.error(ProviderError(ErrorKind.OVERLOADED), request)[1])

    def models(self, names: tuple[str, ...]) -> JSONObject:
        data = [{"id": name, "object": "model", "created": 1735689600, "owned_by": "emulator"} for name in names]
        return {"object": "list", "data": data}


def _head(kind: str, model: str) -> dict[str, object]:
    return {
        "id": f"chatcmpl-{uuid4().hex[:29]}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
        "service_tier": "default",
        "system_fingerprint": "fp_emulator",
    }


def _annotations(answer: Answer) -> list[JSONObject]:
    """What is cited, at the end of the text."""
    end = len("".join(answer.text))
    return [
        {
            "type": "url_citation",
            "url_citation": {"url": source.url, "title": source.title, "start_index": end, "end_index": end},
        }
        for source in answer.sources
    ]


def _usage(request: CompletionRequest, answer: Answer) -> JSONObject:
    return {
        "prompt_tokens": request.input_tokens,
        "completion_tokens": answer.token_count,
        "total_tokens": request.input_tokens + answer.token_count,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": len(answer.reasoning),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _tools(value: object) -> Iterator[ToolSpec]:
    for tool in objects(value):
        function = tool.get("function")
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            parameters = function.get("parameters")
            yield ToolSpec(function["name"], parameters if isinstance(parameters, dict) else {})
