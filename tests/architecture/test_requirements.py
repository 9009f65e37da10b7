"""The pinned requirements are what pyproject.toml asks for."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
import warnings
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture import source

COMPILE = ["pip", "compile", "pyproject.toml", "--universal", "--generate-hashes", "--no-emit-index-url"]
RUNTIME: list[str] = []
DEVELOPMENT = ["--group", "dev", "-c", "requirements.txt"]
PROJECT = tomllib.loads(source.read("pyproject.toml"))


def test_every_runtime_dependency_is_pinned_within_its_range():
    assert _unmet(PROJECT["project"]["dependencies"], "requirements.txt") == []


def test_every_development_dependency_is_pinned_within_its_range():
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    assert _unmet(wanted, "requirements-dev.txt") == []


def test_development_uses_the_versions_that_run():
    development = _pins("requirements-dev.txt")
    differing = {name: pins for name, pins in _pins("requirements.txt").items() if development.get(name) != pins}
    assert differing == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_every_pin_has_a_hash_and_no_address(name: str):
    text = source.read(name)
    entries = re.split(r"\n(?=\w)", text.strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("requirements.txt", RUNTIME), ("requirements-dev.txt", DEVELOPMENT)],
    ids=["runtime", "dev"],
)
def test_compiling_again_changes_nothing(name: str, arguments: list[str], tmp_path: Path):
    uv = source.ROOT / ".tools/bin/uv"
    if not uv.is_file():
        pytest.skip("needs uv: make setup")
    for copied in ("pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(source.ROOT / copied, tmp_path)
    compiled = subprocess.run(
        [uv, *COMPILE, *arguments, "--no-header", "--quiet", "-o", name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if compiled.returncode == 2:  # the registry did not answer; the tests above have looked at what can be seen offline
        warnings.warn(f"{name} was not compiled again: {compiled.stderr}", stacklevel=1)
    else:
        assert compiled.returncode == 0, compiled.stderr
        assert (tmp_path / name).read_text() == source.read(name)


def _pins(name: str) -> dict[str, set[str]]:
    """Versions by name: a package may have several, each for some machines."""
    pins: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", source.read(name), flags=re.MULTILINE):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


def _unmet(wanted: list[str], name: str) -> list[str]:
    pins = _pins(name)
    requirements = [Requirement(text) for text in wanted]
    return [
        str(requirement)
        for requirement in requirements
        if not any(requirement.specifier.contains(pin) for pin in pins.get(canonicalize_name(requirement.name), ()))
    ]
