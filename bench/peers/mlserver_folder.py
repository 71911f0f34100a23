"""The folder that MLServer is started on: its settings, and one for each model."""

from __future__ import annotations

import json
from typing import Any

from bench.peers.peer import MODELS, Start

_BATCHING = {"max_batch_size": 16, "max_batch_time": 0.001}


def write(start: Start) -> None:
    """Without batching, which is the default."""
    _write(start, {})


def write_batching(start: Start) -> None:
    """With adaptive batching."""
    _write(start, _BATCHING)


def _write(start: Start, batching: dict[str, Any]) -> None:
    # Port 0 for gRPC and the metrics: nobody asks them.
    settings = {
        "host": "127.0.0.1",
        "http_port": start.port,
        "grpc_port": 0,
        "metrics_port": 0,
        "parallel_workers": start.processes if start.processes > 1 else 0,
        "debug": False,
    }
    (start.folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    for name in start.served:
        folder = start.folder / name
        folder.mkdir()
        file = MODELS / name / "model.joblib"
        model = {
            "name": name,
            "implementation": "mlserver_sklearn.SKLearnModel",
            "parameters": {"uri": str(file), "version": "1"},
            **batching,
        }
        (folder / "model-settings.json").write_text(json.dumps(model), encoding="utf-8")
