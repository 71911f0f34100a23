"""Tests of api/predictions."""
