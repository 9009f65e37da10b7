"""The head of a websocket frame, by the examples of RFC 6455, section 5.7, and at the borders between its forms; the heap."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from config.serve import frame_head
from tests.servers import ROOT


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (5, "8105"),
        (125, "817d"),
        (126, "817e007e"),
        (256, "817e0100"),
        (65_535, "817effff"),
        (65_536, "817f0000000000010000"),
    ],
)
def test_the_head_says_how_long_the_text_is(size: int, head: str):
    assert frame_head(size).hex() == head


HEAPS = """
import ctypes, sys, threading
from config import serve

serve.share_heap()
together = threading.Barrier(8)


def allocate():
    together.wait()
    kept = [bytearray(2000) for _ in range(2000)]
    together.wait()
    del kept


threads = [threading.Thread(target=allocate) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library has another heap")
def test_threads_share_a_heap():
    told = subprocess.run([sys.executable, "-c", HEAPS], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    assert told.count("<heap nr=") == 1
