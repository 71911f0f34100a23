"""Save a fitted pipeline as an MLflow model that answers with probabilities: `mlflow_save.py FROM TO`."""

from __future__ import annotations

import shutil
import sys

import joblib
import mlflow.sklearn

if __name__ == "__main__":
    source, target = sys.argv[1:]
    shutil.rmtree(target, ignore_errors=True)
    # Its default, skops, refuses the types of some of the pipelines.
    mlflow.sklearn.save_model(
        joblib.load(source), target, pyfunc_predict_fn="predict_proba", serialization_format="cloudpickle"
    )
