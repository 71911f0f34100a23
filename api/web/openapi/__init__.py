"""The OpenAPI document: every route, described from the schemas of the models that answer now.

The law of this room: it makes JSON from cards and knows no request. A route is described in the module of
its kind; what a model takes comes from its schema and is written nowhere else. The specification is OpenAPI
3.1.1, whose schemas are JSON Schema 2020-12.
"""
