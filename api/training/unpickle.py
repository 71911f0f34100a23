"""The child process that reads a pickle: `python -m api.training.unpickle FROM TO`.

Reading a pickle runs whatever it holds. So it is done only where the operator has said that the file can
be trusted, in a process of its own without this one's settings, and what is kept is a skops file.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import joblib
import skops.io
from sklearn.exceptions import InconsistentVersionWarning


def main(source: Path, target: Path) -> int:
    """Write what the pickle `source` holds to the skops file `target`; returns the exit status."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", InconsistentVersionWarning)
            estimator = joblib.load(source)
        target.write_bytes(skops.io.dumps(estimator))
    except InconsistentVersionWarning as warning:
        sys.stderr.write(
            f"it was fitted with scikit-learn {warning.original_sklearn_version}, and this is "
            f"{warning.current_sklearn_version}: fit it again, or install that version here.\n"
        )
        return 1
    # A pickle can raise anything at all; the parent process tells the operator what.
    except Exception as error:
        sys.stderr.write(f"it cannot be read ({type(error).__name__}: {error}).\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
