"""LiteLLM's list of models, read without LiteLLM."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ai_studio.llm import catalogue as litellm_list
from ai_studio.llm.catalogue import CAPABILITIES, CatalogueModel, catalogue


@pytest.fixture(scope="module")
def models() -> dict[tuple[str, str], CatalogueModel]:
    return {(each.provider, each.model): each for each in catalogue({"openai", "anthropic", "gemini"})}


def test_a_model(models: dict[tuple[str, str], CatalogueModel]) -> None:
    model = models["openai", "gpt-4o"]
    assert model.context_window == 128_000
    assert model.max_output_tokens == 16_384
    assert (model.input_price, model.output_price, model.cached_input_price) == tuple(
        map(Decimal, ("2.5", "10", "1.25"))
    )
    assert model.capabilities >= {"tools", "vision", "json"}


def test_ids_are_the_providers_own(models: dict[tuple[str, str], CatalogueModel]) -> None:
    assert ("gemini", "gemini-2.5-pro") in models
    assert ("anthropic", "claude-sonnet-4-5") in models
    assert not any(model.startswith(("ft:", f"{provider}/")) for provider, model in models)


def test_prices_are_per_million_tokens_to_the_digit(models: dict[tuple[str, str], CatalogueModel]) -> None:
    prices = [model.input_price for model in models.values() if model.input_price]
    assert all(Decimal("0.001") < price < 1000 for price in prices)
    assert all("E" not in str(price) and -price.as_tuple().exponent <= 6 for price in prices)  # type: ignore[operator]


def test_only_what_was_asked_for_in_order(models: dict[tuple[str, str], CatalogueModel]) -> None:
    assert {provider for provider, _ in models} == {"openai", "anthropic", "gemini"}
    assert list(models) == sorted(models)
    assert catalogue(set()) == []
    assert not any("embedding" in model for _, model in models)
    assert all(model.capabilities <= set(CAPABILITIES.values()) for model in models.values())


def test_what_the_list_does_not_say_is_none() -> None:
    assert any(model.input_price is None for model in catalogue({"ollama", "github_copilot", "perplexity", "gigachat"}))


def test_a_list_of_another_shape_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {"x": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": {"usd": 1}}}
    monkeypatch.setattr(litellm_list, "_entries", lambda: newer)
    with pytest.raises(litellm_list.Unreadable, match="can't be read by this version"):
        catalogue(["openai"])
