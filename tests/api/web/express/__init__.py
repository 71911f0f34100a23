"""Tests of api/web/express."""
