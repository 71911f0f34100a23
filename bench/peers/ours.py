"""The service itself, and the limit: a constant answer of its server."""

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
CONSTANT = Peer(
    "a constant answer",
    "bouquet",
    ("granian",),
    commands.constant,
    {GET: wire.query("/")},
    lambda answer: wire.Said(None, None),
    "the bytes of Bouquet's answer from a WSGI function, under the same server with the same threads",
    {"ANSWER": str(MODELS / "answer.json")},
    rival=False,
    only=("logistic",),
)
