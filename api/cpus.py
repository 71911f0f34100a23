"""How many CPUs this process may use: what the system lets it run on, and the quota of its container."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path

# What the libraries that compute in threads of their own read when they are loaded: OpenMP, the BLAS that
# NumPy and SciPy bring or could bring, and joblib. ONNX Runtime is told by us.
THREAD_SETTINGS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "LOKY_MAX_CPU_COUNT",
)
_GROUPS = Path("/proc/self/cgroup")
_CONTROLLERS = Path("/sys/fs/cgroup")

# What this process has made of the settings above: another value is an operator's.
_ours: dict[str, str] = {}


def limit_threads(environ: MutableMapping[str, str], processes: int = 1) -> None:
    """Have the libraries that are loaded from now on use a fair share of the CPUs, and the children's.

    `processes` share them. What an operator has set stays.
    """
    threads = str(max(1, whole_cpus() // processes))
    free = [name for name in THREAD_SETTINGS if environ.get(name, "") in ("", _ours.get(name))]
    _ours.update(dict.fromkeys(free, threads))
    environ.update(dict.fromkeys(free, threads))


def whole_cpus() -> int:
    """The CPUs that this process may keep busy: whole ones, and at least one."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min(allowed, quota() or allowed)))


def quota(groups: Path = _GROUPS, controllers: Path = _CONTROLLERS) -> float | None:
    """The CPUs that the control groups of this process allow: the least of all of them, None where none does.

    `groups` is the file that names them, `controllers` where they are mounted; of version 2 and of version 1.
    """
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = []
    for line in lines:
        number, names, path = line.split(":", 2)
        if number == "0":
            found += [_second(folder) for folder in _above(controllers, path)]
        elif "cpu" in names.split(","):
            # Mounted under the names together; and by links, under each alone.
            found += [_first(folder) for folder in _above(controllers / names, path)]
            found += [_first(folder) for folder in _above(controllers / "cpu", path)]
    return min((one for one in found if one is not None), default=None)


def _above(mounted: Path, path: str) -> Iterator[Path]:
    """The group's folder and those around it: any may have a quota.

    In a container the path may be the one outside of it, and the group is what is mounted.
    """
    folder = mounted / path.lstrip("/")
    while folder != mounted and mounted in folder.parents:
        yield folder
        folder = folder.parent
    yield mounted


def _second(folder: Path) -> float | None:
    """The quota in `cpu.max`: microseconds, or max, in a period of microseconds."""
    words = _words(folder / "cpu.max")
    return int(words[0]) / int(words[1]) if len(words) == 2 and words[0] != "max" else None


def _first(folder: Path) -> float | None:
    """The quota of version 1, which is -1 where there is none."""
    given, period = _words(folder / "cpu.cfs_quota_us"), _words(folder / "cpu.cfs_period_us")
    return int(given[0]) / int(period[0]) if given and period and int(given[0]) > 0 else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except OSError:
        return []
