"""Who is measured: each set up as its own documentation says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.peers import commands, mlserver_folder, wire
from bench.peers.cases import CASES, Case, Row
from bench.peers.environments import FOLDER
from bench.peers.ours import CONSTANTS, OURS
from bench.peers.peer import GET, MANY, POST, Peer
from bench.peers.running import Asked
from bench.peers.wire import Form
from tests.services import PASSWORD


def _batched(case: Case, rows: Sequence[Row]) -> dict[str, object]:
    return {"rows": wire.lists(case, rows)}


def _for_mlflow(case: Case, rows: Sequence[Row]) -> dict[str, object]:
    if case.texts:
        return {"dataframe_split": {"columns": list(case.fields), "data": [list(row) for row in rows]}}
    return {"inputs": [list(row) for row in rows]}


_BY_HAND: dict[str, Form] = {
    GET: wire.query("/{model}"),
    POST: wire.body("/{model}", lambda case, rows: wire.objects(case, rows)[0]),
    MANY: wire.body("/{model}/many", _batched),
}
_V2 = wire.body("/v2/models/{model}/infer", wire.tensors)
_MLSERVER: dict[str, Form] = {POST: _V2, MANY: _V2}


def _posted(path: Callable[[Case], str], make: Callable[[Case, Sequence[Row]], object]) -> dict[str, Form]:
    def form(case: Case, rows: Sequence[Row]) -> Asked:
        return wire.body(path(case), make)(case, rows)

    return {POST: form, MANY: form}


_BENTOML = _posted(lambda case: "/predict_frame" if case.texts else "/predict", _batched)
# The models of numbers alone.
_NUMBERS = tuple(case.name for case in CASES if not case.texts)
_FLASK = ("flask-restful", "gunicorn", "scikit-learn")
RIVALS = (
    Peer(
        "FastAPI",
        "fastapi",
        ("fastapi", "uvicorn", "scikit-learn"),
        commands.uvicorn("fastapi", "fastapi_app:app"),
        _BY_HAND,
        wire.of_both,
        "by hand: pydantic models, `def` routes, uvicorn[standard]",
        together=True,
    ),
    Peer(
        "Flask-RESTful",
        "flask_restful",
        _FLASK,
        commands.gunicorn,
        _BY_HAND,
        wire.of_both,
        "the tutorial: gunicorn's default worker, which ends the connection with each answer",
        together=True,
    ),
    Peer(
        "Flask-RESTful, scrypt",
        "flask_restful",
        (*_FLASK, "flask-httpauth"),
        commands.gunicorn,
        {
            GET: wire.query("/{model}", wire.SIGNED_IN),
        },
        wire.of_both,
        "the same, checking the password's hash on each request",
        {"CHECK_PASSWORD": PASSWORD},
        rival=False,
        only=("logistic",),
        connections=(16,),
    ),
    Peer(
        "MLServer",
        "mlserver",
        ("mlserver", "mlserver-sklearn", "scikit-learn"),
        commands.mlserver,
        _MLSERVER,
        wire.of_tensors,
        "`parallel_workers` 0 for one process, 2 for two; FP64 tensors, probabilities only",
        before=mlserver_folder.write,
        together=True,
    ),
    Peer(
        "MLServer, batching",
        "mlserver",
        ("mlserver", "mlserver-sklearn", "scikit-learn"),
        commands.mlserver,
        _MLSERVER,
        wire.of_tensors,
        "the same with `max_batch_size` 16 and `max_batch_time` 1 ms",
        before=mlserver_folder.write_batching,
        together=True,
    ),
    Peer(
        "BentoML",
        "bentoml",
        ("bentoml", "scikit-learn"),
        commands.bentoml,
        _BENTOML,
        lambda answer: wire.Said(None, answer),
        "a service class with `workers`; arrays in and out, probabilities only",
        {"BENTOML_HOME": str(FOLDER / "bentoml_home"), "BENTOML_DO_NOT_TRACK": "True"},
    ),
    Peer(
        "BentoML, batching",
        "bentoml",
        ("bentoml", "scikit-learn"),
        commands.bentoml,
        _BENTOML,
        lambda answer: wire.Said(None, answer),
        "the same with `batchable=True`; no mixed types: a batch of data frames was never answered",
        {"BENTOML_HOME": str(FOLDER / "bentoml_home"), "BENTOML_DO_NOT_TRACK": "True", "BATCHING": "1"},
        only=_NUMBERS,
    ),
    Peer(
        "MLflow",
        "mlflow",
        ("mlflow", "uvicorn", "scikit-learn"),
        commands.mlflow,
        _posted(lambda case: "/invocations", _for_mlflow),
        lambda answer: wire.Said(None, answer["predictions"]),
        "`mlflow models serve --env-manager local`; `inputs`, or `dataframe_split` of mixed types; "
        "probabilities only",
        {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
        before=commands.save_for_mlflow,
    ),
    Peer(
        "LitServe",
        "litserve",
        ("litserve", "uvicorn", "scikit-learn"),
        lambda start: [commands.program("litserve", "python"), "litserve_app.py"],
        _posted(lambda case: "/predict", _batched),
        wire.of_both,
        "one API server, `workers_per_device` processes for the model beside it",
    ),
    Peer(
        "vetiver",
        "vetiver",
        ("vetiver", "uvicorn", "scikit-learn"),
        commands.uvicorn("vetiver", "vetiver_app:app"),
        _posted(lambda case: "/predict", wire.objects),
        lambda answer: wire.Said([str(one) for one in answer["predict"]], None),
        "with its prototype checked; labels only; no mixed types: a prototype made from a data frame refuses "
        "missing numbers, and without one the pipeline is not given the names of columns",
        only=_NUMBERS,
    ),
    Peer(
        "Ray Serve",
        "ray",
        ("ray", "scikit-learn"),
        lambda start: [commands.program("ray", "python"), "ray_app.py"],
        _posted(lambda case: f"/{case.name}", _batched),
        wire.of_both,
        "a deployment for each model, `num_replicas` processes for it beside Ray's own",
        {"RAY_USAGE_STATS_ENABLED": "0"},
        together=True,
    ),
)
PEERS = (OURS, *CONSTANTS, *RIVALS)
