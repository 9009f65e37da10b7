"""The registry, the scripts that come of it, and the texts: pure functions, no server."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from itertools import islice, pairwise
from pathlib import Path
from random import Random

import pytest

import ai_studio.emulator
from ai_studio.emulator.behaviours import BEHAVIOURS, from_name, from_prompt
from ai_studio.emulator.completions import CompletionRequest, ErrorKind, FinishReason
from ai_studio.emulator.script import Break, BreakKind, Pace
from ai_studio.emulator.scripts import expected_reasoning, expected_text, script_for
from ai_studio.emulator.summaries import asks_for_summary
from ai_studio.emulator.text import keywords, prose, tokenize
from ai_studio.emulator.titles import asks_for_title

PACKAGE = Path(ai_studio.emulator.__file__).parent


def names(chosen):
    return [(each.behaviour.name, each.numbers) for each in chosen]


def script(model, prompt="Hello"):
    return script_for(CompletionRequest(model=model, prompt=prompt))


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("story", [("story", ())]),
        ("gpt-story-slow", [("story", ()), ("slow", ())]),
        ("GPT-4o-Mini-Echo", [("echo", ())]),
        ("tokens-300-rate-77", [("tokens-N", (300,)), ("rate-R", (77,))]),
        ("context-length", [("context-length", ())]),
        ("content-filter-length", [("content-filter", ()), ("length[-N]", ())]),
        ("stall-5", [("stall[-N][-MS]", (5,))]),
        ("stall-5-900", [("stall[-N][-MS]", (5, 900))]),
        ("fail-429-2-retry-after-0", [("fail-STATUS-N", (429, 2)), ("retry-after-S", (0,))]),
        ("error-event-3", [("error-event[-N]", (3,))]),
        ("models/reasoning", [("reasoning[-N]", ())]),
        ("history", []),
        ("gpt-4o", []),
        ("", []),
    ],
)
def test_a_models_name_ends_with_behaviours(model, found):
    assert names(from_name(model)) == found


@pytest.mark.parametrize(
    ("prompt", "found"),
    [
        ("Hello", None),
        ("/emulate error 429", [("error-STATUS", (429,))]),
        ("Please /emulate error 429 for me", [("error-STATUS", (429,))]),
        ("First line\n/emulate  Tokens-300, rate 20\nlast line", [("tokens-N", (300,)), ("rate-R", (20,))]),
        ("/emulate", []),
        ("/emulate help", []),
        ("/emulate nonsense", []),
        ("/emulated error 429", None),
    ],
)
def test_a_prompt_commands_behaviours(prompt, found):
    chosen = from_prompt(prompt)

    assert (None if chosen is None else names(chosen)) == found


def test_the_prompt_has_the_last_word():
    commanded = script("tokens-300-rate-77", "/emulate tokens 5 stall 2 1500")

    assert len(commanded.answer(CompletionRequest("tokens-300-rate-77", "/emulate tokens 5")).text) == 5
    assert commanded.pace == Pace(rate=77.0, stall_after=2, stall=1.5)


def test_an_unknown_command_lists_all_behaviours():
    text = expected_text("story", "/emulate help")

    assert all(f"`{behaviour.name}`" in text for behaviour in BEHAVIOURS)


def test_the_documentation_lists_each_behaviour_with_its_summary():
    documented = dict(re.findall(r"^ {4}([a-z][^ ]*) {2,}(\S.*)$", ai_studio.emulator.__doc__, re.MULTILINE))

    assert documented == {behaviour.name: behaviour.summary for behaviour in BEHAVIOURS}


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda behaviour: behaviour.name)
def test_each_behaviour_changes_the_script_and_is_found_by_its_name(behaviour):
    model = re.sub(r"[A-Z]+", "3", re.sub(r"\[.*?\]", "", behaviour.name))

    assert names(from_name(model))[0][0] == behaviour.name
    if behaviour.name not in {"story", "retry-after-S"}:
        assert script(model) != script("")


def test_faults_are_what_their_names_say():
    assert script("cut-7").broken == Break(BreakKind.CUT, 7)
    assert script("truncated").broken == Break(BreakKind.TRUNCATED, 20)
    assert script("html-502").refusal.html_status == 502
    assert script("disconnect").refusal.error is None
    assert script("error-503").refusal.error.kind is ErrorKind.OVERLOADED
    assert script("error-418").refusal.error.kind is ErrorKind.BAD_REQUEST
    assert script("error-429").refusal.error.retry_after == 1.0
    assert script("retry-after-9").refusal is None


@pytest.mark.parametrize("count", [0, 1, 300, 5000])
def test_the_count_of_tokens_is_exact(count):
    answer = script(f"tokens-{count}").answer(CompletionRequest(f"tokens-{count}", "Hello", max_tokens=10))

    assert answer.token_count == count
    assert answer.finish_reason is FinishReason.STOP
    assert "".join(answer.text) == expected_text(f"tokens-{count}", "Hello")


def test_prose_varies():
    tokens = prose(Random("any"), 3000)

    assert all(left != right for left, right in pairwise(tokens))
    assert len(set(tokens)) > 250


def test_answers_depend_on_model_and_prompt_alone():
    texts = {expected_text(f"story-rate-{rate}", f"About {topic}") for rate in range(4) for topic in ("tea", "oars")}

    assert len(texts) == 8
    assert expected_text("story", "About tea") == expected_text("story", "About tea")


def test_tokens_are_words_with_the_space_before_them():
    assert tokenize("One  two\n\n  three ") == ("One", "  two", "\n\n  three")


@pytest.mark.parametrize(
    ("prompt", "mark"),
    [
        ("Some code in Rust, please", "```rust"),
        ("Compare the two in a table", "| Place |"),
        ("How do I plan a trip?", "1. **"),
        ("A list of ideas", "- [x] "),
        ("Show me an equation", "$$"),
        ("Where are your sources?", "](https://"),
        ("markdown", "# A tour of Markdown"),
    ],
)
def test_a_story_is_in_markdown_where_the_prompt_asks_for_it(prompt, mark):
    assert mark in expected_text("story", prompt)


def test_the_showcase_shows_everything():
    text = expected_text("showcase", "Hello")

    marks = (
        "# ",
        "\n## ",
        "\n- ",
        "\n1. ",
        "|---",
        "```python",
        "```sql",
        "```rust",
        "\\(",
        "\\[",
        "$$",
        "](",
        "> ",
        "**",
    )
    assert [mark for mark in marks if mark not in text] == []


@pytest.mark.parametrize("prompt", ["Hello!", "", "Привет, мир", "你好世界", "🙂", "?" * 100_000])
def test_any_prompt_gets_an_honest_answer(prompt):
    assert "built-in **emulator**" in expected_text("story", prompt)
    assert expected_text("story", prompt, earlier_answers=3)


def test_unicode_splits_graphemes_and_has_both_directions():
    tokens = script("unicode").answer(CompletionRequest("unicode", "Hello")).text

    assert any(token.startswith(("\u0301", "\u030a", "\u200d", "\ufe0f")) for token in tokens)
    assert {"\u0645", "\u05e9", "\u202e"} <= set("".join(tokens))
    assert max(map(len, tokens)) == 3


@pytest.mark.parametrize(
    ("system", "prompt", "is_asked"),
    [
        ("You write titles.", "Boats", True),
        ("", "Give me a short title for this conversation", True),
        ("", "A title of at most six words for the conversation:", True),
        ("The user's job title is Captain.", "How are you?", False),
        ("", "How are you?", False),
    ],
)
def test_a_title_is_given_where_one_is_asked_for(system, prompt, is_asked):
    assert asks_for_title(CompletionRequest("story", prompt, system)) is is_asked


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("User: How do wooden boats stay dry?\nAssistant: I am the emulator.", "Wooden boats stay dry"),
        ("Write a title for: growing tomatoes on shady balconies", "Growing tomatoes shady balconies"),
    ],
)
def test_a_title_is_made_of_the_prompts_words(prompt, title):
    assert expected_text("story", prompt, system="Write a title.") == title


@pytest.mark.parametrize(
    "prompt", ["User: Hi", "", "User: boats", "User: boats rivers", "one two three four five six seven"]
)
def test_a_title_has_three_to_six_words(prompt):
    for model in ("story", "gpt-story", "tokens-300-rate-77", "reasoning"):
        assert 3 <= len(expected_text(model, prompt, system="Write a title.").split()) <= 6


def test_what_breaks_says_only_what_comes_before_the_break():
    assert len(tokenize(expected_text("tokens-50-cut-9", "Hello"))) == 9
    assert len(tokenize(expected_text("tokens-50-cut-90", "Hello"))) == 50
    assert expected_text("reasoning-30-tokens-50-cut-20", "Hello") == ""
    assert len(tokenize(expected_reasoning("reasoning-30-tokens-50-cut-20", "Hello"))) == 20
    assert expected_text("tokens-50-error-500", "Hello") == ""


def test_deadlines_do_not_drift():
    pace = Pace(rate=50.0, first_token=2.0, stall_after=100, stall=5.0)
    deadlines = list(islice(pace.deadlines(), 1001))

    assert deadlines[0] == 2.0
    assert deadlines[99] == pytest.approx(2.0 + 99 / 50)
    assert deadlines[100] == pytest.approx(7.0 + 100 / 50)
    assert deadlines[1000] == pytest.approx(7.0 + 1000 / 50)
    assert pace.duration(1001) == deadlines[1000]
    assert set(islice(Pace(rate=0.0).deadlines(), 10)) == {0.0}


def test_keywords_are_telling():
    assert keywords("How do I write a good letter to the harbour master?", 9) == ["letter", "harbour", "master"]


def test_the_package_needs_neither_django_nor_the_product():
    allowed = {"ai_studio.emulator", "aiohttp", "orjson", "uvloop"} | set(sys.stdlib_module_names)
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for module in modules:
                roots = {module.split(".")[0], ".".join(module.split(".")[:2])}
                assert roots & allowed, f"{path.name} imports {module}"
    code = "import sys, ai_studio.emulator.app; assert not {'django', 'litellm'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent.parent, check=True)


def test_summaries_fit_on_a_line():
    assert [behaviour.name for behaviour in BEHAVIOURS if len(behaviour.summary) > 80] == []


@pytest.mark.parametrize(
    ("system", "prompt", "is_asked"),
    [
        ("Summarise the conversation that the user shows you.", "User: boats", True),
        ("You summarize the conversation.", "User: boats", True),
        ("", "Summarise the conversation, please.", False),
        ("You summarise books.", "Summarise this.", False),
    ],
)
def test_a_summary_is_given_where_the_system_asks_for_one(system, prompt, is_asked):
    assert asks_for_summary(CompletionRequest("story", prompt, system)) is is_asked


def test_a_summary_says_what_was_asked_and_takes_an_earlier_one_over():
    system = "Summarise the conversation."
    first = expected_text("story", "User: How do wooden boats stay dry?\n\nAssistant: A title for this.", system=system)
    assert first == "The user asked about:\n* wooden boats stay dry"
    shown = (
        f"Summary of what came before:\n{first}\n\nUser: Write a title about walruses\n\nAssistant: /emulate nothing"
    )
    assert expected_text("story", shown, system=system) == f"{first}\n* title walruses"
