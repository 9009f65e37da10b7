"""What is written is what is read, whatever people have typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ai_studio import transfer
from ai_studio.models import Agent, Instructions, LanguageModel, Library, Provider, SavedPrompt, Team, TeamModel
from ai_studio.transfer.text import dump, parse
from tests.integration.libraries import make_document

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def empty() -> None:
    for model in (Agent, Library, TeamModel, Instructions, LanguageModel, Provider, Team):
        model.objects.all().delete()


WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
NAMES = WORDS.filter(str.strip)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAMES, min_size=1, max_size=2, unique=True),
    texts=st.lists(WORDS | st.text("ab \n\t-:#'\"|>&*!%@`{}[]\u2028\x85\ufeff", max_size=40), min_size=3, max_size=3),
    price=st.none() | st.decimals(min_value=0, max_value=100_000, places=6),
    numbers=st.tuples(st.none() | st.integers(0, 2_000_000_000), st.integers(0, 30_000)),
)
def test_any_content_survives(
    names: list[str], texts: list[str], price: Decimal | None, numbers: tuple[int | None, int]
):
    empty()
    for name in names:
        provider = Provider.objects.create(name=name, provider_key="openai")
        shown = {"display_name": name, "context_window": numbers[0], "input_price": price}
        model = LanguageModel.objects.create(provider=provider, model_id=name, capabilities=[name], **shown)
        team = Team.objects.create(name=name)
        TeamModel.objects.create(team=team, model=model, priority=numbers[1], is_default=True)
        description = texts[0].replace("\n", " ") or "-"
        library = Library.objects.create(team=team, name=name, max_tokens=numbers[0])
        make_document(library, texts[2], name)
        Agent.objects.create(
            team=team,
            name=name,
            instructions=texts[1] or "-",
            description=description,
            model=model,
            library=library,
        )
        Instructions.objects.create(level="team", team=team, text=texts[2])
        SavedPrompt.objects.create(team=team, name="p", title=description, text=texts[1] if texts[1].strip() else "-")
    Instructions.objects.create(level="platform", text=texts[0], safety=texts[1])
    text = transfer.export_text()
    empty()
    transfer.apply_text(text, by=None)
    assert transfer.export_text() == text


@settings(max_examples=100)
@given(JSON_VALUES)
def test_any_json_survives_the_text(value: Any):
    document = {"value": value}
    assert parse(dump(document)).value == document
