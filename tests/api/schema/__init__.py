"""Tests of api/schema."""
