"""A studio with something of everything that travels, and of what must not."""

from __future__ import annotations

from decimal import Decimal

from ai_studio import services
from ai_studio.models import (
    Agent,
    Instructions,
    LanguageModel,
    Library,
    Provider,
    ProviderToken,
    SavedPrompt,
    SwitchRule,
    Team,
    TeamModel,
)
from tests.factories import enable, make_agent, make_model, make_prompt, make_provider, make_team, make_user
from tests.integration.libraries import make_document, make_library

CANARY = "sk-canary-0123456789"


def make_studio() -> None:
    provider = make_provider(name="OpenAI", base_url="")
    services.set_provider_token(token=ProviderToken(provider=provider, label="L"), value=CANARY, by=None)
    gpt = make_model(provider, model_id="gpt", display_name="GPT", input_price=Decimal("2.50"), capabilities=["vision"])
    gpt.overridden = ["input_price"]
    gpt.save()
    SwitchRule.objects.create(provider_key="anthropic", model_pattern="*opus*", strategy="simple")
    old = make_model(provider, model_id="old", display_name="Old", status="archived", is_enabled=False)
    team = make_team("Research")
    enable(gpt, team, is_default=True)
    enable(old, team, priority=1, is_enabled=False)
    library = make_library(team, name="Handbook", max_tokens=500)
    make_document(library, "Open at nine.\n\tAnd {closed}: never.\n", "hours.txt")
    make_document(library, " ", "scan.pdf")
    make_library(team, name="Empty")
    make_agent(
        team,
        name="Coach",
        model=gpt,
        library=library,
        fallbacks=[old.pk],
        parameters={"temperature": 0.7},
        starters=["Hello"],
        icon="✍️",
        tools=["current_time"],
    )
    make_prompt(team, name="summary", title="Summarise", text="Sum up {topic}.")
    make_prompt(make_user("Bob"), name="diary", title="Diary", text="A private prompt.")
    Instructions.objects.create(level="platform", text="One.\nTwo.\n", safety="Be kind.")
    Instructions.objects.create(level="team", team=team, text="Ours.")
    Instructions.objects.create(level="user", user=make_user("Alice"), text="A private wish.")


def empty() -> None:
    for model in (
        Agent,
        Library,
        SavedPrompt,
        TeamModel,
        Instructions,
        LanguageModel,
        ProviderToken,
        Provider,
        Team,
        SwitchRule,
    ):
        model.objects.all().delete()
