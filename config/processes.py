"""Child processes that never outlive their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    output: int | None = None,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own, so that a Ctrl+C in the terminal reaches its parent alone.

    On Linux the kernel kills it when the parent dies without saying so, or the thread that calls this ends. `output`: a
    file descriptor for both streams, None to share the parent's. `user`: whose account it runs under (root may choose).
    """
    return subprocess.Popen(  # noqa: S603 (no shell; every caller spells its command out)
        [str(word) for word in command],
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        preexec_fn=_die_with_parent(),
    )


def stop(process: subprocess.Popen[bytes], *, grace: float, polite: signal.Signals = signal.SIGTERM) -> int:
    """Asks with `polite`, waits `grace` seconds, then kills the whole session. Returns the exit status."""
    if process.poll() is None:
        process.send_signal(polite)
    try:
        process.wait(timeout=grace)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _die_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died between the fork and the call: no signal will come any more
            os._exit(1)

    return ask_the_kernel
