"""The lane where the server calls it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from granian.server.mp import MPServer

from api.bootstrap.serving import build_parts
from api.config import read_settings
from api.web.app import create_app
from api.web.draining import Draining
from api.web.express import in_server
from tests.api.web.conftest import settings_for


def test_the_server_looks_up_what_it_calls_where_it_is_put() -> None:
    """Otherwise requests would go the long way, and nothing else would tell."""
    spawned: Any = MPServer._spawn_wsgi_worker
    assert "_wsgi_call_wrap" in spawned.__wrapped__.__code__.co_names


def test_an_application_without_a_lane_is_called_as_any_other(models_dir: Path, tmp_path: Path) -> None:
    """EXPRESS_LANE=0 leaves nothing of it."""
    for lane, called in (("0", "_callback_wrapper"), ("1", "with_lane")):
        environ = settings_for(models_dir, tmp_path) | {"EXPRESS_LANE": lane}
        app = create_app(build_parts(read_settings(environ), Draining()))
        called_by_server: Any = in_server._called(app, {"url_path_prefix": None}, None)
        assert called_by_server.__code__.co_qualname.split(".")[0] == called
