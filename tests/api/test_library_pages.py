"""Letting go of the libraries' pages: only of those that come back as they were."""

from __future__ import annotations

import subprocess
import sys

from api.library_pages import unwritten
from tests.services import ROOT

_SMAPS = """\
7f0000000000-7f0000002000 r--p 00000000 fe:00 12 /usr/lib/libone.so
Rss:                   8 kB
Anonymous:             0 kB
Swap:                  0 kB
VmFlags: rd mr mw me
7f0000002000-7f0000005000 r-xp 00002000 fe:00 12 /usr/lib/libone.so
Anonymous:             0 kB
Swap:                  0 kB
7f0000005000-7f0000006000 r--p 00005000 fe:00 12 /usr/lib/written before it was made read-only.so
Anonymous:             4 kB
Swap:                  0 kB
7f0000006000-7f0000007000 r--p 00006000 fe:00 12 /usr/lib/libone.so
Anonymous:             0 kB
Swap:                  4 kB
7f0000007000-7f0000008000 rw-p 00007000 fe:00 12 /usr/lib/libone.so
Anonymous:             0 kB
Swap:                  0 kB
7f0000008000-7f0000009000 r--s 00000000 fe:00 13 /usr/share/shared
Anonymous:             0 kB
Swap:                  0 kB
7f0000009000-7f000000a000 r--p 00000000 00:00 0
Anonymous:             0 kB
Swap:                  0 kB
7f000000a000-7f000000b000 r-xp 00000000 00:00 0                          [vdso]
Anonymous:             0 kB
Swap:                  0 kB
"""

# Says what is left of the mapped files, and whether what was loaded still computes.
_LET_GO = """
import threading
from api import library_pages
from api.runtime.first_model import load_first_model

def mapped():
    with open("/proc/self/smaps_rollup") as file:
        found = dict(line.split()[:2] for line in file if line.startswith(("Rss:", "Anonymous:")))
    return int(found["Rss:"]) - int(found["Anonymous:"])

def threads():
    with open("/proc/self/status") as file:
        return next(line for line in file if line.startswith("Threads:"))

before = threads()
load_first_model()
assert threads() == before
loaded = mapped()
waits, goes_on = threading.Event(), threading.Event()
thread = threading.Thread(target=lambda: (waits.set(), goes_on.wait()))
thread.start()
waits.wait()
library_pages.let_go()
assert mapped() >= loaded, "there is another thread"
goes_on.set()
thread.join()
library_pages.let_go()
left = mapped()
assert left < loaded / 2, (left, loaded)
load_first_model()
"""


def test_only_what_is_a_files_and_unwritten_is_let_go() -> None:
    """Not what the linker wrote to, be it in memory or swapped out, nor what is shared or no file's."""
    assert list(unwritten(_SMAPS.splitlines(keepends=True))) == [
        (0x7F0000000000, 0x7F0000002000),
        (0x7F0000002000, 0x7F0000005000),
    ]


def test_libraries_work_as_before_once_they_were_let_go() -> None:
    """Most pages are gone, and a model is loaded and run; beside another thread nothing is let go."""
    ended = subprocess.run(
        [sys.executable, "-c", _LET_GO], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr
