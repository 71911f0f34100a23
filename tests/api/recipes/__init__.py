"""Tests of api/recipes."""
