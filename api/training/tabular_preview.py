"""What training would find in a CSV file, told before it starts: from the file's beginning only."""

from __future__ import annotations

import tempfile
from pathlib import Path

from api.schema.as_json import Json
from api.training.request import TrainingRequest
from api.training.tabular_known import Clock, read_csv
from api.training.tabular_report import finite, profile_json
from api.training.tabular_words import file_warnings
from api.training.watch import Unwatched

# So much of a file is looked at.
PREVIEW_BYTES = 4 << 20


def preview(file: Path, request: TrainingRequest | None = None) -> Json:
    """The members `file`, `columns`, `target` and `warnings` of the report that training would come to.

    The member `whole` says whether the answer is of all rows. A file of `PREVIEW_BYTES` or more counts as
    the beginning of one, whose last row may be cut off: `rows` are then those that were looked at, and kinds
    may turn out otherwise. Raises UnfitData as training would.
    """
    size = file.stat().st_size
    request = request or TrainingRequest()
    if size < PREVIEW_BYTES:
        return _preview(request, file) | {"whole": True}
    with tempfile.NamedTemporaryFile(prefix="preview-", suffix=".csv", dir=file.parent) as beginning:
        with file.open("rb") as given:
            head = given.read(PREVIEW_BYTES)
        end = head.rfind(b"\n")
        beginning.write(head if end < 0 else head[: end + 1])
        beginning.flush()
        found = _preview(request, Path(beginning.name))
    found["file"]["bytes"] = size
    return found | {"whole": False}


def _preview(request: TrainingRequest, file: Path) -> Json:
    known = read_csv(request, file, Unwatched(), Clock())
    found: Json = finite(profile_json(known) | {"warnings": file_warnings(known)})
    return found
