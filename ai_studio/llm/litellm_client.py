"""Model calls through LiteLLM: it builds, signs and sends the request, we read the answer's bytes.

Importing this module imports LiteLLM (2 to 3 s, 160 MB): import it lazily, in one place.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any
from urllib.parse import urlsplit

# Before LiteLLM is imported: it would fetch its price list from the network.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import httpx
import litellm
import openai
from litellm.llms.base_llm.chat.transformation import BaseLLMException

from ai_studio.llm import chat_format, model_list
from ai_studio.llm.client import EventBatch
from ai_studio.llm.credentials import is_service_account, secrets_in, service_account
from ai_studio.llm.errors import AddressRefused, LLMError, MalformedResponse, Misconfigured, Unsupported
from ai_studio.llm.exchange import Exchange
from ai_studio.llm.litellm_connections import Connections, Network, Timeouts
from ai_studio.llm.litellm_errors import CALL_FAILURES, to_llm_error
from ai_studio.llm.litellm_record import unpriced
from ai_studio.llm.litellm_sdk import sdk_client
from ai_studio.llm.litellm_stream import read_through_iterator
from ai_studio.llm.model_list import ListedModel
from ai_studio.llm.providers import HTTP_HANDLER_PROVIDERS, OPENAI_SDK_PROVIDERS, PARAMETERS
from ai_studio.llm.types import OPTIONS, CompletionRequest, Message, ModelTarget, Role, WireFormat
from ai_studio.llm.wire import DECODERS, StreamDecoder
from ai_studio.llm.wire.failures import error_for_status, error_in

litellm.telemetry = False
litellm.suppress_debug_info = True

# The finalizer of LiteLLM's streams sets context variables, for log lines that we don't write. Before Python 3.12 the
# garbage collector runs inside any allocation, so also inside a `ContextVar.set` of the same thread, whose table the
# finalizer's own `set` then frees under it: a segmentation fault (python/cpython#148891).
del litellm.CustomStreamWrapper.__del__

# Where a request in each format that we decode goes. LiteLLM sends some OpenAI models to another interface of theirs,
# whose stream is another: what it asked in the end decides, not what we expected.
PATHS: Mapping[WireFormat, str] = {
    WireFormat.OPENAI: "/chat/completions",
    WireFormat.ANTHROPIC: "/messages",
    WireFormat.GEMINI: ":streamGenerateContent",
}

OPENAI_URL = "https://api.openai.com/v1"

# LiteLLM would take an empty key for none, and look for one in the environment: a key that nobody chose for this call.
NO_TOKEN = "none"  # noqa: S105 - not a secret

# After a complete answer, how long to wait for the body's end, so that the connection can serve the next call.
END_OF_BODY_WITHIN = 0.05
"""Seconds."""


class LiteLLMClient:
    """An `LLMClient` on LiteLLM. It neither retries nor falls back, and remembers nothing of a call after it."""

    def __init__(
        self, timeouts: Timeouts | None = None, *, network: Network | httpx.AsyncBaseTransport | None = None
    ) -> None:
        """`network`: the way out, or a transport that stands in for it. None: to everywhere."""
        self._reachable = network.reachable if isinstance(network, Network) else None
        self._connections = Connections(timeouts or Timeouts(), network)

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[EventBatch, None]:
        """See `LLMClient`."""
        target = request.target
        exchange = Exchange()
        answer: litellm.CustomStreamWrapper | None = None
        try:
            answer = await self._call(request, exchange)
            del request
            decoder = _decoder(target, exchange)
            if decoder is None:
                batches = read_through_iterator(answer)
            else:
                batches = _decoded(exchange, decoder)
                # With all that LiteLLM and httpx keep of a call for as long as its answer streams, pictures among it.
                answer = None
                exchange.forget_request()
            async with aclosing(batches):
                async for batch in batches:
                    yield batch
        except CALL_FAILURES as failure:
            raise _located(exchange.failure or failure, target, exchange) from None
        finally:
            # A second cancellation must not leave the provider generating: the shield lets the closing go on without us.
            await asyncio.shield(_closed(exchange, answer))

    async def list_models(self, target: ModelTarget) -> list[ListedModel]:
        """The provider's own list, whole. `target.model` does not matter. Raises LLMError."""
        if is_service_account(target.provider):
            raise Unsupported(
                "this provider has no list of its own that can be read: take the models from the catalogue"
            )
        exchange = Exchange()
        try:
            self._require_reachable(target)
            address, headers = model_list.first_page(target, _address(target))
            listed: list[ListedModel] = []
            following: str | None = address
            for _ in range(model_list.MOST_PAGES):
                if following is None:
                    return listed
                page = model_list.parse(await self._get(following, headers, exchange), address, target.wire_format)
                listed += page.models
                following = page.next
            raise MalformedResponse("the list of models does not end")
        except CALL_FAILURES as failure:
            raise _located(exchange.failure or failure, target, exchange) from None

    async def _get(self, address: str, headers: dict[str, str], exchange: Exchange) -> object:
        client = (await self._connections.handler()).client
        with exchange.recording():
            response = await client.get(address, headers=headers)
        if response.is_error:
            said = error_in(_object(response))
            raise said or error_for_status(response.status_code)(response.reason_phrase)
        if response.headers.get("content-type", "").startswith("text/html"):
            raise MalformedResponse("the provider answered with an HTML page")
        return response.json()

    async def aclose(self) -> None:
        """Closes the connections of the running loop. A later call opens new ones."""
        await self._connections.aclose()

    async def _call(self, request: CompletionRequest, exchange: Exchange) -> litellm.CustomStreamWrapper:
        arguments = await self._arguments(request)
        with exchange.recording():
            answer = await litellm.acompletion(**arguments)
            try:
                # Gemini's request is only made when the stream is first asked for; elsewhere this does nothing.
                await answer.fetch_stream()
            except BaseLLMException as error:
                raise litellm.exception_type(
                    model=request.target.model,
                    original_exception=error,
                    custom_llm_provider=request.target.provider,
                ) from error
        return answer

    async def _arguments(self, request: CompletionRequest) -> dict[str, Any]:
        target = request.target
        self._require_reachable(target)
        if unknown := request.parameters.keys() - PARAMETERS:
            raise Unsupported(f"parameters that are not a model's: {', '.join(sorted(unknown))}")
        messages = chat_format.messages_of(request)
        model, stream_options = f"{target.provider}/{target.model}", {"include_usage": True}
        if unknown := target.options.keys() - OPTIONS:
            raise Misconfigured(f"settings that are not a provider's: {', '.join(sorted(unknown))}")
        arguments: dict[str, Any] = {
            **chat_format.parameters_of(request),
            **chat_format.tools_of(request),
            **target.options,
            "model": model,
            "messages": messages,
            **_key_to(target),
            "stream": True,
            "stream_options": stream_options,
            "timeout": self._connections.timeout,
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": True,
            "litellm_logging_obj": unpriced(model, messages, stream_options),
            # With tools, LiteLLM would otherwise import its proxy and its database, to look for tools of its own there.
            "_skip_mcp_handler": True,
        }
        address = _address(target)
        if target.base_url is not None:
            arguments["api_base"] = target.base_url
        if target.provider in OPENAI_SDK_PROVIDERS:
            if address is None:
                raise Misconfigured("the provider has no address of its own: it needs a base URL")
            http_client = (await self._connections.handler()).client
            arguments["client"] = sdk_client(address, target.token.reveal() or NO_TOKEN, http_client)
        elif target.provider in HTTP_HANDLER_PROVIDERS:
            arguments["client"] = await self._connections.handler()
        return arguments

    def _require_reachable(self, target: ModelTarget) -> None:
        """What the address itself tells; where its name leads to, the connection's resolver looks at."""
        host = urlsplit(target.base_url).hostname if target.base_url is not None else None
        if host is not None and self._reachable is not None and not self._reachable.allows_name(host):
            raise AddressRefused(f"{host} is a private address that is not allowed")


def _key_to(target: ModelTarget) -> dict[str, str]:
    if is_service_account(target.provider):
        return {"vertex_credentials": service_account(target.token.reveal(), target.base_url)}
    return {"api_key": target.token.reveal() or NO_TOKEN}


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    body = body[0] if isinstance(body, list) and body else body
    return body if isinstance(body, dict) else {}


def _address(target: ModelTarget) -> str | None:
    """The base URL to ask: the target's, else the provider's own where LiteLLM tells it."""
    try:
        _, _, _, address = litellm.get_llm_provider(
            f"{target.provider}/{target.model}", api_base=target.base_url, api_key=NO_TOKEN
        )
    except openai.BadRequestError as error:
        raise Unsupported(f"LiteLLM knows no provider {target.provider!r}") from error
    return address or (OPENAI_URL if target.provider == "openai" else None)


def _decoder(target: ModelTarget, exchange: Exchange) -> StreamDecoder | None:
    """A decoder for the answer, or None where LiteLLM's iterator must read it."""
    if exchange.content_type.startswith("text/html"):
        raise MalformedResponse("the provider answered with an HTML page")
    path = PATHS.get(target.wire_format)
    if path is None or not exchange.path.endswith(path):
        return None
    return DECODERS[target.wire_format]()


async def _decoded(exchange: Exchange, decoder: StreamDecoder) -> AsyncGenerator[EventBatch, None]:
    pieces = exchange.pieces()
    async for piece in pieces:
        if events := decoder.feed(piece):
            yield events
        if decoder.error is not None:
            raise decoder.error
        if decoder.finished:
            await _read_to_end(pieces)
            return
    if events := decoder.close():
        yield events
    if decoder.error is not None:
        raise decoder.error


async def _read_to_end(pieces: AsyncIterator[bytes]) -> None:
    # The answer is complete, so nothing that goes wrong from here on matters to it.
    with suppress(TimeoutError, *CALL_FAILURES):
        async with asyncio.timeout(END_OF_BODY_WITHIN):
            async for _ in pieces:
                pass


async def _closed(exchange: Exchange, answer: litellm.CustomStreamWrapper | None) -> None:
    with suppress(*CALL_FAILURES):
        await exchange.aclose()
    if answer is not None:
        await answer.aclose()


def _located(failure: Exception, target: ModelTarget, exchange: Exchange) -> LLMError:
    error = to_llm_error(failure, provider=target.provider, model=target.model, response=exchange.response)
    if token := target.token.reveal():
        # Providers and gateways quote the key that they refuse.
        for secret in secrets_in(token):
            error.detail = error.detail.replace(secret, "**********")
        error.args = (error.detail,)
    return error


def warm_up() -> None:
    """Lets LiteLLM import what it imports at its first calls, 0.6 s in all, by a call in each format that reaches nobody.

    It blocks, and runs an event loop: it is for a thread of its own.
    """
    asyncio.run(_call_nobody())


async def _call_nobody() -> None:
    client = LiteLLMClient(network=httpx.MockTransport(lambda _: httpx.Response(200)))
    for provider in ("openai", "anthropic", "gemini"):
        target = ModelTarget(provider, "nobody", base_url="http://nobody.invalid")
        with suppress(LLMError):
            await anext(client.stream(CompletionRequest(target, "", (Message(Role.USER, ""),))))
    await client.aclose()
