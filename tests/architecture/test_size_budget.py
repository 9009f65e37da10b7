"""Small files and small functions, from the first day: without a budget they only grow."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture import source

FILE_LINES = 300
FUNCTION_LINES = 50
EXCEPTIONS: dict[str, str] = {}
"""`path` or `path:function`, and why."""

# `function name(…) {`, `const name = (…) => {`, `name(…) {` and the like, in formatted code.
_TYPESCRIPT_FUNCTION = re.compile(
    r"^(?P<indent>\s*)(?:export |default |async |static |private |public |get |set )*"
    r"(?:function\*? (?P<function>\w+)|const (?P<arrow>\w+) = .*=>|(?P<method>#?\w+)(?=\())"
    r".*[{(]$"
)
_NOT_METHODS = {"if", "for", "while", "switch", "catch", "return", "describe", "test", "it", "effect", "useEffect"}


def test_files_stay_within_their_budget():
    sizes = {path: source.read(path).count("\n") for path in source.files(".py", ".ts", ".tsx", ".mjs", ".css")}
    assert {path: size for path, size in sizes.items() if size >= FILE_LINES and path not in EXCEPTIONS} == {}


def test_python_functions_stay_within_their_budget():
    over = list(_over_budget(_python_functions()))
    assert not over, "\n".join(over)


def test_typescript_functions_stay_within_their_budget():
    over = list(_over_budget(_typescript_functions()))
    assert not over, "\n".join(over)


def test_every_exception_is_still_needed():
    over = {name for name, _ in (*_python_functions(), *_typescript_functions()) if name in EXCEPTIONS}
    assert over | {path for path in EXCEPTIONS if ":" not in path} == set(EXCEPTIONS)


def _over_budget(functions: Iterator[tuple[str, int]]) -> Iterator[str]:
    for name, lines in functions:
        if lines > FUNCTION_LINES and name not in EXCEPTIONS:
            yield f"{name} has {lines} lines"


def _python_functions() -> Iterator[tuple[str, int]]:
    for path in source.files(".py"):
        for node in ast.walk(ast.parse(source.read(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def _typescript_functions() -> Iterator[tuple[str, int]]:
    """By indentation: a function ends at the first line that is not further in than its own first."""
    for path in source.files(".ts", ".tsx", ".mjs"):
        lines = source.read(path).splitlines()
        for start, line in enumerate(lines):
            found = _TYPESCRIPT_FUNCTION.match(line)
            name = found and (found["function"] or found["arrow"] or found["method"])
            if found and name not in _NOT_METHODS:
                indent = len(found["indent"])
                ends = (at for at in range(start + 1, len(lines)) if _closes(lines[at], indent))
                yield f"{path}:{name}", next(ends, start) - start + 1


def _closes(line: str, indent: int) -> bool:
    return line.startswith(" " * indent) and line[indent : indent + 1] in {"}", ")"}
