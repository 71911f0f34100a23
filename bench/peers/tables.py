"""The tables of the section, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from bench.peers import figures
from bench.peers.cases import CASES
from bench.peers.environments import FOLDER, megabytes
from bench.peers.figures import Cell, Figures, Spread, Turns, cell_of, faster, many, of_start
from bench.peers.ours import CONSTANTS, OURS
from bench.peers.peer import GET, MANY, MANY_OBJECTS, POST, Peer
from bench.report import table

_TITLES = [case.title for case in CASES]


def one_row(turns: Turns, there: Sequence[Peer]) -> str:
    """One row, by model."""
    rows = []
    for peer in there:
        cells = [_rate_cell(turns, peer, case.name) for case in CASES]
        rows.append([peer.name, *cells])
    return table(["server", *_TITLES], rows)


def _rate_cell(turns: Turns, peer: Peer, model: str) -> str:
    if peer is OURS:
        return " · ".join(
            f"{kind} {_rate(found.rate)}, {found.p99.median:.1f}"
            for kind in (GET, POST)
            if (found := cell_of(turns, Cell(peer.name, kind, model)))
        )
    known, mine = faster(turns, peer.name, model), figures.ours(turns, model)
    if not known:
        return "-"
    kind, one = known
    ratio = f" **x {mine.rate.median / one.rate.median:.1f}**" if mine else ""
    return f"{kind} {_rate(one.rate)}, {one.p99.median:.1f}{ratio}"


def many_rows(turns: Turns, there: Sequence[Peer]) -> str:
    """Many rows, by model."""
    rows = []
    for peer in there:
        forms = [kind for kind in (MANY, MANY_OBJECTS) if kind in peer.forms]
        for kind in forms:
            cells = [_many_cell(turns, peer, kind, case.name) for case in CASES]
            rows.append([peer.name + (", objects" if kind == MANY_OBJECTS else ""), *cells])
    return table(["server", *_TITLES], rows)


def _many_cell(turns: Turns, peer: Peer, kind: str, model: str) -> str:
    found, mine = cell_of(turns, Cell(peer.name, kind, model)), many(turns, OURS.name, model)
    if not found:
        return "-"
    ratio = f" **x {mine.rate.median / found.rate.median:.1f}**" if mine and peer is not OURS else ""
    return f"{found.rate.median:.0f} ({found.rate.least:.0f}-{found.rate.most:.0f}){ratio}"


def connections(turns: Turns, there: Sequence[Peer]) -> str:
    """By connections."""
    rows = []
    for peer in (*there, *CONSTANTS):
        for kind in (GET, POST):
            found = [cell_of(turns, Cell(peer.name, kind, "logistic", at)) for at in (1, 16, 64)]
            if found[0]:
                rows.append([peer.name, kind, *(_pair(one) for one in found)])
    return table(["server", "", "1", "16", "64"], rows)


def two(turns: Turns, there: Sequence[Peer]) -> str:
    """Two processes beside one."""
    rows = []
    for peer in (*there, *CONSTANTS):
        for kind in (GET, POST):
            one = cell_of(turns, Cell(peer.name, kind, "logistic"))
            two = cell_of(turns, Cell(peer.name, kind, "logistic", processes=2))
            if one and two:
                rows.append(
                    [peer.name, kind, f"{two.rate.median:.0f}", f"{two.rate.median / one.rate.median:.2f}"]
                )
    return table(["server", "", "requests/s", "times one process"], rows)


def footprints(turns: Turns, there: Sequence[Peer]) -> str:
    """Memory, start and size."""
    rows = []
    for peer in there:
        weights = [of_start(turns, peer.name, name, place) for name in ("fresh", "after") for place in (0, 1)]
        seconds = of_start(turns, peer.name, "seconds")
        size = f"{megabytes(peer.environment):.0f}" if (FOLDER / peer.environment).exists() else "-"
        shown = [f"{one.median:.0f}" if one else "-" for one in weights]
        took = f"{seconds.median:.2f} ({seconds.least:.2f}-{seconds.most:.2f})" if seconds else "-"
        rows.append([peer.name, *shown, took, size])
    head = ["server", "MB, proportional", "MB, resident", "after: proportional", "after: resident"]
    return table([*head, "seconds to the first answer", "MB installed"], rows)


def limits(turns: Turns) -> str:
    """The limits, by model."""
    rows = []
    for case in CASES:
        alone, mine = figures.alone_of(turns, case.name), figures.ours(turns, case.name)
        most = [figures.limit(turns, one, case.name) for one in CONSTANTS]
        if alone and mine:
            shares = [
                text
                for one in most
                for text in ((f"{one:.0f}", f"**{mine.rate.median / one:.2f}**") if one else ("-", "-"))
            ]
            rows.append([case.title, f"{alone.median:.1f}", f"{mine.rate.median:.0f}", *shares])
    head = ["model", "µs of the model alone", "Bouquet, requests/s", "limit, requests/s", "share"]
    return table([*head, "limit with a constant answer at once", "share"], rows)


def _rate(one: Spread) -> str:
    return f"{one.median:.0f} ({one.least:.0f}-{one.most:.0f})"


def _pair(one: Figures | None) -> str:
    return f"{one.rate.median:.0f}, {one.p99.median:.1f}" if one else "-"
