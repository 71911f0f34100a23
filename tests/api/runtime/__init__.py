"""Tests of api/runtime."""
