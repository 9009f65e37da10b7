"""Habits that a reviewer would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import source

# Written in two halves, so that this file does not find itself.
REGISTRY_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb.deb" + "ian.org")
MACHINE_PATHS = re.compile(
    r"(?<![\w.$~}>/-])/(?:" + "|".join(("ho" + "me", "ro" + "ot", "Us" + "ers", "wo" + "rk")) + r")/"
)
NAMES_TO_AVOID = re.compile(r"(?:^|_)(?:utils?|helpers?|common|misc|manager)(?:_|$)")
TEXT = (
    ".py",
    ".ts",
    ".tsx",
    ".mjs",
    ".css",
    ".html",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yaml",
    ".conf",
    "Makefile",
    "run",
)
MAY_SWALLOW = {
    "ai_studio/tools/running.py",
    "chat/consumers.py",
    "chat/generation/runner.py",
    "chat/services/scheduled.py",
}
"""A tool that breaks must not take the answer with it, nor a bad command the socket; an answer must end with a word,
whatever went wrong; and one scheduled prompt must not keep all others from being asked."""
PTH_FILES = {"a1_coverage.pth", "_virtualenv.pth", "distutils-precedence.pth"}
"""Code in a `.pth` runs at every start of Python: one that we did not expect is how LiteLLM 1.82.8 stole secrets."""


def test_no_file_names_a_registry_or_a_place_of_one_machine():
    texts = {path: source.read(path) for path in source.files(*TEXT)}
    named = {path: host for path, text in texts.items() for host in REGISTRY_HOSTS if host in text}
    assert named == {}
    assert {path: found for path, text in texts.items() if (found := MACHINE_PATHS.findall(text))} == {}


def test_modules_are_named_for_what_they_do():
    stems = {path: Path(path).stem for path in source.files(".py", ".ts", ".tsx")}
    assert [path for path, stem in stems.items() if NAMES_TO_AVOID.search(stem)] == []


def test_only_the_outermost_places_swallow_everything():
    product = [path for path in source.files(".py") if path.startswith(source.PRODUCT)]
    places = {path: lines for path in product if (lines := list(_swallowing_handlers(path)))}
    assert set(places) <= MAY_SWALLOW, places


def _swallowing_handlers(path: str) -> Iterator[int]:
    """Lines of handlers that catch every exception and do not raise it again as their last act."""
    for node in ast.walk(ast.parse(source.read(path))):
        if isinstance(node, ast.ExceptHandler):
            caught = (
                {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"Exception"}
            )
            if caught & {"Exception", "BaseException"} and not isinstance(node.body[-1], ast.Raise):
                yield node.lineno


def test_changelog_is_open():
    assert "## [Unreleased]" in source.read("CHANGELOG.md")


def test_nothing_unexpected_runs_when_python_starts():
    found = {path.name for path in Path(sysconfig.get_path("purelib")).glob("*.pth")}
    assert found <= PTH_FILES


def test_third_party_files_of_the_page_are_not_committed():
    assert source.files(".min.js", ".min.css", ".woff", ".woff2", ".ttf") == []
