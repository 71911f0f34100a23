"""`python -m tests.side_by_side [--processes N] [OPTION …]`: run the tests in several processes of pytest.

Every other option is pytest's. The line of a module is shown as soon as it is complete; what a process says
besides, such as failures, when it has ended.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from api.cpus import whole_cpus
from tests.side_by_side.share import SHARED_FOLDER

_MODULE = re.compile(r"\S+\.py [.sxXFE]+$")
# Their cache is a file that each would write as if it were alone.
_OPTIONS = ("-p", "tests.side_by_side.share", "-p", "no:cacheprovider", "-o", "console_output_style=classic")


class _Part:
    """One process of pytest, and what it has said and not shown yet."""

    def __init__(self, arguments: list[str], folder: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pytest", *_OPTIONS, *arguments],
            env=os.environ | {SHARED_FOLDER: folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            for line in output:
                if _MODULE.match(line):
                    sys.stdout.write(line)
                    sys.stdout.flush()
                else:
                    self._said.append(line)

    def ended(self) -> tuple[int, str]:
        """Its status and what it said besides, once it has ended."""
        self._reader.join()
        return self._process.wait(), "".join(self._said)


def _problems(folder: Path) -> list[str]:
    """What speaks against it that every test was run to its end, once."""
    words = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("ran-*.json")]
    collected = [set(word["collected"]) for word in words]
    ran = Counter(id for word in words for id in word["ran"])
    differing = set().union(*collected) - set.intersection(*collected) if collected else set()
    missing = set().union(*collected) - ran.keys()
    return [
        *(f"not collected by every process: {id}" for id in sorted(differing)),
        *(f"not run to its end: {id}" for id in sorted(missing)),
        *(f"run {times} times: {id}" for id, times in ran.items() if times > 1),
    ]


def main() -> int:
    """Run them; the status is 0 if every test ran once and passed."""
    parser = argparse.ArgumentParser(prog="python -m tests.side_by_side", description="Run the tests.")
    # Many tests wait, for a process to start or a lease to end: so there is one more than there are CPUs.
    parser.add_argument("--processes", type=int, default=whole_cpus() + 1)
    asked, arguments = parser.parse_known_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bouquet-tests-") as folder:
        parts = [_Part(arguments, folder) for _ in range(asked.processes)]
        statuses = []
        for part in parts:
            # Ctrl-C is pressed for all of them: each ends by itself, and says how far it came.
            with suppress(KeyboardInterrupt):
                status, said = part.ended()
                statuses.append(status)
                print(said, end="")
        problems = _problems(Path(folder))
    print(*problems, sep="\n", end="\n" if problems else "")
    worst = max(statuses, default=2)
    failed = worst or bool(problems) or len(statuses) < len(parts)
    print(
        f"{'FAILED' if failed else 'passed'}: {len(parts)} processes side by side, "
        f"{time.monotonic() - began:.0f} s, statuses {statuses}"
    )
    return worst or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
