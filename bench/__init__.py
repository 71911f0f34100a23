"""Measurements, made from nothing by `make bench`; results in RESULTS.md.

The law of this room: everything is measured on this machine in one run, answers are checked before anything
is timed, and traffic goes to loopback only.

`python -m bench peers` goes on where it was broken off. BENCH_SECONDS (2 for each figure), BENCH_ROUNDS (3)
and BENCH_ONLY (names of servers, separated by semicolons) make it shorter; BENCH_REPORT=1 writes the report
again of what was measured last.
"""
