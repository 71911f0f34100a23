"""The only room that knows everyone: puts the parts together for each door.

The law of this room: nothing is decided here but who gets whom; the doors import it, and nobody else does.
"""
