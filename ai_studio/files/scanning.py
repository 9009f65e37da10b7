"""Asks a virus scanner about a file, where one is set (FILE_SCANNER)."""

from __future__ import annotations

import logging
import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

from django.utils.module_loading import import_string

from ai_studio.files.problems import FileCheckFailed, FileInfected

logger = logging.getLogger(__name__)

SECONDS = 120.0
_CALLABLE = re.compile(r"[\w.]+:\w+")


def scan(path: Path, scanner: str) -> None:
    """Returns when the file is clean, or there is no scanner. Raises FileInfected, FileCheckFailed.

    `scanner`: `package.module:function`, which gets the path and says whether the file is clean; or a command that gets the
    path as its last argument and ends with 0 (clean) or 1 (infected), as clamscan and clamdscan do.
    """
    if not scanner:
        return
    is_clean = _asked(path, scanner) if _CALLABLE.fullmatch(scanner) else _commanded(path, scanner)
    if not is_clean:
        logger.warning("An upload was refused: the scanner found something in it")
        raise FileInfected


def _asked(path: Path, scanner: str) -> bool:
    function: Callable[[Path], bool] = import_string(scanner.replace(":", "."))
    try:
        return function(path)
    except (OSError, RuntimeError, ValueError) as error:
        logger.exception("The scanner of uploads failed")
        raise FileCheckFailed from error


def _commanded(path: Path, scanner: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603 - the command is the operator's, the path is ours
            [*shlex.split(scanner), str(path)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        logger.exception("The scanner of uploads could not be run")
        raise FileCheckFailed from error
    if done.returncode not in (0, 1):
        said = done.stderr.decode(errors="replace")[-500:]
        logger.error("The scanner of uploads ended with %s: %s", done.returncode, said)
        raise FileCheckFailed
    return done.returncode == 0
