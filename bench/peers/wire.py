"""How each server is asked and what its answers say: one function for each form, the same for all models."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.peers.cases import Case, Row
from bench.peers.running import Asked
from tests.services import PASSWORD, USERNAME

JSON = ("Content-Type", "application/json")
SIGNED_IN = ("Authorization", "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode())


@dataclass(frozen=True, slots=True)
class Said:
    """What an answer says of each row, labels as text; None of what it does not say."""

    labels: list[str] | None
    probabilities: list[list[float]] | None


Form = Callable[[Case, Sequence[Row]], Asked]
Reader = Callable[[Any], Said]


def query(path: str, *headers: tuple[str, str]) -> Form:
    """One row in the query of a GET; `{model}` in `path` is the model's name."""

    def asked(case: Case, rows: Sequence[Row]) -> Asked:
        (row,) = rows
        pairs = [(name, value) for name, value in zip(case.fields, row, strict=True) if value is not None]
        return Asked("GET", f"{path.format(model=case.name)}?{urlencode(pairs)}", None, headers)

    return asked


def body(path: str, make: Callable[[Case, Sequence[Row]], Any], *headers: tuple[str, str]) -> Form:
    """A POST of the JSON that `make` gives."""

    def asked(case: Case, rows: Sequence[Row]) -> Asked:
        return Asked("POST", path.format(model=case.name), json.dumps(make(case, rows)), (JSON, *headers))

    return asked


def objects(case: Case, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each row as an object."""
    return [dict(zip(case.fields, row, strict=True)) for row in rows]


def lists(case: Case, rows: Sequence[Row]) -> list[Any]:
    """Each row as a list of numbers, or as an object where there are texts."""
    return objects(case, rows) if case.texts else [list(row) for row in rows]


def tensors(case: Case, rows: Sequence[Row]) -> dict[str, Any]:
    """The Open Inference Protocol: one flat tensor, or one for each field where there are texts."""
    if case.texts:
        inputs = [
            {
                "name": name,
                "shape": [len(rows), 1],
                "datatype": "BYTES" if name in case.texts else "FP64",
                "data": [row[place] for row in rows],
                **({"parameters": {"content_type": "str"}} if name in case.texts else {}),
            }
            for place, name in enumerate(case.fields)
        ]
    else:
        flat = [value for row in rows for value in row]
        shape = [len(rows), len(case.fields)]
        inputs = [{"name": "rows", "shape": shape, "datatype": "FP64", "data": flat}]
    frame = {"parameters": {"content_type": "pd"}} if case.texts else {}
    return {"inputs": inputs, "outputs": [{"name": "predict_proba"}], **frame}


def of_tensors(answer: Any) -> Said:
    """The probabilities in an answer of the Open Inference Protocol."""
    (output,) = answer["outputs"]
    columns = output["shape"][1]
    flat = output["data"]
    return Said(None, [flat[start : start + columns] for start in range(0, len(flat), columns)])


def of_ours(answer: Any) -> Said:
    """Labels and probabilities in an answer of the service."""
    rows = answer["predictions"] if "predictions" in answer else [answer["response"]]
    labels = [str(row["predicted_target"]) for row in rows]
    return Said(labels, [[one for name, one in row.items() if name.startswith("prob_")] for row in rows])


def of_both(answer: Any) -> Said:
    """Labels and probabilities in an answer of a server written by hand."""
    return Said([str(one) for one in answer["labels"]], answer["probabilities"])
