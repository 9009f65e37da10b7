from __future__ import annotations

from decimal import Decimal

from ai_studio.catalogue_diff import Kind, Offered, Proposal, Stored, from_catalogue, from_list, propose
from ai_studio.llm.catalogue import CatalogueModel
from ai_studio.llm.model_list import ListedModel

FACTS = {"context_window": 1000, "input_price": "2.5", "capabilities": ["tools"]}


def stored(model_id: str = "a", *, active: bool = True, synced: bool = True, **facts: object) -> Stored:
    return Stored(model_id, model_id.upper(), active, {**FACTS, **facts}, synced)


def offered(model_id: str = "a", **facts: object) -> Offered:
    return Offered(model_id, model_id, {**FACTS, **facts})


def kinds(proposals: list[Proposal]) -> list[tuple[Kind, str]]:
    return [(each.kind, each.model_id) for each in proposals]


def test_what_is_the_same_is_not_proposed():
    assert propose([stored()], [offered()], is_whole=True) == []


def test_each_kind_in_its_order():
    rows = [stored("changed"), stored("gone"), stored("back", active=False), stored("old", active=False)]
    offers = [offered("new"), offered("changed", input_price="3"), offered("back")]
    proposals = propose(rows, offers, is_whole=True)
    assert kinds(proposals) == [
        (Kind.NEW, "new"), (Kind.CHANGED, "changed"), (Kind.ARCHIVED, "gone"), (Kind.RESTORED, "back"),
    ]  # fmt: skip
    assert (proposals[1].before, proposals[1].after) == ({"input_price": "2.5"}, {"input_price": "3"})


def test_a_list_that_is_not_whole_archives_only_what_a_sync_brought():
    rows = [stored("synced"), stored("by-hand", synced=False)]
    assert kinds(propose(rows, [], is_whole=False)) == [(Kind.ARCHIVED, "synced")]
    assert len(propose(rows, [], is_whole=True)) == 2


def test_a_fact_that_a_source_does_not_tell_is_left_alone():
    assert propose([stored(input_price="9")], [Offered("a", "a", {"context_window": 1000})], is_whole=True) == []


def test_a_proposal_survives_json():
    [proposal] = propose([], [offered()], is_whole=True)
    assert Proposal.from_json(proposal.as_json()) == proposal


def test_the_provider_has_the_last_word_on_windows_and_litellm_tells_the_rest():
    entry = CatalogueModel("x", "a", 10, 5, Decimal("2.50"), Decimal(10), None, frozenset({"vision", "tools"}))
    [known, unknown] = from_list([ListedModel("a", "Model A", 20), ListedModel("b")], [entry])
    assert (known.name, known.is_catalogued, unknown.name, unknown.is_catalogued) == ("Model A", True, "b", False)
    assert known.facts == {
        "context_window": 20, "max_output_tokens": 5, "input_price": "2.5", "output_price": "10",
        "capabilities": ["tools", "vision"], "efforts": [],
    }  # fmt: skip
    assert unknown.facts == {}
    assert from_catalogue([entry])[0].facts["context_window"] == 10
