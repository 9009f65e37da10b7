from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from ai_studio import transfer
from ai_studio.models import (
    Agent,
    Configuration,
    LanguageModel,
    Provider,
    ProviderToken,
    SavedPrompt,
    SecurityEvent,
    SwitchRule,
)
from tests.factories import make_user
from tests.integration.admin_world import client_of
from tests.integration.studio_to_transfer import CANARY, empty, make_studio

pytestmark = pytest.mark.django_db


def refusal(text: str) -> list[transfer.Problem]:
    before = transfer.export_text()
    version = Configuration.current_version()
    with pytest.raises(transfer.Refused) as refused:
        transfer.apply_text(text, by=None)
    with pytest.raises(transfer.Refused):
        transfer.preview_text(text)
    assert transfer.export_text() == before
    assert Configuration.current_version() == version
    return refused.value.problems


def test_there_and_back_is_the_same_to_the_byte():
    make_studio()
    text = transfer.export_text()
    empty()
    changes = transfer.apply_text(text, by=None)
    assert {change.verb for change in changes} == {"added"}
    assert transfer.export_text() == text
    assert transfer.preview_text(text) == []
    gpt = LanguageModel.objects.get(model_id="gpt")
    assert (gpt.input_price, gpt.capabilities, gpt.overridden) == (Decimal("2.5"), ["vision"], ["input_price"])
    assert SwitchRule.objects.get(provider_key="anthropic").strategy == "simple"
    assert Agent.objects.get(name="Coach").model == gpt
    prompt = SavedPrompt.objects.get(team__name="Research")
    assert (prompt.name, prompt.title, prompt.text, prompt.user) == ("summary", "Summarise", "Sum up {topic}.", None)
    assert prompt.revisions.get().reason == "Imported"


def test_no_secret_and_nobodys_words_are_in_it():
    make_studio()
    text = transfer.export_text()
    token = ProviderToken.objects.get()
    for secret in (
        CANARY,
        token.ciphertext,
        token.fingerprint,
        token.last_four,
        "A private wish",
        "A private prompt",
        "alice",
    ):
        assert secret not in text


def test_every_cut_is_noticed():
    make_studio()
    text = transfer.export_text()
    empty()
    ends = [*range(0, len(text) - 4, 97), *(at + 1 for at, sign in enumerate(text[:-4]) if sign == "\n")]
    for end in ends:
        with pytest.raises(transfer.Refused) as refused:
            transfer.apply_text(text[:end], by=None)
        assert refused.value.problems, end
    assert not Provider.objects.exists()


def changed(old: str, new: str) -> list[str]:
    make_studio()
    text = transfer.export_text()
    assert text.count(old) >= 1, text
    return [str(problem) for problem in refusal(text.replace(old, new, 1))]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "chat_studio: 1",
            "chat_studio: 2",
            "line 1, chat_studio: The file has schema 2; this installation reads up to 1.",
        ),
        ("chat_studio: 1", "other: 1", "not a studio's file"),
        ("    display_name: GPT", "    display_nam: GPT", "providers[0].models[0].display_nam: is unknown here"),
        ("  is_enabled: true", "  is_enabled: maybe", "is_enabled: must be true or false"),
        ("model_id: old", "model_id: gpt", "providers[0].models[1].model_id: is in the list twice, in line"),
        (
            "    is_enabled: false\n    context",
            "    is_enabled: true\n    context",
            "An archived model can't be enabled.",
        ),
        (
            "- input_price",
            "- name",
            "providers[0].models[0].overridden: must be a list out of context_window",
        ),
        (
            "strategy: simple",
            "strategy: louder",
            "switch_rules[0].strategy: Value 'louder' is not a valid choice",
        ),
        ("    input_price: '2.5'", "    input_price: '-2'", "providers[0].models[0].input_price:"),
        ("    input_price: '2.5'", "    input_price: dear", "must be a decimal number"),
        (
            "  - model:\n      provider: OpenAI\n      model_id: gpt",
            "  - model:\n      provider: OpenAI\n      model_id: new",
            "There is no model OpenAI / new",
        ),
        (
            "  base_url: ''",
            "  base_url: https://else.example.com/v1",
            "stored tokens, and they would be sent elsewhere",
        ),
        ("  provider_key: openai", "  provider_key: anthropic", "stored tokens, and they would be sent elsewhere"),
        ("      temperature: 0.7", "      api_base: https://else.example.com", "teams[0].agents[0].parameters:"),
        ("- name: Research", "- nothing: Research", "teams[0].nothing: is unknown here"),
        ("- name: Research", "- name: ''", "teams[0]: has no name"),
        (
            "  instructions:\n    text: Ours.",
            "  instructions:\n    safety: x\n    text: Ours.",
            "instructions.safety: is unknown here",
        ),
        ("      temperature: 0.7", "      temperature: 0.7\n      temperature: 0.8", "temperature: is here twice"),
        ("    icon: ✍️", "    icon: *x", "aliases"),
        ("    icon: ✍️", "    icon: 2026-13-45", "can't be read"),
        ("  - name: summary", "  - name: Sum up", "teams[0].saved_prompts[0].name: Use small letters"),
        ("teams:", "teams: 3\nother:", "teams: must be a list"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, words: str):
    problems = changed(old, new)
    assert any(words in problem for problem in problems), problems
    assert all(problem.startswith(("line ", "chat_studio")) for problem in problems), problems


def test_all_faults_are_told_at_once():
    make_studio()
    text = transfer.export_text().replace("is_default: true", "is_default: 7").replace("name: Coach", "name: 8")
    problems = refusal(text)
    assert [problem.path for problem in problems] == ["teams[0].models[0].is_default", "teams[0].agents[0].name"]
    assert all(problem.line for problem in problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("[" * 50_000 + "\n...\n", "Nested more than 20 deep"),
        ("a: &x [1]\nb: *x\n...\n", "aliases"),
        ("a: 1\n---\nb: 2\n...\n", "more than one document"),
        ("x" * 25_000_001, "at most 25,000,000"),
        ("just a text\n...\n", "not a studio's file"),
        ("? [a]\n: 1\n...\n", "a key must be a word"),
        ("a: !!python/object:os.system x\n...\n", "can't be read"),
        ("a: \0\n...\n", "This is not YAML"),
    ],
)
def test_hostile_files_are_refused(text: str, words: str):
    assert words in str(refusal(text)[0])


def test_the_commands(tmp_path: Path):
    make_studio()
    said = StringIO()
    call_command("export_studio", stdout=said)
    file = tmp_path / "studio.yaml"
    file.write_text(said.getvalue(), encoding="utf-8")
    empty()
    dry, wet = StringIO(), StringIO()
    call_command("import_studio", str(file), "--dry-run", stdout=dry)
    assert "added model OpenAI / gpt" in dry.getvalue()
    assert not Provider.objects.exists()
    call_command("import_studio", str(file), stdout=wet)
    assert transfer.export_text() == said.getvalue()
    events = SecurityEvent.objects.filter(event__in=["exported", "imported"])
    assert [event.event for event in events.order_by("pk")] == ["exported", "imported"]
    file.write_text(said.getvalue()[:300], encoding="utf-8")
    with pytest.raises(CommandError, match="ends too early"):
        call_command("import_studio", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_studio", str(tmp_path / "none.yaml"))


def test_the_pages(client: Any):
    make_studio()
    root = client_of(make_user("Root", is_superuser=True, is_staff=True))
    page = reverse("studio:transfer")
    assert root.get(page).status_code == 200
    answer = root.post(reverse("studio:export"))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="studio-')
    text = answer.content.decode()
    assert text == transfer.export_text()
    wanted = text.replace("display_name: GPT", "display_name: <b>GPT</b>")
    review = root.post(page, {"text": wanted.replace("\n", "\r\n")})
    assert "&lt;b&gt;GPT&lt;/b&gt;" in review.content.decode()
    assert LanguageModel.objects.get(model_id="gpt").display_name == "GPT"
    assert root.post(page, {"text": review.context["text"], "apply": ""}).headers["Location"] == page
    assert LanguageModel.objects.get(model_id="gpt").display_name == "<b>GPT</b>"
    refused = root.post(page, {"text": text[:200]})
    assert refused.status_code == 400
    assert "Nothing was imported" in refused.content.decode()
    assert "Choose a file" in root.post(page, {}).content.decode()
