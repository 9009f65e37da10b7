"""What a model would be told, before it is told: the plan and the request that an answer would use, taken apart to be read.

Nothing here decides anything. The plan is the gateway's own (`planning.plan`), the request is LiteLLM's own.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from asgiref.sync import async_to_sync

from ai_studio import personal_memories, planning, selectors
from ai_studio.authorization import unreadable_levels
from ai_studio.instructions import ORDER, Composed, Layer, Level, Paragraph, compose, style_for
from ai_studio.llm import CompletionRequest, Message, Role, chat_format
from ai_studio.models import User
from ai_studio.planning import NotAMember, Plan, Route, Wanted
from ai_studio.pricing import MILLION
from ai_studio.resolution import resolve

if TYPE_CHECKING:
    from ai_studio.llm.litellm_preview import SentRequest

THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a composed prompt. `level` None: the words that stand around the levels."""

    level: Level | None
    source: str
    revision: int
    text: str
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What one level costs. `price`: US dollars of a thousand messages, None where the model has no price."""

    level: Level | None
    tokens: int
    characters: int
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools of the agent and of the person's memory: what declaring them costs with each message, or why the model is told of none (`refused`).

    `declarations`: (name, JSON). `price` as in `Share`.
    """

    declarations: tuple[tuple[str, str], ...] = ()
    tokens: int = 0
    price: Decimal | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """As a provider would get it. `is_exact` False: LiteLLM translates it in a way that can't be listened to."""

    path: str
    body: str
    is_exact: bool

    @property
    def pretty(self) -> str:
        return json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Inspection:
    plan: Plan
    route: Route
    segments: tuple[Segment, ...]
    shares: tuple[Share, ...]
    total: Share
    request: Request
    tools: Tools = Tools()

    @property
    def text(self) -> str:
        return "".join(segment.text for segment in self.segments)


def inspect(wanted: Wanted, messages: Sequence[Message], *, hidden: Collection[Level] = ()) -> Inspection:
    """The first route of the plan for `wanted`. The texts of `hidden` levels are left out, and said to be.

    Raises what `planning.plan` raises. It loads LiteLLM where that has not been done.
    """
    plan = planning.plan(wanted)
    route = plan.routes[0]
    shown = without(route.prompt, hidden)
    shares = _shares(route)
    asked = replace(route, prompt=shown).unsigned_request(messages)
    sent = _sent(asked)
    withheld = _withheld(plan, asked, sent)
    return Inspection(
        plan=plan,
        route=route,
        segments=tuple(segments(shown, hidden)),
        shares=shares,
        total=_total(shares),
        request=_request(replace(asked, tools=()) if withheld else asked, sent),
        tools=Tools(refused=withheld) if withheld else _tools(route),
    )


def withheld_tools(plan: Plan) -> str:
    """Why the first route's model is not told of the agent's tools; empty where it is, or where there are none."""
    if not plan.tools:
        return ""
    asked = plan.routes[0].unsigned_request((Message(Role.USER, "Hello"),))
    return _withheld(plan, asked, _sent(asked))


def with_own_words(user: User, team_id: str, text: str) -> tuple[Segment, ...]:
    """The prompt of a new chat without an agent, if the person's own instructions were `text`: as much as they may read of it.

    Raises NotAMember.
    """
    membership = selectors.get_membership(user.pk, team_id)
    if membership is None:
        raise NotAMember
    rest = [one for one in selectors.instruction_layers(user.pk, team_id, None) if one.level is not Level.USER]
    layers = [*rest, Layer(Level.USER, text, "instructions:own")]
    if personal_memories.is_in_force(user):
        layers.append(personal_memories.layer(user.pk))
    catalogue = selectors.team_catalogue(team_id)
    model_id = resolve(catalogue.facts, preference=membership.preferred_model_id).model_id
    provider_key = catalogue.models[model_id].provider.provider_key if model_id else ""
    values = planning.variables(user, team_name=membership.team.name, agent_name="")
    hidden = unreadable_levels(user, user.pk)
    return tuple(segments(without(compose(layers, values, style_for(provider_key)), hidden), hidden))


def segments(prompt: Composed, hidden: Collection[Level] = ()) -> Iterator[Segment]:
    """The whole text, cut where another level begins or ends."""
    end = 0
    for paragraph in prompt.provenance:
        if between := prompt.text[end : paragraph.start]:
            yield Segment(None, "", 0, between)
        text = prompt.text[paragraph.start : paragraph.end]
        is_hidden = paragraph.level in hidden
        yield Segment(paragraph.level, paragraph.source, paragraph.revision, text, is_hidden)
        end = paragraph.end
    if rest := prompt.text[end:]:
        yield Segment(None, "", 0, rest)


def without(prompt: Composed, hidden: Collection[Level]) -> Composed:
    """`prompt` with a sentence in place of each text that the reader may not see."""
    if not hidden:
        return prompt
    text, end = "", 0
    provenance: list[Paragraph] = []
    for paragraph in prompt.provenance:
        body = prompt.text[paragraph.start : paragraph.end]
        if paragraph.level in hidden:
            body = f"[{len(body):,} characters that are not yours to read]"
        text += prompt.text[end : paragraph.start]
        provenance.append(replace(paragraph, start=len(text), end=len(text) + len(body)))
        text, end = text + body, paragraph.end
    return Composed(text + prompt.text[end:], tuple(provenance))


def _shares(route: Route) -> tuple[Share, ...]:
    from ai_studio.llm.litellm_preview import count_tokens

    parts = list(segments(route.prompt))
    counts = dict.fromkeys((*ORDER, None), (0, 0))
    for segment, tokens in zip(parts, count_tokens([part.text for part in parts]), strict=True):
        before = counts[segment.level]
        counts[segment.level] = (before[0] + tokens, before[1] + len(segment.text))
    return tuple(_share(route, level, *count) for level, count in counts.items() if count[0])


def _share(route: Route, level: Level | None, tokens: int, characters: int) -> Share:
    return Share(level, tokens, characters, _price(route, tokens))


def _total(shares: Sequence[Share]) -> Share:
    prices = [share.price for share in shares]
    known = [price for price in prices if price is not None]
    price = sum(known, Decimal(0)) if len(known) == len(prices) else None
    return Share(None, sum(share.tokens for share in shares), sum(share.characters for share in shares), price)


def _withheld(plan: Plan, asked: CompletionRequest, sent: SentRequest | None) -> str:
    from ai_studio.llm.litellm_preview import declares_tools

    route, named = plan.routes[0], ", ".join(tool.name for tool in plan.tools)
    if plan.tools and not route.tools:
        return f"{route.model_name} can't call tools, as its page says: it is not told of {named}."
    if route.tools and not declares_tools(asked, sent):
        takes_it = f"LiteLLM takes it that {route.model_name} of {route.provider_name} can't call tools"
        return f"{takes_it}, and leaves them out without an error: it is not told of {named}."
    return ""


def _tools(route: Route) -> Tools:
    from ai_studio.llm.litellm_preview import count_tokens

    written = {tool.name: json.dumps(chat_format.declaration(tool), indent=2) for tool in route.tools}
    tokens = sum(count_tokens([json.dumps(chat_format.declaration(tool)) for tool in route.tools]))
    return Tools(tuple(written.items()), tokens, _price(route, tokens))


def _price(route: Route, tokens: int) -> Decimal | None:
    price = route.prices.input
    return None if price is None else price * tokens * THOUSAND / MILLION


def _sent(asked: CompletionRequest) -> SentRequest | None:
    from ai_studio.llm.litellm_preview import requests_of

    (sent,) = async_to_sync(requests_of)([asked])
    return sent


def _request(asked: CompletionRequest, sent: SentRequest | None) -> Request:
    if sent is not None:
        return Request(sent.path, sent.body.decode(), is_exact=True)
    body = {
        "model": asked.target.model,
        "messages": chat_format.messages_of(asked),
        **asked.parameters,
        **chat_format.tools_of(asked),
    }
    return Request("", json.dumps(body, ensure_ascii=False), is_exact=False)
