"""The service beside other servers of the same models: one at a time, on the same work, by the same client.

`peers.py` says who they are and how each is asked; `servers/` is what runs in their environments, which
`environments.py` makes in build/bench; `measure.py` measures in rounds and keeps what it has found there;
`section.py` writes it down.
"""
