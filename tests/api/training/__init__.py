"""Tests of api/training."""
