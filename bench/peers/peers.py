"""Who is measured: how each is started, as its own documentation says, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.peers import mlserver_folder, wire
from bench.peers.cases import CASES, Case, Row
from bench.peers.environments import FOLDER
from bench.peers.running import Asked
from bench.peers.wire import Form, Reader
from tests.services import PASSWORD, ROOT, USERNAME

SERVERS = Path(__file__).parent / "servers"
MODELS = FOLDER / "models"

# Kinds of work.
GET, POST, MANY, MANY_OBJECTS = "GET", "POST", "1,000 rows", "1,000 rows as objects"


@dataclass(frozen=True, slots=True)
class Start:
    """What one start of a server is to do: the models, how many processes, the port, a folder of its own."""

    served: tuple[str, ...]
    processes: int
    port: int
    folder: Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A server: `command` starts it, `forms` ask it, `read` reads its answers.

    `together` says that one process serves several models; `packages` are what its environment is known by;
    `before` makes what a start needs; `cases` and `connections` narrow what is measured. One that is no
    `rival` is left out where the best of the others is asked for.
    """

    name: str
    environment: str
    packages: tuple[str, ...]
    command: Callable[[Start], Sequence[str]]
    forms: Mapping[str, Form]
    read: Reader
    note: str
    settings: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[Start], None] = lambda start: None
    working: Path = SERVERS
    together: bool = False
    rival: bool = True
    only: tuple[str, ...] = tuple(case.name for case in CASES)
    connections: tuple[int, ...] = (1, 16, 64)


def _in(environment: str, program: str) -> str:
    return str(FOLDER / environment / "bin" / program)


def _ours(start: Start) -> list[str]:
    return [_in("bouquet", "python"), "-m", "api", "serve"]


def _uvicorn(environment: str, app: str) -> Callable[[Start], list[str]]:
    def command(start: Start) -> list[str]:
        given = ["--host", "127.0.0.1", "--port", str(start.port), "--workers", str(start.processes)]
        return [_in(environment, "uvicorn"), app, *given]

    return command


def _gunicorn(start: Start) -> list[str]:
    given = ["--bind", f"127.0.0.1:{start.port}", "--workers", str(start.processes)]
    return [_in("flask_restful", "gunicorn"), *given, "flask_restful_app:app"]


def _mlserver(start: Start) -> list[str]:
    return [_in("mlserver", "mlserver"), "start", str(start.folder)]


def _bentoml(start: Start) -> list[str]:
    given = ["--host", "127.0.0.1", "--port", str(start.port)]
    return [_in("bentoml", "bentoml"), "serve", "bentoml_service:Classifier", *given]


def _mlflow(start: Start) -> list[str]:
    given = ["--host", "127.0.0.1", "--port", str(start.port), "--workers", str(start.processes)]
    model = MODELS / start.served[0] / "mlflow"
    return [_in("mlflow", "mlflow"), "models", "serve", "-m", str(model), *given, "--env-manager", "local"]


def _constant(start: Start) -> list[str]:
    given = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(start.port)]
    given += ["--workers", str(start.processes), "--blocking-threads", "2", "--no-ws"]
    return [_in("bouquet", "granian"), *given, "constant_app:app"]


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
_OBJECTS = wire.body(
    "/api/v1.0/models/{model}/predict",
    lambda case, rows: {"instances": wire.objects(case, rows)},
    wire.SIGNED_IN,
)

OURS = Peer(
    "Bouquet",
    "bouquet",
    ("granian", "onnxruntime", "flask"),
    _ours,
    {
        GET: wire.query("/api/v1.0/models/{model}/predict", wire.SIGNED_IN),
        POST: _OBJECTS,
        MANY: wire.body("/v2/models/{model}/infer", wire.tensors, wire.SIGNED_IN),
        MANY_OBJECTS: _OBJECTS,
    },
    lambda answer: wire.of_tensors(answer) if "outputs" in answer else wire.of_ours(answer),
    "as it ships: signed in, every prediction recorded; 1,000 rows as an FP64 tensor, and as objects",
    {"API_USERNAME": USERNAME, "API_PASSWORD": PASSWORD, "MODELS_DIR": str(MODELS / "bouquet")},
    working=ROOT,
    together=True,
    rival=False,
)
CONSTANT = Peer(
    "a constant answer",
    "bouquet",
    ("granian",),
    _constant,
    {GET: wire.query("/")},
    lambda answer: wire.Said(None, None),
    "the bytes of Bouquet's answer from a WSGI function, under the same server with the same threads",
    {"ANSWER": str(MODELS / "answer.json")},
    rival=False,
    only=("logistic",),
)
# The models of numbers alone.
_NUMBERS = tuple(case.name for case in CASES if not case.texts)
_FLASK = ("flask-restful", "gunicorn", "scikit-learn")
RIVALS = (
    Peer(
        "FastAPI",
        "fastapi",
        ("fastapi", "uvicorn", "scikit-learn"),
        _uvicorn("fastapi", "fastapi_app:app"),
        _BY_HAND,
        wire.of_both,
        "by hand: pydantic models, `def` routes, uvicorn[standard]",
        together=True,
    ),
    Peer(
        "Flask-RESTful",
        "flask_restful",
        _FLASK,
        _gunicorn,
        _BY_HAND,
        wire.of_both,
        "the tutorial: gunicorn's default worker, which ends the connection with each answer",
        together=True,
    ),
    Peer(
        "Flask-RESTful, scrypt",
        "flask_restful",
        (*_FLASK, "flask-httpauth"),
        _gunicorn,
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
        _mlserver,
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
        _mlserver,
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
        _bentoml,
        _BENTOML,
        lambda answer: wire.Said(None, answer),
        "a service class with `workers`; arrays in and out, probabilities only",
        {"BENTOML_HOME": str(FOLDER / "bentoml_home"), "BENTOML_DO_NOT_TRACK": "True"},
    ),
    Peer(
        "BentoML, batching",
        "bentoml",
        ("bentoml", "scikit-learn"),
        _bentoml,
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
        _mlflow,
        _posted(lambda case: "/invocations", _for_mlflow),
        lambda answer: wire.Said(None, answer["predictions"]),
        "`mlflow models serve --env-manager local`; `inputs`, or `dataframe_split` of mixed types; "
        "probabilities only",
        {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
    ),
    Peer(
        "LitServe",
        "litserve",
        ("litserve", "uvicorn", "scikit-learn"),
        lambda start: [_in("litserve", "python"), "litserve_app.py"],
        _posted(lambda case: "/predict", _batched),
        wire.of_both,
        "one API server, `workers_per_device` processes for the model beside it",
    ),
    Peer(
        "vetiver",
        "vetiver",
        ("vetiver", "uvicorn", "scikit-learn"),
        _uvicorn("vetiver", "vetiver_app:app"),
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
        lambda start: [_in("ray", "python"), "ray_app.py"],
        _posted(lambda case: f"/{case.name}", _batched),
        wire.of_both,
        "a deployment for each model, `num_replicas` processes for it beside Ray's own",
        {"RAY_USAGE_STATS_ENABLED": "0"},
        together=True,
    ),
)
PEERS = (OURS, CONSTANT, *RIVALS)
