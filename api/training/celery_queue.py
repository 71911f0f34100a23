"""The executor with a queue: ids go through Redis to any number of workers, and the rows say the truth.

An id that comes twice is claimed once; one that is lost is sent again. So no acknowledgement and no
visibility timeout decides what is done.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path
from typing import Any

from celery import Celery, signals

from api.errors import BouquetError, StorageUnavailable
from api.storage.queue import Queue
from api.training.work import Worker

LOOK_SECONDS = 1.0
# Is touched while the worker is well; its health check reads when.
ALIVE = Path(tempfile.gettempdir()) / "bouquet-worker.alive"
_TASK = "train"
_QUEUE = "trainings"

_log = logging.getLogger(__name__)


def celery_app(url: str) -> Any:
    """The Celery application on the Redis at `url`; connects to nothing yet."""
    app = Celery("bouquet", broker=url)
    app.conf.update(
        task_default_queue=_QUEUE,
        task_ignore_result=True,
        accept_content=["json"],
        # One training at a time, and no second one kept from other workers meanwhile.
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        worker_concurrency=1,
        worker_pool="threads",
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        # A training goes on while Redis is away: its row is what counts.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 5, "max_retries": 0},
    )
    return app


class Sender:
    """Sends ids of trainings to the workers, and again where nobody took them, in a thread of its own."""

    def __init__(self, queue: Queue, url: str) -> None:
        self._queue = queue
        self._app = celery_app(url)
        self._awake = threading.Event()

    def wake(self) -> None:
        """Look at once."""
        self._awake.set()

    def start(self, alive: Path | None = None) -> None:
        """Keep looking until the process ends, touching the file `alive` each time."""
        threading.Thread(target=self._run, args=(alive,), name="send-trainings", daemon=True).start()

    def _run(self, alive: Path | None) -> None:
        trouble = ""
        while True:
            try:
                if alive is not None:
                    alive.touch()
                self._look()
                trouble = ""
            except Exception as error:
                # Whatever the queue's client raises, this goes on; said once, not every second.
                reason = getattr(error, "reason", None) or type(error).__name__
                if reason != trouble:
                    _log.warning("trainings are not sent to the workers now: %s", reason)
                trouble = reason
            self._awake.wait(LOOK_SECONDS)
            self._awake.clear()

    def _look(self) -> None:
        ids = self._queue.to_send()
        for place, id in enumerate(ids):
            try:
                self._app.send_task(_TASK, args=[id], retry=False)
            except Exception:
                self._queue.not_sent(ids[place:])
                raise


def run_worker(url: str, worker: Worker) -> None:
    """Take ids from the queue and do their trainings until told to stop; what is under way is given back."""
    app, stop = celery_app(url), threading.Event()

    @app.task(name=_TASK)  # type: ignore[untyped-decorator, unused-ignore]  # Celery has no types.
    def train(id: str) -> None:
        try:
            worker.work(id, stop)
        except StorageUnavailable as error:
            _log.warning("training %s is not begun, the database is away: %s", id, error.reason)
        except BouquetError as error:
            _log.error("training %s: %s", id, error)

    def shutting_down(**_: Any) -> None:
        stop.set()

    signals.worker_shutting_down.connect(shutting_down)
    app.worker_main(
        ["worker", "--loglevel=WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    )
