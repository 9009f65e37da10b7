"""What a sync of the catalogue would change, as proposals that somebody can read before any of it happens. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ai_studio.llm.catalogue import CatalogueModel
from ai_studio.llm.model_list import ListedModel

PRICES = ("input_price", "output_price", "cached_input_price")
FACTS = ("context_window", "max_output_tokens", *PRICES, "capabilities", "efforts")
"""What a source tells of a model. Windows are tokens, prices decimal text in US dollars per million tokens."""

Facts = Mapping[str, Any]


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ARCHIVED = "archived"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Stored:
    """A model of the catalogue. `facts`: what the last sync said, else what is in force. `came_from_sync`: it was synced once."""

    model_id: str
    name: str
    is_active: bool
    facts: Facts
    came_from_sync: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A model as a source offers it. Facts that it does not tell are absent. `is_catalogued`: LiteLLM knows it as a chat model."""

    model_id: str
    name: str
    facts: Facts
    is_catalogued: bool = True


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of a review. `before` and `after` hold the facts that differ; of a new model, all of them."""

    kind: Kind
    model_id: str
    name: str
    before: Facts
    after: Facts
    is_catalogued: bool = True

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Proposal:
        return cls(**{**data, "kind": Kind(data["kind"])})


def propose(stored: Iterable[Stored], offered: Iterable[Offered], *, is_whole: bool) -> list[Proposal]:
    """By kind, then by id. `is_whole`: the source lists all that the provider has, so what it leaves out is gone; otherwise
    only what an earlier sync brought can be gone."""
    known = {each.model_id: each for each in stored}
    found = {each.model_id: each for each in offered}
    proposals = [_for(known.get(each.model_id), each) for each in found.values()]
    gone = [
        Proposal(Kind.ARCHIVED, each.model_id, each.name, {}, {})
        for each in known.values()
        if each.is_active and each.model_id not in found and (is_whole or each.came_from_sync)
    ]
    order = list(Kind)
    every = [each for each in proposals if each is not None] + gone
    return sorted(every, key=lambda each: (order.index(each.kind), each.model_id))


def _for(known: Stored | None, offered: Offered) -> Proposal | None:
    if known is None:
        return Proposal(Kind.NEW, offered.model_id, offered.name, {}, dict(offered.facts), offered.is_catalogued)
    after = {name: value for name, value in offered.facts.items() if known.facts.get(name) != value}
    before = {name: known.facts.get(name) for name in after}
    if not known.is_active:
        return Proposal(Kind.RESTORED, known.model_id, known.name, before, after, offered.is_catalogued)
    if after:
        return Proposal(Kind.CHANGED, known.model_id, known.name, before, after, offered.is_catalogued)
    return None


def from_catalogue(models: Iterable[CatalogueModel]) -> list[Offered]:
    """LiteLLM's own list."""
    return [Offered(each.model, each.model, facts_of(each)) for each in models]


def from_list(listed: Iterable[ListedModel], models: Collection[CatalogueModel]) -> list[Offered]:
    """A provider's list, with what LiteLLM knows besides. The provider has the last word on windows."""
    known = {each.model: facts_of(each) for each in models}
    offered = []
    for each in listed:
        own = {"context_window": each.context_window, "max_output_tokens": each.max_output_tokens}
        facts = {**known.get(each.model, {}), **{name: value for name, value in own.items() if value is not None}}
        offered.append(Offered(each.model, each.name or each.model, facts, each.model in known))
    return offered


def facts_of(model: Any) -> dict[str, Any]:
    """Of anything with these attributes; None is left out, since nothing is known then."""
    facts = {name: getattr(model, name) for name in FACTS}
    told: dict[str, Any] = {name: value for name, value in facts.items() if value is not None}
    for name in PRICES:
        if name in told:
            told[name] = written(told[name])
    told["capabilities"], told["efforts"] = sorted(told["capabilities"]), list(told["efforts"])
    return told


def written(price: Decimal) -> str:
    """`2.5`, however many zeros it is stored with."""
    return f"{price.normalize():f}"
