"""GET /doc: the OpenAPI document as a page on which every route can be tried, made by Swagger UI."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from flask import Response, request, send_file
from flask_restful import Resource
from werkzeug.exceptions import NotFound

_SWAGGER_UI = Path(str(resources.files("flask_swagger_ui"))) / "dist"
ASSETS = {
    "doc.js": Path(__file__).parent.parent / "static" / "doc.js",
    "swagger-ui.css": _SWAGGER_UI / "swagger-ui.css",
    "swagger-ui-bundle.js": _SWAGGER_UI / "swagger-ui-bundle.js",
    "favicon-32x32.png": _SWAGGER_UI / "favicon-32x32.png",
}

# Only what this service itself sends may run or be shown, and only this service may be asked. The icons in
# Swagger UI's style sheet are data: URLs.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bouquet API</title>
<link rel="icon" type="image/png" href="{root}/doc/favicon-32x32.png">
<link rel="stylesheet" href="{root}/doc/swagger-ui.css">
<body>
<div id="doc"></div>
<noscript>This page needs JavaScript; the document itself is at {root}/openapi.json.</noscript>
<script src="{root}/doc/swagger-ui-bundle.js"></script>
<script src="{root}/doc/doc.js" data-openapi="{root}/openapi.json" data-details-for="{details_for}"></script>
"""


class Doc(Resource):
    """The page."""

    def __init__(self, details_for_all: bool) -> None:
        self._details_for = "all" if details_for_all else "signed-in"

    def get(self) -> Response:
        """The page, which may load nothing but this service's own files."""
        page = _PAGE.format(root=request.script_root, details_for=self._details_for)
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer"}
        return Response(page, headers=headers, content_type="text/html; charset=utf-8")


class DocAsset(Resource):
    """A file that the page loads."""

    def get(self, file: str) -> Response:
        """The file; a browser that has it asks whether it is still the same."""
        if file not in ASSETS:
            raise NotFound
        response = send_file(ASSETS[file], etag=True, conditional=True)
        response.headers["Cache-Control"] = "no-cache"
        return response
