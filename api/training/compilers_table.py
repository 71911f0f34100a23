"""The page `docs/compilers.md`: what answers for each kind of estimator, made by running them all."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from api.registry.card import Card
from api.registry.directory import ModelsDirectory
from api.runtime.estimator import EstimatorModel
from api.runtime.load import LoadedModel, load
from api.runtime.model import Model
from api.runtime.probes import invented_rows
from api.runtime.rows import Rows
from api.training.choose import Chooser, Progress
from api.training.import_model import Brought, take_in
from api.training.infer import infer
from api.training.made_with import libraries
from api.training.sample import sample_of
from api.training.specimens import Specimen, specimens

_ASKED = 30

_PAGE = """# Which compiler does what

Made by running it: `python -m api compilers > docs/compilers.md`, with {libraries}.

A model that is trained or imported is compiled, and compared with scikit-learn on thousands of probe rows:
rows of its data, rows nudged, rows far outside, rows halfway between two others, rows on, just below and just
above the split points of its trees (found by halving, through whatever preprocessing), rows with missing
values and with unseen categories. It is used only if every label is equal and every probability within 1e-6
(a regressor's values: within 1e-6 of their spread). Three ways are tried in order:

1. **bouquet**, our own compiler to ONNX (`api/runtime/compiling/`). It works in double precision and in
   scikit-learn's own order, so most differences are in the last digit or none: trees round their input to
   single precision where scikit-learn does, compare and add in double; encoders are asked for their output
   for every category, which is then looked up. HistGradientBoosting, which skl2onnx does not convert, and
   imputing in double, which ONNX Runtime's own operator does not do, are part of it.
2. **skl2onnx**, the public converter, for estimators that ours does not know. It takes single precision.
3. **scikit-learn itself**, from a skops file that is opened against a list of trusted types. Only then does
   the serving process import scikit-learn; the card, `/api/v1.0/models` and the log at start say so.

treelite was considered and left out: what it does exactly, boosted histograms and forests, the first compiler
does exactly as well and faster for one row (about 8 µs against the 30 to 60 that treelite took in our first
measurements), and treelite needs SciPy, which the service does without.

What the first compiler knows: `api/runtime/compiling/estimators.py`. For ten thousand rows at once, on one
thread, microseconds a row (ours / scikit-learn's): 300 trees of 3,200 nodes 45 / 27, GradientBoosting of 300
trees 4.4 / 3.1, HistGradientBoosting of 600 trees 11 / 14, SVC of 1,590 vectors 12 / 51.

Nearest neighbours are the ones that often stay with scikit-learn. Halfway between two training rows, which
one is nearer hangs on the last digit of a distance, and no compiled form gets all of those as scikit-learn's
own trees of neighbours do. `SVC(probability=True)`, which scikit-learn gives up in favour of
`CalibratedClassifierCV`, takes its probabilities from an iteration that stops early, and is not compiled.

The times are microseconds for one row, on the machine that made the table, the median of {asked} calls.

{table}

## Why the others were not used

{refusals}
"""


def compilers_page(progress: Progress) -> str:
    """Fit, publish, load and time every specimen; the page as Markdown."""
    lines = [
        "| Data | Estimator | Answers | Made by | Probe rows | Largest difference | Time | scikit-learn's |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    refusals = []
    with tempfile.TemporaryDirectory() as folder:
        for specimen in specimens():
            progress(f"{specimen.data}: {specimen.title}")
            line, refused = _line(specimen, ModelsDirectory(Path(folder)))
            lines.append(line)
            refusals += [f"- {specimen.data}, {specimen.title}: {_short(one)}" for one in refused]
    versions = libraries()
    shown = ", ".join(f"{name} {versions[name]}" for name in ("scikit-learn", "onnxruntime", "skl2onnx"))
    return _PAGE.format(libraries=shown, asked=_ASKED, table="\n".join(lines), refusals="\n".join(refusals))


def _line(specimen: Specimen, directory: ModelsDirectory) -> tuple[str, tuple[str, ...]]:
    estimator, table = specimen.fitted()
    sample = sample_of(table)
    brought = Brought(Path("specimen.skops"), "specimen", target="target")
    card = take_in(estimator, sample, brought, directory, Chooser(lambda step: None))
    loaded = load(directory, card.name, card.version)
    rows = invented_rows(card.schema)
    reference = EstimatorModel(estimator, infer(estimator, sample, "target").frame)
    return _row(
        specimen, card, _microseconds(loaded, rows), _microseconds(reference, rows)
    ), card.runtime.refused


def _row(specimen: Specimen, card: Card, ours: float, theirs: float) -> str:
    runtime, parity = card.runtime, card.runtime.parity
    answers = "ONNX" if runtime.format == "onnx" else "**scikit-learn**"
    made_by = runtime.compiler if parity else ""
    rows = f"{parity.rows:,}" if parity else ""
    difference = (
        f"{parity.largest_difference:.0e}" if parity and parity.largest_difference else "0" if parity else ""
    )
    cells = (
        specimen.data,
        specimen.title,
        answers,
        made_by,
        rows,
        difference,
        f"{ours:.0f}",
        f"{theirs:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _microseconds(model: Model | LoadedModel, rows: Rows) -> float:
    """The median time that one row takes."""
    spent = []
    for at in range(_ASKED):
        row = rows[at : at + 1]
        started = time.perf_counter()
        model.predict(row)
        spent.append((time.perf_counter() - started) * 1e6)
    return median(spent)


def _short(refusal: str) -> str:
    return refusal.partition("; the worst of")[0].partition("; the first is")[0]
