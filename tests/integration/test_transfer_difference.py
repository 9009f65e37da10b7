"""What a file would change is shown before it does, and nothing else is changed."""

from __future__ import annotations

import pytest

from ai_studio import transfer
from ai_studio.models import Instructions, LanguageModel, Provider, SwitchRule, Team, TeamModel
from tests.factories import enable, make_model
from tests.integration.studio_to_transfer import make_studio

pytestmark = pytest.mark.django_db


def test_what_differs_is_shown_and_only_that_is_changed():
    make_studio()
    Team.objects.create(name="Only here")
    text = (
        transfer.export_text()
        .replace("display_name: GPT", "display_name: GPT new")
        .replace("text: Ours.", "text: Yours.")
    )
    revision = Instructions.objects.get(level="platform").revision
    found = [(change.verb, change.kind, change.name, change.fields) for change in transfer.preview_text(text)]
    assert [each[:3] for each in found] == [
        ("changed", "model", "OpenAI / gpt"),
        ("changed", "instructions", "Research"),
    ]
    assert (found[0][3][0].before, found[0][3][0].after) == ("GPT", "GPT new")
    assert LanguageModel.objects.get(model_id="gpt").display_name == "GPT"
    assert len(transfer.apply_text(text, by=None)) == 2
    assert LanguageModel.objects.get(model_id="gpt").display_name == "GPT new"
    assert Instructions.objects.get(level="platform").revision == revision
    assert Instructions.objects.get(level="team").revision == 2
    assert Team.objects.filter(name="Only here").exists()


def test_a_rule_for_switches_and_a_hand_written_fact_are_in_the_difference():
    make_studio()
    text = transfer.export_text().replace("strategy: simple", "strategy: direct-command")
    text = text.replace("overridden:\n    - input_price", "overridden:\n    - input_price\n    - capabilities")
    rule, model = transfer.preview_text(text)
    assert (rule.verb, rule.kind, rule.name) == ("changed", "switch rule", "anthropic *opus*")
    assert [(each.name, each.before, each.after) for each in rule.fields] == [("strategy", "simple", "direct-command")]
    assert (model.kind, model.name) == ("model", "OpenAI / gpt")
    assert [each.name for each in model.fields] == ["overridden"]
    assert model.fields[0].after == ["input_price", "capabilities"]
    transfer.apply_text(text, by=None)
    assert SwitchRule.objects.get().strategy == "direct-command"
    assert LanguageModel.objects.get(model_id="gpt").overridden == ["input_price", "capabilities"]


def test_another_model_may_become_the_default():
    make_studio()
    text = transfer.export_text()
    team = Team.objects.get(name="Research")
    other = make_model(Provider.objects.get(), model_id="other")
    TeamModel.objects.filter(team=team).update(is_default=False)
    enable(other, team, is_default=True)
    transfer.apply_text(text, by=None)
    assert TeamModel.objects.get(team=team, is_default=True).model.model_id == "gpt"
