"""Anthropic's messages."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from uuid import uuid4

import orjson

from ai_studio.emulator.completions import Answer, CompletionRequest, ErrorKind, FinishReason, ProviderError, ToolSpec
from ai_studio.emulator.errors import ANTHROPIC
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

STOP_REASONS = {
    FinishReason.STOP: "end_turn",
    FinishReason.LENGTH: "max_tokens",
    FinishReason.TOOL_CALLS: "tool_use",
    FinishReason.REFUSAL: "refusal",
    FinishReason.CONTENT_FILTER: "refusal",
}
INDEX = "RW11bGF0ZWQgaW5kZXggb2YgYSBjaXRhdGlvbg=="
THOUGHTS = ("thinking", "redacted_thinking")
NO_THOUGHT = (
    "messages.{number}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{found}`. When `thinking` is "
    "enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` and "
    "`tool_result` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable "
    "`thinking`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking"
)
NO_ROOM = (
    "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at "
    "https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size"
)
SMALLEST_BUDGET = 1024
SMALL_BUDGET = f"thinking.enabled.budget_tokens: Input should be greater than or equal to {SMALLEST_BUDGET}"
CHANGED_THOUGHT = "messages.{number}.content.{position}: Invalid `signature` in `thinking` block"


class AnthropicWire:
    """POST /v1/messages."""

    def api_key(self, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        return headers.get("x-api-key", "") or (token.strip() if scheme.lower() == "bearer" else "")

    def parse(self, body: object, api_key: str, route: Mapping[str, str]) -> CompletionRequest:
        fields = json_object(body)
        messages = objects(fields.get("messages"))
        model, limit = fields.get("model"), fields.get("max_tokens")
        if not isinstance(model, str):
            raise InvalidBody("model: Field required")
        if not messages:
            raise InvalidBody("messages: Field required")
        if not isinstance(limit, int):
            raise InvalidBody("max_tokens: Field required")
        # A tool's result comes in a user message of its own; it is no prompt.
        prompts = [index for index, message in enumerate(messages) if _is_prompt(message)]
        last = prompts[-1] if prompts else 0
        system = text_of(fields.get("system"))
        check_budget(fields.get("thinking"), limit)
        check_thoughts(messages, last + 1, fields.get("thinking"))
        return CompletionRequest(
            model=model,
            prompt=text_of(messages[last].get("content")),
            system=system,
            earlier_answers=sum(message.get("role") == "assistant" for message in messages[:last]),
            tool_results=tuple(_tool_results(messages[last:])),
            tools=tuple(_tools(fields.get("tools"))),
            max_tokens=limit,
            is_streamed=fields.get("stream") is True,
            input_tokens=count_words(system)
            + sum(count_words(text_of(message.get("content"))) for message in messages),
            api_key=api_key,
        )

    def events(self, request: CompletionRequest, answer: Answer) -> Iterator[Event]:
        yield Event(_event("message_start", message=_message(request, content=[], output_tokens=1)))
        for index, (block, deltas) in enumerate(_blocks(answer)):
            yield Event(_event("content_block_start", index=index, content_block=block))
            if index == 0:
                yield Event(_event("ping"))
            for kind, field, tokens in deltas:
                encode = _delta_encoder(index, kind, field)
                for token in tokens:
                    yield Event(encode(token), is_token=kind != "signature_delta")
            if block["type"] == "text":
                for citation in _citations(answer):
                    delta = {"type": "citations_delta", "citation": citation}
                    yield Event(_event("content_block_delta", index=index, delta=delta))
            yield Event(_event("content_block_stop", index=index))
        end = {"stop_reason": STOP_REASONS[answer.finish_reason], "stop_sequence": None}
        yield Event(_event("message_delta", delta=end, usage=_usage(request, answer.token_count)), closes=True)
        yield Event(_event("message_stop"), closes=True)

    def body(self, request: CompletionRequest, answer: Answer) -> JSONObject:
        content: list[JSONObject] = []
        for block, deltas in _blocks(answer):
            whole: dict[str, object] = dict(block)
            for _, field, tokens in deltas:
                text = "".join(tokens)
                if field == "partial_json":
                    whole["input"] = orjson.loads(text or "{}")
                else:
                    whole[field] = text
            if whole["type"] == "text" and answer.sources:
                whole["citations"] = _citations(answer)
            content.append(whole)
        message = _message(request, content=content, output_tokens=answer.token_count)
        return {**message, "stop_reason": STOP_REASONS[answer.finish_reason]}

    def error(self, error: ProviderError, request: CompletionRequest) -> tuple[int, JSONObject]:
        status, kind, message = ANTHROPIC[error.kind]
        text = message.format(model=request.model, detail=error.detail)
        body = {"type": "error", "error": {"type": kind, "message": text}, "request_id": f"req_{uuid4().hex[:24]}"}
        return error.status or status, body

    def error_event(self, request: CompletionRequest) -> bytes:
        return sse(self.error(ProviderError(ErrorKind.OVERLOADED), request)[1], "error")

    def models(self, names: tuple[str, ...]) -> JSONObject:
        data = [
            {"type": "model", "id": name, "display_name": f"Emulator: {name}", "created_at": "2025-01-01T00:00:00Z"}
            for name in names
        ]
        return {"data": data, "has_more": False, "first_id": names[0], "last_id": names[-1]}


def signature_of(thought: str) -> str:
    """Anthropic's is longer, and nobody else can make one; like this one, it holds for these words alone."""
    return b64encode(sha256(thought.encode()).digest() * 4).decode()


def check_budget(thinking: object, limit: int) -> None:
    """Refuses what Anthropic refuses: so much to think that nothing can be answered, or too little to think with."""
    budget = thinking.get("budget_tokens") if isinstance(thinking, dict) else None
    if not isinstance(budget, int):
        return
    if budget < SMALLEST_BUDGET:
        raise InvalidBody(SMALL_BUDGET)
    if budget >= limit:
        raise InvalidBody(NO_ROOM)


def check_thoughts(messages: list[dict[str, object]], begun: int, thinking: object) -> None:
    """Refuses what Anthropic refuses: thoughts that were changed, and an answer that goes on without those that it began with.

    `begun`: the number of the first message after the last prompt. Thinking that the model decides on itself (`adaptive`) may
    have been left out.
    """
    for number, message in enumerate(messages):
        for position, block in enumerate(objects(message.get("content"))):
            is_thought = block.get("type") == "thinking"
            if is_thought and block.get("signature") != signature_of(str(block.get("thinking"))):
                raise InvalidBody(CHANGED_THOUGHT.format(number=number, position=position))
    if not isinstance(thinking, dict) or thinking.get("type") != "enabled" or len(messages) <= begun:
        return
    blocks = objects(messages[begun].get("content"))
    found = blocks[0].get("type") if blocks else "text"
    if found not in THOUGHTS:
        raise InvalidBody(NO_THOUGHT.format(number=begun, found=found))


Deltas = tuple[tuple[str, str, tuple[str, ...]], ...]


def _blocks(answer: Answer) -> Iterator[tuple[JSONObject, Deltas]]:
    """Each content block as it starts, with its deltas: (type, field, tokens)."""
    if answer.reasoning:
        thinking: Deltas = (
            ("thinking_delta", "thinking", answer.reasoning),
            ("signature_delta", "signature", (signature_of("".join(answer.reasoning)),)),
        )
        yield {"type": "thinking", "thinking": "", "signature": ""}, thinking
    if answer.text:
        yield {"type": "text", "text": ""}, (("text_delta", "text", answer.text),)
    for call in answer.tool_calls:
        block = {"type": "tool_use", "id": call.id.replace("call_", "toolu_"), "name": call.name, "input": {}}
        yield block, (("input_json_delta", "partial_json", call.fragments),)


def _citations(answer: Answer) -> list[JSONObject]:
    return [
        {
            "type": "web_search_result_location",
            "url": source.url,
            "title": source.title,
            "encrypted_index": INDEX,
            "cited_text": "".join(answer.text[:10]),
        }
        for source in answer.sources
    ]


def _event(kind: str, **fields: object) -> bytes:
    return sse({"type": kind, **fields}, kind)


def _delta_encoder(index: int, kind: str, field: str) -> Callable[[str], bytes]:
    return token_encoder(
        lambda token: {"type": "content_block_delta", "index": index, "delta": {"type": kind, field: token}},
        "content_block_delta",
    )


def _message(request: CompletionRequest, *, content: list[JSONObject], output_tokens: int) -> dict[str, object]:
    return {
        "model": request.model,
        "id": f"msg_{uuid4().hex[:24]}",
        "type": "message",
        "role": "assistant",
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": _usage(request, output_tokens),
    }


def _usage(request: CompletionRequest, output_tokens: int) -> JSONObject:
    return {
        "input_tokens": request.input_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }


def _is_prompt(message: JSONObject) -> bool:
    kinds = {block.get("type") for block in objects(message.get("content"))}
    return message.get("role") == "user" and "tool_result" not in kinds


def _tool_results(messages: list[dict[str, object]]) -> Iterator[str]:
    for message in messages:
        for block in objects(message.get("content")):
            if block.get("type") == "tool_result":
                yield text_of(block.get("content"))


def _tools(value: object) -> Iterator[ToolSpec]:
    for tool in objects(value):
        name, schema = tool.get("name"), tool.get("input_schema")
        if isinstance(name, str):
            yield ToolSpec(name, schema if isinstance(schema, dict) else {})
