"""What is kept of a run: the report can be written again of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.peers import measure
from bench.peers.plan import Settings, settings_of_environment
from tests.bench.test_peers_figures import rounds


def test_the_report_is_written_again_of_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the settings that it was measured with, whatever they are now; nothing is started."""
    file = tmp_path / "rounds.json"
    monkeypatch.setattr(measure, "KEPT", file)
    assert measure.kept_settings() is None
    kept = {"settings": {"seconds": 2, "rounds": 2, "only": []}, "commit": "", "turns": rounds()}
    file.write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setenv("BENCH_REPORT", "1")
    assert measure.measured(Settings(9, 9, ())) == rounds()
    assert measure.kept_settings() == Settings(2, 2, ())


def test_the_settings_say_how_much_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that there is not is refused, with those there are."""
    monkeypatch.delenv("BENCH_ROUNDS", raising=False)
    monkeypatch.setenv("BENCH_SECONDS", "1")
    monkeypatch.setenv("BENCH_ONLY", "Bouquet; MLServer, batching")
    assert settings_of_environment() == Settings(1, 3, ("Bouquet", "MLServer, batching"))
    monkeypatch.setenv("BENCH_ONLY", "Triton")
    with pytest.raises(SystemExit, match="there is no 'Triton'; Bouquet"):
        settings_of_environment()
