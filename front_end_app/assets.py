"""The static files: read once, served under an address that changes with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, url_for

FOLDER = Path(__file__).parent / "static"
A_YEAR = 365 * 24 * 3600
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""The kinds of files there are; a machine's own table of types may differ, so it is not asked."""


@dataclass(frozen=True)
class Asset:
    """One static file: its bytes, their digest and their media type."""

    content: bytes
    digest: str
    media_type: str


def install(app: Flask, folder: Path = FOLDER) -> None:
    """Serve the files of `folder` and give templates `asset(name)`, the address of one."""
    assets = {path.name: read_asset(path) for path in folder.iterdir() if path.suffix in MEDIA_TYPES}

    @app.get("/static/<digest>/<name>")
    def static(digest: str, name: str) -> Response:
        asset = assets.get(name) or abort(404)
        return _response(asset, forever=digest == asset.digest)

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return _response(assets["favicon.svg"], forever=False)

    @app.template_global("asset")
    def address(name: str) -> str:
        return url_for("static", digest=assets[name].digest, name=name)


def read_asset(path: Path) -> Asset:
    """One file with its digest and media type."""
    content = path.read_bytes()
    return Asset(content, hashlib.sha256(content).hexdigest()[:16], MEDIA_TYPES[path.suffix])


def _response(asset: Asset, *, forever: bool) -> Response:
    response = Response(asset.content, mimetype=asset.media_type)
    lasting = f"public, max-age={A_YEAR}, immutable" if forever else "no-cache"
    response.headers["Cache-Control"] = lasting
    return response
