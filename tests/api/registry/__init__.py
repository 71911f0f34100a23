"""Tests of api/registry."""
