"""Tests of api/storage."""
