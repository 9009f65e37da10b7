"""The files of this repository, as the rules see them."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config/", "chat/", "ai_studio/")


def files(*suffixes: str) -> list[str]:
    """Paths from the root of everything that is, or is about to be, committed; migrations are left out."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    wanted = {path for path in listed if path.endswith(suffixes) and "/migrations/" not in path}
    return sorted(path for path in wanted if (ROOT / path).is_file())


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")
