"""A setting that is not in the README does not exist for those who run the product."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from config.known_settings import SETTINGS
from tests.architecture import source

INTERNAL = {
    "DJANGO_SETTINGS_MODULE",
    "EMULATOR_URL",  # from the launcher to the seeds
    "LITELLM_LOCAL_MODEL_COST_MAP",  # always set
}


def test_readme_lists_what_the_code_reads():
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", source.read("README.md"), flags=re.MULTILINE))
    assert listed == _read_by_the_code()


def test_readme_says_what_is_declared():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) ?\|$", source.read("README.md"), flags=re.MULTILINE)
    assert rows == [(setting.name, setting.default, setting.meaning) for setting in SETTINGS]


def test_declared_defaults_are_those_of_the_code():
    declared = {setting.name: setting.default for setting in SETTINGS}
    tree = ast.parse(source.read("config/settings.py"))
    wrong = {name: default for name, default in _literal_defaults(tree) if declared[name] != f"`{default}`"}
    assert wrong == {}


def _literal_defaults(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Of `env.…("NAME", default=…)` where the default is a word or a number that is not empty."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("env.") and node.args:
            default = next((each.value for each in node.keywords if each.arg == "default"), None)
            if isinstance(default, ast.Constant) and default.value != "":
                yield ast.literal_eval(node.args[0]), str(default.value)


def test_example_lists_what_the_code_reads():
    listed = set(re.findall(r"^#([A-Z_]+)=", source.read(".env.example"), flags=re.MULTILINE))
    assert listed == _read_by_the_code()


def test_example_sets_nothing_by_itself():
    assert re.findall(r"^[A-Z_]+=", source.read(".env.example"), flags=re.MULTILINE) == []


def _read_by_the_code() -> set[str]:
    product = [path for path in source.files(".py") if path.startswith(source.PRODUCT)]
    return {name for path in product for name in _names(ast.parse(source.read(path)))} - INTERNAL


def _names(tree: ast.AST) -> set[str]:
    """The first argument of `env.…("NAME")` and `os.environ.get("NAME")`, and the key of `os.environ["NAME"]`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            reads, key = ast.unparse(node.func.value) in {"env", "os.environ"}, node.args[0]
        elif isinstance(node, ast.Subscript):
            reads, key = ast.unparse(node.value) == "os.environ", node.slice
        else:
            continue
        if reads and isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isupper():
            names.add(key.value)
    return names
