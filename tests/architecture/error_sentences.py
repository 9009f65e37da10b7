"""What is said with an error in place of its class's sentence, found where it is raised."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture import source

PASSED_ON = {"problem.sentence"}
"""What is said by another error, and told as it came."""
ELSEWHERE = {"ImportUnreadable"}
"""Said on a page of the server, which translates it there."""


def said(kinds: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Codes and sentences. `kinds`: codes by the names of the classes. One that is put together is an AssertionError."""
    for path in source.files(".py"):
        if not path.startswith(("chat/", "ai_studio/files/")):
            continue
        tree = ast.parse(source.read(path))
        constants = dict(_constants(tree))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
            name = ast.unparse(call.func).rpartition(".")[2]
            if name not in kinds or name in ELSEWHERE:
                continue
            for sentence in _sentences(call.args[0], constants, f"{path}:{call.lineno}"):
                yield kinds[name], sentence


def _sentences(given: ast.expr, constants: dict[str, list[str]], place: str) -> list[str]:
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return [given.value]
    if isinstance(given, ast.Subscript) and ast.unparse(given.value) in constants:
        return constants[ast.unparse(given.value)]
    assert ast.unparse(given) in PASSED_ON, (
        f"{place}: a sentence is whole, its values beside it, so that it can be translated"
    )
    return []


def _constants(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Dicts of sentences, by their names."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name):
            values = [value.value for value in node.value.values if isinstance(value, ast.Constant)]
            yield node.targets[0].id, [value for value in values if isinstance(value, str)]
