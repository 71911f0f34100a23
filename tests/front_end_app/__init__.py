"""Tests of the front end, one file for each of its modules, against a real server on loopback."""
