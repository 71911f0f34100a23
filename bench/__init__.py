"""Measurements, made from nothing by `make bench`; results in RESULTS.md.

The law of this room: everything is measured on this machine in one run, answers are checked before anything
is timed, and traffic goes to loopback only.
"""
