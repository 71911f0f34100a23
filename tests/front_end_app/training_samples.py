"""A house that trains, as the API describes it: people, trainings in each state, versions, the record."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .fake_api import Received, Reply
from .samples import ANSWER, IRIS, problem, serving

NAME, PASSWORD, TOKEN = "vita", "a pass: ü€", "a-token-of-vita"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def curve(bend: float) -> list[list[float]]:
    """Points of a curve that rises steeply at first."""
    return [[x / 100, round(1 - (1 - x / 100) ** bend, 4)] for x in range(101)]


COLUMNS: list[dict[str, Any]] = [
    {
        "name": "order_no",
        "kind": "identifier",
        "used": False,
        "why": "Each row has another value.",
        "missing": 0.0,
        "distinct": 1200,
        "examples": ["A-0001", "A-0002", "A-0003"],
    },
    {
        "name": "amount",
        "kind": "number",
        "used": True,
        "why": "",
        "missing": 0.0125,
        "distinct": 981,
        "examples": [12.5, 99.0, 3.25],
    },
    {
        "name": "country",
        "kind": "category",
        "used": True,
        "why": "",
        "missing": 0.0,
        "distinct": 3,
        "examples": ["Austria", "Norway"],
    },
    {
        "name": "currency",
        "kind": "constant",
        "used": False,
        "why": "It is the same in every row.",
        "missing": 0.0,
        "distinct": 1,
        "examples": ["EUR"],
    },
    {
        "name": "returned",
        "kind": "boolean",
        "used": False,
        "why": "",
        "missing": 0.0,
        "distinct": 2,
        "examples": ["yes", "no"],
    },
]
FILE = {"delimiter": ";", "encoding": "utf-8", "decimal": ",", "header": True, "rows": 1200, "bytes": 81_234}
TARGET = {
    "name": "returned",
    "why": "It is the last column.",
    "task": "classification",
    "classes": [{"label": "no", "rows": 1020}, {"label": "yes", "rows": 180}],
    "positive": "yes",
}
FIGURES = {"precision": 0.71, "recall": 0.64, "accuracy": 0.905, "auc": 0.913, "f1": 0.6732, "seconds": 14.2}
REPORT: dict[str, Any] = {
    "file": FILE,
    "columns": COLUMNS,
    "target": TARGET,
    "split": {"training": 768, "validation": 192, "hold_out": 240, "by": "chance"},
    "candidates": [
        {"name": "logistic regression", "score": 0.58, "seconds": 0.9, "chosen": False, "note": ""},
        {"name": "random forest", "score": 0.662, "seconds": 6.1, "chosen": True, "note": ""},
        {
            "name": "gradient boosting",
            "score": 0.65,
            "seconds": 4.4,
            "chosen": False,
            "note": "Stopped when the time was up.",
        },
    ],
    "metric": {"name": "f1", "value": 0.6732, "low": 0.58, "high": 0.75, "chance": 0.26},
    "figures": FIGURES,
    "threshold": 0.31,
    "confusion": {"labels": ["no", "yes"], "counts": [[194, 9], [13, 24]]},
    "curves": {"roc": curve(6), "precision_recall": [[x / 50, 1 - (x / 50) ** 3 * 0.8] for x in range(51)]},
    "comparison": {
        "against": "1",
        "rows": 240,
        "enabled": {**FIGURES, "precision": 0.74, "recall": 0.51, "accuracy": 0.9, "auc": 0.88, "f1": 0.6},
        "candidate": FIGURES,
        "why": "The new version has a higher F1.",
    },
    "decision": {
        "enabled": True,
        "why": "F1 is 0.673 where the version before has 0.600: it answers from now on.",
    },
    "warnings": ["In 2 columns some cells are empty."],
    "seconds": {"read": 0.4, "fit": 11.4, "total": 14.2},
    "peak_memory_mb": 212.4,
}


def ago(seconds: float) -> str:
    """So long before now."""
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def training(id: str, status: str = "processed", **more: Any) -> dict[str, Any]:
    """A training in a state."""
    return {
        "id": id,
        "status": status,
        "progress": 1.0 if status == "processed" else 0.0,
        "step": None,
        "message": None,
        "model": "orders",
        "version": None,
        "enabled": None,
        "metrics": None,
        "error": None,
        "by": NAME,
        "request": {
            "dataset": None,
            "upload": "f00-orders.csv",
            "model": "orders",
            "title": "Returned orders",
        },
        "made_at": NOON.isoformat(),
        "started_at": None if status == "pending" else (NOON + timedelta(seconds=2)).isoformat(),
        "ended_at": None
        if status in ("pending", "processing")
        else (NOON + timedelta(seconds=21)).isoformat(),
        "report": None,
        **more,
    }


DONE = training("done", version="2", enabled=True, report=REPORT, metrics=FIGURES)
RUNNING = training(
    "running",
    "processing",
    progress=0.62,
    step="fit",
    message="Trying a random forest, the second of three.",
    started_at=None,
)
FAILED = training(
    "failed",
    "error",
    progress=0.25,
    step="read",
    error={"detail": "Row 17 has 5 cells, where the header has 4.", "errors": []},
)
CARD = {**IRIS, "name": "orders", "title": "Returned orders", "version": "2", "figures": FIGURES}


@dataclass
class TrainingHouse:
    """A behaviour for the fake API with what it remembers; set its members to change what it answers."""

    trainings: list[dict[str, Any]] = field(
        default_factory=lambda: [training("pending", "pending"), FAILED, DONE]
    )
    role: str = "train"
    lasts: float = 3600.0
    enabled: str = "2"
    refuses: dict[tuple[str, str], Reply] = field(default_factory=dict)
    revoked: bool = False
    uploads: list[bytes] = field(default_factory=list)
    record: list[dict[str, Any]] = field(default_factory=list)
    found: dict[str, Any] = field(
        default_factory=lambda: {"file": FILE, "columns": COLUMNS, "target": TARGET}
    )
    preview_reply: Callable[[Received], Reply] | None = None
    in_use: dict[str, Any] = field(default_factory=lambda: {"rows": 0, "figures": None})

    def __call__(self, request: Received) -> Reply | None:
        """Answer as the API does."""
        root, _, path = request.path.partition("/api/v1.0")
        assert not root, request.path
        if (request.method, path) in self.refuses:
            return self.refuses[request.method, path]
        if path == "/tokens":
            return self._token(request)
        if path == "/models/orders":
            return Reply(200, CARD)
        if not path.startswith(("/training", "/predictions")) and not path.endswith(
            ("/versions", "/enabled", "/health")
        ):
            return serving(IRIS, ANSWER)(request)
        if request.headers["Authorization"] != f"Bearer {TOKEN}" or self.revoked:
            return problem(401, "Unauthorized access", [])
        return self._signed_in(request, path)

    def _token(self, request: Received) -> Reply:
        pair = base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if request.headers["Authorization"] != f"Basic {pair}":
            return problem(401, "Unauthorized access", [])
        self.revoked = False
        expires = (datetime.now(UTC) + timedelta(seconds=self.lasts)).isoformat()
        return Reply(201, {"token": TOKEN, "name": NAME, "role": self.role, "expires_at": expires})

    def _signed_in(self, request: Received, path: str) -> Reply:
        answers: dict[tuple[str, str], Callable[[Received], Reply]] = {
            ("GET", "/training"): self._list,
            ("POST", "/training"): self._start,
            ("POST", "/training/preview"): self.preview_reply or self._preview,
            ("GET", "/predictions"): self._record,
            ("GET", "/models/orders/versions"): self._versions,
            ("GET", "/models/orders/health"): self._health,
            ("PUT", "/models/orders/enabled"): self._enable,
        }
        if (request.method, path) in answers:
            return answers[request.method, path](request)
        found = [one for one in self.trainings if path == f"/training/{one['id']}"]
        if not found:
            return Reply(404, {"message": "Not Found", "detail": "There is no such training."})
        if request.method == "DELETE":
            found[0].update(status="cancelled")
        return Reply(200, found[0])

    def _list(self, request: Received) -> Reply:
        start = int(dict(request.pairs).get("cursor", "0"))
        lines, more = self.trainings[start : start + 25], len(self.trainings) > start + 25
        return Reply(200, {"trainings": lines, "next": str(start + 25) if more else None})

    def _start(self, request: Received) -> Reply:
        self.trainings.insert(0, training("new", "pending", request=json.loads(request.body)))
        return Reply(201, {"id": "new"})

    def _preview(self, request: Received) -> Reply:
        if request.headers["Content-Type"].startswith("multipart/"):
            self.uploads.append(request.body)
            return Reply(200, {**self.found, "upload": "f00-orders.csv"})
        return Reply(200, self.found)

    def _versions(self, _: Received) -> Reply:
        lines = [
            {
                "version": n,
                "enabled": n == self.enabled,
                "trained_at": NOON.isoformat(),
                "figures": figures,
                "refused": refused,
            }
            for n, figures, refused in (
                ("3", None, "its file is broken"),
                ("2", FIGURES, None),
                ("1", {**FIGURES, "f1": 0.6}, None),
            )
        ]
        events = [{"version": "2", "what": "enabled", "at": NOON.isoformat(), "by": "training"}]
        return Reply(200, {"model": "orders", "versions": lines, "history": events})

    def _health(self, _: Received) -> Reply:
        return Reply(
            200,
            {
                "model": "orders",
                "version": self.enabled,
                "figures": FIGURES,
                "enabled_since": NOON.isoformat(),
                "predictions": 12_345,
                "in_use": self.in_use,
            },
        )

    def _enable(self, request: Received) -> Reply:
        version = json.loads(request.body)["version"]
        self.enabled = "1" if version == "previous" else version
        return Reply(200, {"model": "orders", "version": self.enabled})

    def _record(self, request: Received) -> Reply:
        asked = dict(request.pairs)
        rows = [row for row in self.record if asked.get("model") in (None, row["model"])]
        if asked.get("format") == "csv":
            body = "id,row,answer\n" + "".join(f"{row['id']},{row['row']},{row['answer']}\n" for row in rows)
            return Reply(200, body.encode(), media_type="text/csv")
        start = int(asked.get("cursor", "0"))
        more = len(rows) > start + 50
        return Reply(
            200, {"predictions": rows[start : start + 50], "next": str(start + 50) if more else None}
        )


def answered(n: int, model: str = "iris", **more: Any) -> dict[str, Any]:
    """A row of the record."""
    return {
        "id": f"0190-{n}",
        "row": 0,
        "time": (NOON + timedelta(seconds=n)).isoformat(),
        "model": model,
        "version": "1",
        "user": "my_username",
        "route": "predict",
        "seconds": 0.0004,
        "inputs": {
            "sepal_length": 5.1,
            "sepal_width": 3.5,
            "petal_length": 1.4,
            "petal_width": round(math.sin(n) ** 2, 2),
        },
        "answer": "Iris-Setosa",
        "probabilities": {"Iris-Setosa": 0.98, "Iris-Virginica": 0.02},
        **more,
    }
