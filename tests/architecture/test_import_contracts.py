"""Who may import whom: the contracts are in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture import source

# In a process of its own: inside this one, Django and Twisted have already been at the module table.
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_contracts_hold():
    linted = subprocess.run([sys.executable, "-c", LINT], cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
