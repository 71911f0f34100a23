"""`python -m bench [PART …]`: measure all parts, or some, and write them into bench/RESULTS.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bench.footprint_section import footprint
from bench.front_end import front_end
from bench.own_data import own_data
from bench.peers.section import peers
from bench.profile import profile
from bench.report import RESULTS, write
from bench.similar_jobs import similar_jobs
from bench.training import training

# In the order in which they stand in the results; each gives its section in Markdown.
PARTS: dict[str, Callable[[], str]] = {
    "peers": peers,
    "front_end": front_end,
    "similar_jobs": similar_jobs,
    "training": training,
    "own_data": own_data,
    "footprint": footprint,
    "profile": profile,
}


def main() -> None:
    """Measure what was asked for; what was not keeps its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write RESULTS.md.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; all if none")
    asked = parser.parse_args().parts
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    for name in asked or PARTS:
        print(f"measuring {name}")
        write({name: PARTS[name]()}, list(PARTS))
        print(f"written to {RESULTS.name}")


if __name__ == "__main__":
    main()
