"""How models do in use: what they were good for when trained, and what they have answered since.

The law of this room: it reads cards, events and records, and changes none of them; it knows nothing of HTTP.
"""
