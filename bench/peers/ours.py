"""The service itself, and the limits: constant answers of its server."""

from __future__ import annotations

from bench.peers import commands, wire
from bench.peers.peer import GET, MANY, MANY_OBJECTS, MODELS, POST, Peer
from tests.services import PASSWORD, ROOT, USERNAME

_OBJECTS = wire.body(
    "/api/v1.0/models/{model}/predict",
    lambda case, rows: {"instances": wire.objects(case, rows)},
    wire.SIGNED_IN,
)

OURS = Peer(
    "Bouquet",
    "bouquet",
    ("granian", "onnxruntime", "flask"),
    commands.ours,
    {
        GET: wire.query("/api/v1.0/models/{model}/predict", wire.SIGNED_IN),
        POST: _OBJECTS,
        MANY: wire.body("/v2/models/{model}/infer", wire.tensors, wire.SIGNED_IN),
        MANY_OBJECTS: _OBJECTS,
    },
    lambda answer: wire.of_tensors(answer) if "outputs" in answer else wire.of_ours(answer),
    "as it ships: signed in, every prediction recorded; 1,000 rows as an FP64 tensor, and as objects",
    {
        "API_USERNAME": USERNAME,
        "API_PASSWORD": PASSWORD,
    },
    before=commands.copy_models,
    working=ROOT,
    together=True,
    rival=False,
)


def _constant(name: str, app: str, note: str) -> Peer:
    return Peer(
        name,
        "bouquet",
        ("granian",),
        commands.constant(app),
        {GET: wire.query("/")},
        lambda answer: wire.Said(None, None),
        note,
        {"ANSWER": str(MODELS / "answer.json")},
        rival=False,
        only=("logistic",),
    )


CONSTANT = _constant(
    "a constant answer",
    "app",
    "the bytes of Bouquet's answer from a WSGI function, under the same server with the same threads",
)
AT_ONCE = _constant(
    "a constant answer, at once",
    "at_once",
    "the same bytes given where Bouquet's express lane is asked, before the server makes a WSGI environ",
)
CONSTANTS = (CONSTANT, AT_ONCE)
