"""Between YAML and plain values: dicts, lists, texts, numbers. Every value that is read has a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]

LONGEST = 25_000_000
"""Characters."""
DEEPEST = 20
END = "..."
"""YAML's own mark for the end of a document. A file that was cut short lacks it, even where the rest is sound."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """`path`: such as `teams[0].agents[2].model`, empty for the whole file; `line` counts from 1, None where there is none."""

    message: str
    path: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.path) if part)
        return f"{place}: {self.message}" if place else self.message


class Refused(Exception):
    """A file that can't be taken. Nothing of it has been."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(slots=True)
class Parsed:
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, path: Path, message: str) -> None:
        self.problems.append(Problem(message, written(path), self.line_of(path)))

    def line_of(self, path: Path) -> int | None:
        """Of the value, else of the nearest one around it."""
        return next((self.lines[path[:end]] for end in range(len(path), -1, -1) if path[:end] in self.lines), None)


def written(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def dump(value: Any) -> str:
    """Keys in the order that they are in; texts of several lines as blocks."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, explicit_end=True, line_break="\n"
    )


class _Dumper(yaml.SafeDumper):
    """A text is written as a block where that gives it back unchanged."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    lines = value.split("\n")
    is_block = (
        len(lines) > 1
        and bool(lines[0])
        and not lines[0].startswith(" ")
        and all(line.isprintable() and not line.endswith(" ") for line in lines)
    )
    style = "|" if is_block else None if value.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def parse(text: str) -> Parsed:
    """Raises Refused for what is no YAML of our kind: cut off, too large, with aliases or a key twice."""
    if len(text) > LONGEST:
        raise Refused([Problem(f"The file has {len(text):,} characters; at most {LONGEST:,} are taken.")])
    if not text.strip():
        raise Refused([Problem("The file is empty.")])
    if text.rstrip().rpartition("\n")[2] != END:
        last = text.rstrip().count("\n") + 1
        raise Refused([Problem(f"The file ends too early: its last line must be “{END}”. Copy it again.", line=last)])
    try:
        _look_through(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise Refused([_of_yaml(error)]) from error
    parsed = Parsed(None)
    parsed.value = _value(root, (), parsed)
    if parsed.problems:
        raise Refused(parsed.problems)
    return parsed


def _look_through(text: str) -> None:
    """Depth and aliases are seen before anything is built of them."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        found = (
            (isinstance(event, yaml.AliasEvent), "Anchors and aliases (& and *) are not taken."),
            (depth > DEEPEST, f"Nested more than {DEEPEST} deep."),
            (documents > 1, "There is more than one document in the file."),
        )
        if message := next((message for is_so, message in found if is_so), None):
            mark = event.start_mark
            raise Refused([Problem(message, line=mark.line + 1 if mark else None)])


def _value(node: yaml.Node | None, path: Path, parsed: Parsed) -> Any:
    if node is None:
        return None
    parsed.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(node, path, parsed))
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, (*path, index), parsed) for index, each in enumerate(node.value)]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        parsed.complain(path, f"can't be read: {getattr(error, 'problem', error)}")
        return None


def _entries(node: yaml.MappingNode, path: Path, parsed: Parsed) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key, value in node.value:
        name, inner = str(key.value), (*path, str(key.value))
        if not isinstance(key, yaml.ScalarNode):
            parsed.lines[inner] = key.start_mark.line + 1
            parsed.complain(inner, "a key must be a word")
        elif name in seen:
            parsed.lines[inner] = key.start_mark.line + 1
            parsed.complain(inner, "is here twice")
        else:
            seen.add(name)
            yield name, _value(value, inner, parsed)


def _of_yaml(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    words = getattr(error, "problem", None) or getattr(error, "reason", None) or "it can't be read"
    return Problem(f"This is not YAML: {words}.", line=mark.line + 1 if mark else None)
