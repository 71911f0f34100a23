"""How each server is started."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable

from bench.peers.environments import FOLDER
from bench.peers.peer import MODELS, SERVERS, Start
from tests.services import clean_environment


def program(environment: str, name: str) -> str:
    """A program of an environment."""
    return str(FOLDER / environment / "bin" / name)


def ours(start: Start) -> list[str]:
    """The service, which takes the rest from its settings."""
    return [program("bouquet", "python"), "-m", "api", "serve"]


def copy_models(start: Start) -> None:
    """Make the service a models directory with the models that it is to serve."""
    for name in start.served:
        shutil.copytree(MODELS / "bouquet" / name, start.folder / "models" / name)


def uvicorn(environment: str, app: str) -> Callable[[Start], list[str]]:
    """An ASGI application in `servers/`."""

    def command(start: Start) -> list[str]:
        given = ["--host", "127.0.0.1", "--port", str(start.port), "--workers", str(start.processes)]
        return [program(environment, "uvicorn"), app, *given]

    return command


def gunicorn(start: Start) -> list[str]:
    """The WSGI application of the tutorial."""
    given = ["--bind", f"127.0.0.1:{start.port}", "--workers", str(start.processes)]
    return [program("flask_restful", "gunicorn"), *given, "flask_restful_app:app"]


def mlserver(start: Start) -> list[str]:
    """MLServer, which takes the rest from its folder."""
    return [program("mlserver", "mlserver"), "start", str(start.folder)]


def bentoml(start: Start) -> list[str]:
    """The service class, which knows its number of workers."""
    given = ["--host", "127.0.0.1", "--port", str(start.port)]
    return [program("bentoml", "bentoml"), "serve", "bentoml_service:Classifier", *given]


def mlflow(start: Start) -> list[str]:
    """The scoring server of MLflow's command line."""
    given = ["--host", "127.0.0.1", "--port", str(start.port), "--workers", str(start.processes)]
    model = MODELS / start.served[0] / "mlflow"
    return [
        program("mlflow", "mlflow"),
        "models",
        "serve",
        "-m",
        str(model),
        *given,
        "--env-manager",
        "local",
    ]


def save_for_mlflow(start: Start) -> None:
    """Save the model in MLflow's own format, once."""
    (name,) = start.served
    folder = MODELS / name
    if not (folder / "mlflow" / "MLmodel").exists():
        command = [program("mlflow", "python"), str(SERVERS / "mlflow_save.py")]
        command += [str(folder / "model.joblib"), str(folder / "mlflow")]
        subprocess.run(
            command, env=clean_environment(MLFLOW_DISABLE_TELEMETRY="true"), check=True, capture_output=True
        )


def constant(app: str) -> Callable[[Start], list[str]]:
    """A constant answer under the service's own server."""

    def command(start: Start) -> list[str]:
        given = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(start.port)]
        given += ["--workers", str(start.processes), "--blocking-threads", "2", "--no-ws"]
        given += ["--runtime-mode", "st"]
        return [program("bouquet", "granian"), *given, f"constant_app:{app}"]

    return command
