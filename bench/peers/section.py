"""The section of the results: what was asked for first, then every server beside the others."""

from __future__ import annotations

import shutil
import sys

from bench.peers import tables
from bench.peers.environments import FOLDER, versions
from bench.peers.figures import Turns, failures, longest_rest
from bench.peers.measure import kept_settings, measured
from bench.peers.ours import CONSTANTS
from bench.peers.peer import Peer
from bench.peers.peers import PEERS
from bench.peers.plan import Settings, settings_of_environment
from bench.peers.targets import targets_table
from bench.report import made_on

_SERVERS = [peer for peer in PEERS if peer not in CONSTANTS]


def peers() -> str:
    """Measure, or take what is kept, and write it down."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed to measure: apt-get install wrk")
    settings = settings_of_environment()
    turns = measured(settings)
    return section(turns, kept_settings() or settings)


def section(turns: Turns, settings: Settings) -> str:
    """All tables."""
    there = [peer for peer in _SERVERS if any(turn["peer"] == peer.name for turn in turns.values())]
    failed = "".join(f"- Not measured: {sentence}\n" for sentence in failures(turns))
    notes = "".join(f"- {peer.name}{_versions(peer)}: {peer.note}.\n" for peer in (*there, *CONSTANTS))
    return f"""## Beside other servers of the same models

{targets_table(turns)}

One server process, `GET` of one row with 16 connections, Bouquet signed in and recorded, the peers with
neither; the best peer is another one for each model and each figure.

### One row, 16 connections, one process

Requests a second (smallest to largest of the rounds), p99 in ms, and how many times as many Bouquet answers.
Of a peer with both, the faster of `GET` and `POST`.

{tables.one_row(turns, there)}

### 1,000 rows in one request, 16 connections, one process

Thousands of rows a second.

{tables.many_rows(turns, there)}

### 1, 16 and 64 connections

Logistic regression, one process: requests a second, and p99 in ms; by `GET` where there is one.

{tables.connections(turns, there)}

### Two processes

Logistic regression, one row, 16 connections, one round: requests a second, and times what one process does.

{tables.two(turns, there)}

### Memory, start and size

With the logistic regression alone: megabytes of all processes when the first answer is there, and after the
work of the tables above (proportional: what processes share is divided among them; resident: it is counted
in each); seconds from spawn to the first prediction; megabytes of what pip installs. Bouquet lets go of the
pages of its libraries that only its start needs, some 25 MB, which the system's cache still has until it
needs the room; the others keep theirs.

{tables.footprints(turns, there)}

### The limit

One over the time of a constant answer (the same bytes from a WSGI function under the same server) and the
time of the model alone, in process, in the form that answers one row. Bouquet's express lane is asked before
the server makes a WSGI environ, which that constant answer has made for it; beside it, therefore, the limit
with a constant answer given where the lane is asked, which is all that a request cannot do without.

{tables.limits(turns)}

### How it was measured

{settings.rounds} rounds of {settings.seconds} s for each figure, by wrk on the same machine; in each round
every server in turn, only one of them up; medians. {_resting(turns)}Before, 50 rows in each form were
compared with scikit-learn's own answers: labels equal, probabilities to 1e-6. An answer that is no 2xx ends
it.
All servers have the same fitted pipelines (iris for the first three; 2,000 made-up rows with missing values,
numbers and choices for the mixed types), saved with joblib, and Bouquet by `python -m api import`. The trees
have four features, on which Bouquet's other forms of trees gain most: on 30 the table that answers one row
has no room, and for many rows a forest gains a quarter, and boosted trees only above 500 (docs/decisions.md).
All have the threads that they come with.
Who names no `GET` has none. One row is the same row each time. Of a model of trees Bouquet keeps the texts of
the last thousand answers that it gave: one that it has not takes it some 2 µs more.
{made_on("scikit-learn", "numpy", "onnxruntime", "granian")}

{notes}{failed}"""


def _resting(turns: Turns) -> str:
    longest = longest_rest(turns)
    if longest is None:
        return ""
    return f"""Each figure was begun when the server's processes
rested, or after 20 s: Bouquet's went on for up to {longest:.1f} s, to bring into the database what it had
recorded of 1,000 rows at a time. """


def _versions(peer: Peer) -> str:
    there = (FOLDER / peer.environment / "made").exists()
    return f" ({versions(peer.environment, *peer.packages)})" if there else ""
