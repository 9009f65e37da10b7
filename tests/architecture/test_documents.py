"""Documents that lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture import source

LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"`make ([a-z]+)")


def test_links_between_documents_lead_to_files():
    links = {path: LINK.findall(source.read(path)) for path in source.files(".md")}
    broken = {
        path: missing
        for path, targets in links.items()
        if (missing := [each for each in targets if not (source.ROOT / Path(path).parent / each).exists()])
    }
    assert broken == {}


def test_documents_name_targets_that_make_has():
    targets = set(re.findall(r"^([a-z]+):", source.read("Makefile"), flags=re.MULTILINE))
    named = {name for path in source.files(".md") for name in COMMAND.findall(source.read(path))}
    assert named <= targets


def test_make_help_lists_every_public_target():
    makefile = source.read("Makefile")
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    assert explained == {"help", "setup", "run", "test", "faults", "lint", "format", "messages", "bench", "clean"}
