"""Lets `ai_studio.files.inspecting` look into a file, in a process of its own, and believes what it says."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from ai_studio.files.problems import FileTypeRefused, FileUnreadable

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
AT_ONCE = threading.BoundedSemaphore(4)
"""Processes that look into files, of one process that serves: many uploads at once wait for each other."""
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
"""Of the environment: it holds secrets."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """`width` and `height` in pixels, None where it is no image. `text`: what could be read; `is_cut`: there was more."""

    media_type: str
    width: int | None = None
    height: int | None = None
    text: str = ""
    is_cut: bool = False


def inspect(path: Path, name: str, folder: Path) -> Inspected:
    """Blocks, for SECONDS at most once it is its turn. Of an image, `folder` gets its derived files. Raises FileTypeRefused, FileUnreadable."""
    command = [sys.executable, "-m", "ai_studio.files.inspecting", str(path), name, str(folder)]
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    try:
        with AT_ONCE:
            done = subprocess.run(  # noqa: S603 - no shell, and the name is an argument alone
                command,
                env={**environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=True,
            )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        # Out of memory or time, or a parser that fell over: the file asked for it.
        logger.warning("A file could not be inspected: %s", error)
        raise FileUnreadable from error
    refused = said.get("refused")
    if refused == "type":
        raise FileTypeRefused
    if refused == "locked":
        raise FileUnreadable("This file is locked with a password. Take that off and upload it again.")
    if refused == "pixels":
        raise FileUnreadable("This image has too many pixels. Make it smaller and upload it again.")
    if refused is not None:
        raise FileUnreadable
    return Inspected(**said)
