"""Tests of the forms for one row."""
