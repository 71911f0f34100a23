"""What does trainings: a process beside the API, or the workers of a queue."""

from __future__ import annotations

import socket
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import Engine

from api.bootstrap.database import open_database
from api.config import Settings
from api.errors import BadSetting
from api.storage.queue import Queue
from api.storage.version_events import VersionEvents
from api.training.local import drain
from api.training.task import TRAIN, Bounds
from api.training.work import Worker

_MEGABYTE = 1024 * 1024


def run_drain(settings: Settings, train: str = TRAIN) -> bool:
    """Do the pending trainings until there are none; False where another process does them already."""
    engine = open_database(settings)
    return drain(engine, _worker(settings, engine, train), settings.training_lease)


def run_queue_worker(settings: Settings, train: str = TRAIN) -> None:
    """Do the trainings that come through the queue until stopped; raises BadSetting without a queue."""
    if not settings.redis_url:
        raise BadSetting("REDIS_URL", "is not set: without a queue the API does trainings itself.")
    from api.training.celery_queue import ALIVE, Sender, run_worker

    engine = open_database(settings)
    Sender(queue_of(settings, engine), settings.redis_url).start(ALIVE)
    run_worker(settings.redis_url, _worker(settings, engine, train))


def _worker(settings: Settings, engine: Engine, train: str) -> Worker:
    owner = f"{socket.gethostname()[:30]}-{uuid4().hex}"
    queue, bounds = queue_of(settings, engine), replace(bounds_of(settings), train=train)
    return Worker(queue, VersionEvents(engine), bounds, owner)


def queue_of(settings: Settings, engine: Engine) -> Queue:
    """The trainings to do, with the lease that the settings give a worker."""
    return Queue(engine, settings.training_lease)


def bounds_of(settings: Settings) -> Bounds:
    """What a training may take, and where it puts things."""
    return Bounds(
        models_dir=settings.models_dir,
        data_dir=settings.data_dir,
        trusted=settings.trusted_types,
        memory_mb=settings.training_memory_mb,
        limit_seconds=settings.training_limit,
        seconds=settings.training_seconds,
        most_bytes=settings.most_dataset_mb * _MEGABYTE,
        fetch_seconds=settings.dataset_seconds,
        hosts=settings.dataset_hosts,
    )
