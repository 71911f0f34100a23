"""The rounds: every server in turn, one at a time, then again; what is found is kept after each start."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.load import load
from bench.peers.cases import CASES, Case, prepare, rows_of
from bench.peers.checks import WrongAnswer, check
from bench.peers.environments import FOLDER, NotInstalled, environment
from bench.peers.limits import alone
from bench.peers.ours import CONSTANT, CONSTANTS, OURS
from bench.peers.peer import GET, MANY, MANY_OBJECTS, MODELS, POST, Peer, Start
from bench.peers.plan import Settings, Turn, cells, turns
from bench.peers.running import Asked, DidNotAnswer, Program, Running, running
from tests.services import ROOT, free_port

KEPT = FOLDER / "rounds.json"
_BY_NAME = {case.name: case for case in CASES}


def measured(settings: Settings) -> dict[str, dict[str, Any]]:
    """All turns by their keys: those that a run with these settings has kept, and the others measured now.

    A run that was ended before its last turn goes on; after one that was not, all is measured anew, unless
    BENCH_REPORT says that the report is to be written of what is kept.
    """
    wanted = [turn.key for turn in turns(settings)]
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    found: dict[str, dict[str, Any]] = kept.get("turns", {})
    if "BENCH_REPORT" in os.environ:
        return found
    commit = _commit()
    same = (kept.get("settings"), kept.get("commit")) == (_plain(settings), commit)
    if not same or all(key in found for key in wanted):
        found = {}
    prepare(MODELS)
    for name in dict.fromkeys(turn.peer.environment for turn in turns(settings)):
        # Whose turn it is says what is wrong with it.
        with suppress(NotInstalled):
            environment(name)
    for turn in turns(settings):
        if turn.key not in found:
            print(f"round {turn.round} of {settings.rounds}: {turn.peer.name}, {', '.join(turn.served)}")
            found[turn.key] = _take(turn, settings.seconds)
            if turn.peer is CONSTANT:
                found[turn.key]["alone"] = alone(MODELS)
            text = json.dumps({"settings": _plain(settings), "commit": commit, "turns": found}, indent=1)
            KEPT.write_text(text, encoding="utf-8")
    return found


def kept_settings() -> Settings | None:
    """With which settings what is kept was measured; None where nothing is."""
    if not KEPT.exists():
        return None
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["settings"]
    return Settings(kept["seconds"], kept["rounds"], tuple(kept["only"]))


def _take(turn: Turn, seconds: int) -> dict[str, Any]:
    """Start, check (in the first round), load; what fails is said, but for our own, which raises."""
    about = {"peer": turn.peer.name, "processes": turn.processes, "served": list(turn.served)}
    try:
        environment(turn.peer.environment)
        with tempfile.TemporaryDirectory() as folder:
            return about | _run(turn, Path(folder), seconds)
    except (NotInstalled, DidNotAnswer, WrongAnswer, RuntimeError, subprocess.SubprocessError) as error:
        if turn.peer is OURS:
            raise
        print(f"  {turn.peer.name} failed: {error}")
        return about | {"failed": " ".join(str(error).split())[:200]}


def _run(turn: Turn, folder: Path, seconds: int) -> dict[str, Any]:
    peer = turn.peer
    start = Start(turn.served, turn.processes, free_port(), folder)
    peer.before(start)
    kind = POST if POST in peer.forms else GET
    first = peer.forms[kind](_BY_NAME[turn.served[0]], rows_of(_BY_NAME[turn.served[0]], 1))
    log = FOLDER / "logs" / f"{turn.key.replace(' ', '_')}.log"
    program = Program(peer.command(start), peer.working, _environment(turn, start), log)
    with running(program, start.port, first) as server:
        found, fresh = [], server.weigh()
        for case in (_BY_NAME[name] for name in turn.served):
            if turn.round == 1 and turn.processes == 1 and peer not in CONSTANTS:
                check(peer, server, case, MODELS)
            found += [_cell(peer, server, case, cell, seconds) for cell in cells(turn, case)]
        after = server.weigh()
        if peer is OURS:
            _keep_answer(
                server, peer.forms[GET](_BY_NAME["logistic"], rows_of(_BY_NAME["logistic"], 1)), turn
            )
        return {"seconds": server.seconds, "fresh": fresh, "after": after, "cells": found}


def _cell(peer: Peer, server: Running, case: Case, cell: tuple[str, int], seconds: int) -> dict[str, Any]:
    kind, many = cell
    rows = rows_of(case, 1000 if kind in (MANY, MANY_OBJECTS) else 1)
    asked = peer.forms[kind](case, rows)
    url = f"http://127.0.0.1:{server.port}{asked.path}"
    rested = server.rest()
    got = load(url, many, seconds, asked.body, dict(asked.headers))
    if not got.requests_per_second:
        # None of them was answered in that time.
        got = load(url, many, 5 * seconds, asked.body, dict(asked.headers))
    return {"kind": kind, "model": case.name, "connections": many, "rested": rested, **asdict(got)}


def _environment(turn: Turn, start: Start) -> dict[str, str]:
    """What the start is told: the services' settings, and those that `servers/` reads."""
    of_servers = {
        "MODELS": str(MODELS),
        "SERVED": ",".join(turn.served),
        "PORT": str(start.port),
        "PROCESSES": str(turn.processes),
        # MLflow looks there for uvicorn.
        "PATH": f"{FOLDER / turn.peer.environment / 'bin'}:{os.environ['PATH']}",
    }
    ours = {
        "API_PORT": str(start.port),
        "API_WORKERS": str(turn.processes),
        "DATA_DIR": str(start.folder / "data"),
        "MODELS_DIR": str(start.folder / "models"),
    }
    return of_servers | (ours if turn.peer is OURS else {}) | dict(turn.peer.settings)


def _keep_answer(server: Running, asked: Asked, turn: Turn) -> None:
    """The bytes that the constant answer gives."""
    if "logistic" in turn.served:
        (MODELS / "answer.json").write_bytes(server.bytes_of(asked))


def _plain(settings: Settings) -> dict[str, Any]:
    return {"seconds": settings.seconds, "rounds": settings.rounds, "only": list(settings.only)}


def _commit() -> str:
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
