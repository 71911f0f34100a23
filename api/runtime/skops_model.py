"""An estimator served by itself, from its skops file, where no compiled form of it was proved equal.

Only then does a serving process import scikit-learn.
"""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Collection
from typing import Any

from api.errors import UnreadableModel, UntrustedTypes
from api.runtime.estimator import EstimatorModel
from api.runtime.frame import frame_from_json
from api.runtime.sound_trees import check_trees
from api.runtime.trusted_types import BUILT_IN
from api.schema.schema import Schema


def open_skops(content: bytes, trusted: Collection[str]) -> Any:
    """The estimator in a skops file, opened against the built-in list and the operator's `trusted` types.

    What the file itself says of its types is only compared with them. Raises UntrustedTypes, and nothing
    of the file has been made then, or UnreadableModel where it is no skops file of a known kind.
    """
    # Here, because it imports scikit-learn, and a serving process does without wherever it can.
    import skops.io  # noqa: PLC0415 (see above)
    from sklearn.exceptions import InconsistentVersionWarning  # noqa: PLC0415 (see above)
    from skops.io.exceptions import UnsupportedTypeException  # noqa: PLC0415 (see above)

    allowed = {*BUILT_IN, *trusted}
    try:
        strange = sorted(set(skops.io.get_untrusted_types(data=content)) - allowed)
        if strange:
            raise UntrustedTypes(strange)
        with warnings.catch_warnings():
            warnings.simplefilter("error", InconsistentVersionWarning)
            estimator = skops.io.loads(content, trusted=sorted(allowed))
        check_trees(estimator)
        return estimator
    except InconsistentVersionWarning as warning:
        raise UnreadableModel(
            f"it was fitted with scikit-learn {warning.original_sklearn_version}, and this is "
            f"{warning.current_sklearn_version}: fit it again, or install that version here."
        ) from None
    except (
        zipfile.BadZipFile,
        UnsupportedTypeException,
        json.JSONDecodeError,
        AttributeError,
        ImportError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise UnreadableModel(f"it is no skops file that can be read here ({error}).") from error


def skops_model(content: bytes, frame: bytes, schema: Schema, trusted: Collection[str]) -> EstimatorModel:
    """The estimator as a Model; `frame` is the content of its `frame.json`.

    Raises as `open_skops` does, and KeyError, TypeError or ValueError where `frame` is none.
    """
    made = frame_from_json(schema, json.loads(frame))
    return EstimatorModel(open_skops(content, trusted), made)
