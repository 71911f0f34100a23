"""The lane where the server calls it, which is before it makes a WSGI environ.

That has a copy of the process's environment in it, and what comes back of it is taken apart again: a fifth of
the time of a request that the lane answers. What the lane does not answer goes the usual way, past the lane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from wsgiref.types import WSGIApplication

from granian.server import mp
from granian.wsgi import _callback_wrapper

from api.web.express.lane import ExpressLane
from api.web.express.plain_request import Environ

_OK = 200


class Exchange(Protocol):
    """Where the server takes a request's answer."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send an answer whole."""
        ...


# Takes an exchange and what is new of a request in its WSGI environ; gives the status.
_Calling = Callable[[Exchange, Environ], int]
_usual_way: Callable[..., _Calling] = _callback_wrapper


def spawn(*given: Any) -> None:
    """Be a worker of the server, which gives what it gives its own for WSGI."""
    # In a process of its own, and there is no other place for it: the server looks it up in its module.
    server: Any = mp
    server._wsgi_call_wrap = _called
    mp.MPServer._spawn_wsgi_worker(*given)


def _called(app: WSGIApplication, options: dict[str, Any], log_format: str | None) -> _Calling:
    """What the server calls for each request: where an application has a lane, that first."""
    lane = getattr(app, "wsgi_app", None)
    if not isinstance(lane, ExpressLane):
        return _usual_way(app, options, log_format)
    return with_lane(lane, _usual_way(lane.beyond, options, log_format))


def with_lane(lane: ExpressLane, otherwise: _Calling) -> _Calling:
    """Answer what the lane answers, and leave the rest to `otherwise`."""
    answer, resting = lane.answer, lane.resting

    def call(exchange: Exchange, given: Environ) -> int:
        answered = answer(given)
        if answered is None:
            resting.leave()
            return otherwise(exchange, given)
        exchange.response_bytes(_OK, *answered)
        # Nobody waits for this thread's return: the answer is on its way. Before a stop all are needed.
        if resting.may_rest() and not lane.draining.begun:
            resting.rest()
        return _OK

    return call
