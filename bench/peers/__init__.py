"""The service beside other servers of the same models: one at a time, on the same work, by the same client.

`peers.py` says who they are, `commands.py` how they are started, `wire.py` how they are asked; `servers/` is
what runs in their environments, which `environments.py` makes in build/bench; `measure.py` measures in rounds
and keeps what it finds there; `section.py` writes it down.
"""
