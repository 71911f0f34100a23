"""`python -m tests.side_by_side`: the tests in several processes at once, because most tests wait for others.

Each process collects all tests. What is run is taken from one list, a batch at a time, so nobody is idle
while there is something left; `share` is the plugin that takes, `__main__` starts the processes and sums up.
"""
