"""Google's Gemini: generateContent and streamGenerateContent."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from uuid import uuid4

import orjson

from ai_studio.emulator.completions import Answer, CompletionRequest, ErrorKind, FinishReason, ProviderError, ToolSpec
from ai_studio.emulator.errors import GEMINI, GEMINI_DETAILS
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
    FinishReason.STOP: "STOP",
    FinishReason.LENGTH: "MAX_TOKENS",
    FinishReason.TOOL_CALLS: "STOP",
    FinishReason.REFUSAL: "SAFETY",
    FinishReason.CONTENT_FILTER: "PROHIBITED_CONTENT",
}
SIGNING = re.compile(r"gemini-([3-9]|[1-9]\d)\b")
"""Models that want their signatures back; older ones go on without, and worse."""

NOT_SIGNED = {
    b64encode(text).decode() for text in (b"skip_thought_signature_validator", b"context_engineering_is_the_way_to_go")
}
"""Say that the call was not made by this model."""

NO_SIGNATURE = (
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and "
    "missing thought_signature may lead to degraded model performance. Additional data, function call `default_api:{name}` , "
    "position {position}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details."
)
CHANGED_SIGNATURE = "Corrupted thought signature."


class GeminiWire:
    """POST /v1beta/models/{model}:streamGenerateContent?alt=sse and :generateContent."""

    def api_key(self, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
        return headers.get("x-goog-api-key", "") or query.get("key", "")

    def parse(self, body: object, api_key: str, route: Mapping[str, str]) -> CompletionRequest:
        fields = json_object(body)
        contents = objects(fields.get("contents"))
        if not contents:
            raise InvalidBody("* GenerateContentRequest.contents: contents is not specified")
        prompts = [index for index, content in enumerate(contents) if _is_prompt(content)]
        last = prompts[-1] if prompts else 0
        check_signatures(contents[last + 1 :], last + 2, is_demanded=bool(SIGNING.search(route["model"])))
        instruction = fields.get("systemInstruction", fields.get("system_instruction"))
        parts = objects(contents[last].get("parts"))
        # LiteLLM folds the system message into the first user message of a model that it does not know.
        folded = parts[:-1] if instruction is None else []
        system = text_of(instruction.get("parts") if isinstance(instruction, dict) else folded)
        return CompletionRequest(
            model=route["model"],
            prompt=text_of(parts[len(folded) :]),
            system=system,
            earlier_answers=sum(content.get("role") == "model" for content in contents[:last]),
            tool_results=tuple(_tool_results(contents[last:])),
            tools=tuple(_tools(fields.get("tools"))),
            max_tokens=_max_tokens(fields),
            is_streamed=route["method"] == "streamGenerateContent",
            input_tokens=count_words(system) + sum(count_words(text_of(content.get("parts"))) for content in contents),
            api_key=api_key,
        )

    def events(self, request: CompletionRequest, answer: Answer) -> Iterator[Event]:
        tail = {"modelVersion": request.model, "responseId": uuid4().hex[:22]}
        so_far = {"promptTokenCount": request.input_tokens, "totalTokenCount": request.input_tokens}

        def event(part: JSONObject) -> JSONObject:
            return {"candidates": [_candidate([part])], "usageMetadata": so_far, **tail}

        encode = token_encoder(lambda token: event({"text": token, "thought": True}))
        for token in answer.reasoning:
            yield Event(encode(token), is_token=True)
        encode = token_encoder(lambda token: event({"text": token}))
        for token in answer.text:
            yield Event(encode(token), is_token=True)
        for part in _call_parts(answer):
            yield Event(sse(event(part)), is_token=True)
        parts: list[JSONObject] = [{"text": ""}] if answer.token_count else []
        candidate = {**_candidate(parts), **_end(answer)}
        yield Event(sse({"candidates": [candidate], "usageMetadata": _usage(request, answer), **tail}), closes=True)

    def body(self, request: CompletionRequest, answer: Answer) -> JSONObject:
        parts: list[JSONObject] = []
        if answer.reasoning:
            parts.append({"text": "".join(answer.reasoning), "thought": True})
        if answer.text:
            parts.append({"text": "".join(answer.text)})
        parts.extend(_call_parts(answer))
        candidate = {**_candidate(parts), **_end(answer)}
        return {
            "candidates": [candidate],
            "usageMetadata": _usage(request, answer),
            "modelVersion": request.model,
            "responseId": uuid4().hex[:22],
        }

    def error(self, error: ProviderError, request: CompletionRequest) -> tuple[int, JSONObject]:
        status, name, message = GEMINI[error.kind]
        text = message.format(model=request.model, detail=error.detail)
        body: dict[str, object] = {"code": error.status or status, "message": text, "status": name}
        details = GEMINI_DETAILS.get(error.kind)
        if details:
            body["details"] = details(error.retry_after)
        return error.status or status, {"error": body}

    def error_event(self, request: CompletionRequest) -> bytes:
        return sse(self.error(ProviderError(ErrorKind.OVERLOADED), request)[1])

    def models(self, names: tuple[str, ...]) -> JSONObject:
        return {
            "models": [
                {
                    "name": f"models/{name}",
                    "version": "001",
                    "displayName": f"Emulator: {name}",
                    "inputTokenLimit": 1048576,
                    "outputTokenLimit": 65536,
                    "supportedGenerationMethods": ["generateContent"],
                }
                for name in names
            ]
        }


def _candidate(parts: list[JSONObject]) -> dict[str, object]:
    content: dict[str, object] = {"parts": parts, "role": "model"} if parts else {"role": "model"}
    return {"content": content, "index": 0}


def _end(answer: Answer) -> JSONObject:
    """What the last piece of a candidate says beside its content."""
    end: JSONObject = {"finishReason": FINISH_REASONS[answer.finish_reason]}
    if not answer.sources:
        return end
    chunks = [{"web": {"uri": source.url, "title": source.title}} for source in answer.sources]
    return {**end, "groundingMetadata": {"groundingChunks": chunks}}


def _call_parts(answer: Answer) -> Iterator[JSONObject]:
    """Gemini sends each call whole, and signs the first."""
    for index, call in enumerate(answer.tool_calls):
        made = {"name": call.name, "args": orjson.loads("".join(call.fragments))}
        part: dict[str, object] = {"functionCall": made}
        yield part if index else {**part, "thoughtSignature": signature_of(made)}


def signature_of(call: JSONObject) -> str:
    """Google's is longer, and nobody else can make one; like this one, it holds for this call alone."""
    said = orjson.dumps([call.get("name"), call.get("args")], option=orjson.OPT_SORT_KEYS)
    return b64encode(sha256(said).digest() * 2).decode()


def check_signatures(contents: list[dict[str, object]], position: int, *, is_demanded: bool) -> None:
    """Refuses what Gemini refuses: the first call of a step of this turn without its signature, or with another.

    `position`: of the first of `contents`, from 1.
    """
    for place, content in enumerate(contents, position):
        calls = [part for part in objects(content.get("parts")) if _call_in(part)]
        for number, part in enumerate(calls):
            made, signature = _call_in(part), part.get("thoughtSignature", part.get("thought_signature"))
            if is_demanded and not number and not signature:
                raise InvalidBody(NO_SIGNATURE.format(name=made.get("name"), position=place))
            if signature and signature not in NOT_SIGNED and signature != signature_of(made):
                raise InvalidBody(CHANGED_SIGNATURE)


def _call_in(part: JSONObject) -> JSONObject:
    call = part.get("functionCall", part.get("function_call"))
    return call if isinstance(call, dict) else {}


def _usage(request: CompletionRequest, answer: Answer) -> JSONObject:
    thoughts = len(answer.reasoning)
    usage = {
        "promptTokenCount": request.input_tokens,
        "candidatesTokenCount": answer.token_count - thoughts,
        "totalTokenCount": request.input_tokens + answer.token_count,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": request.input_tokens}],
    }
    return {**usage, "thoughtsTokenCount": thoughts} if thoughts else usage


def _max_tokens(body: JSONObject) -> int | None:
    config = body.get("generationConfig", body.get("generation_config"))
    if not isinstance(config, dict):
        return None
    limit = config.get("maxOutputTokens", config.get("max_output_tokens"))
    return limit if isinstance(limit, int) else None


def _is_prompt(content: JSONObject) -> bool:
    parts = objects(content.get("parts"))
    is_result = any("functionResponse" in part or "function_response" in part for part in parts)
    return content.get("role", "user") == "user" and not is_result


def _tool_results(contents: list[dict[str, object]]) -> Iterator[str]:
    for content in contents:
        for part in objects(content.get("parts")):
            result = part.get("functionResponse", part.get("function_response"))
            if isinstance(result, dict):
                yield orjson.dumps(result.get("response")).decode()


def _tools(value: object) -> Iterator[ToolSpec]:
    for tool in objects(value):
        for function in objects(tool.get("functionDeclarations", tool.get("function_declarations"))):
            name, schema = function.get("name"), function.get("parameters")
            if isinstance(name, str):
                yield ToolSpec(name, schema if isinstance(schema, dict) else {})
