"""What a tree of processes has used of the processor and of memory, and how busy the machine is. Linux only."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

_CPUCLOCK_SCHED = 2
_PAGE_KB = 4
_JIFFY_SECONDS = 0.01


def tree(root: int) -> list[int]:
    """The process and all its descendants, by id."""
    pids = [root]
    for pid in pids:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(FileNotFoundError, ProcessLookupError):  # threads end while they are counted
                pids += [int(child) for child in children.read_text().split()]
    return pids


def cpu_seconds(root: int) -> float:
    """Processor time of the tree so far: all threads, those that have ended too."""
    # The kernel's clock of another process, in nanoseconds; /proc/PID/stat counts in steps of 10 ms.
    return sum(time.clock_gettime((~pid << 3) | _CPUCLOCK_SCHED) for pid in tree(root))


def spent_seconds(root: int) -> float:
    """Processor time of the tree so far, and of whatever has ended in it and was waited for, in steps of 10 ms."""
    return sum(_spent(pid) for pid in tree(root))


def _spent(pid: int) -> float:
    try:
        # Behind the name, which may hold spaces: the times of the process, then those of its ended children.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) * _JIFFY_SECONDS


def rss_kb(root: int) -> int:
    """Resident memory of the tree now."""
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_KB for pid in tree(root))


def machine_seconds() -> float:
    """Processor time that was used on the whole machine since it started, or taken from it by its host."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) * _JIFFY_SECONDS
