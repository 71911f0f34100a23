"""A vetiver model behind its API: `uvicorn vetiver_app:app`. It answers with labels."""

from __future__ import annotations

import os
from pathlib import Path

import joblib
import pandas
from vetiver import VetiverAPI, VetiverModel

_folder = Path(os.environ["MODELS"]) / os.environ["SERVED"]
_sample = pandas.read_csv(_folder / "data.csv").drop(columns="target")
_model = VetiverModel(
    joblib.load(_folder / "model.joblib"), model_name=os.environ["SERVED"], prototype_data=_sample
)
app = VetiverAPI(_model, check_prototype=True).app
