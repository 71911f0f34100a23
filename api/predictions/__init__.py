"""The use case: parse what was asked, run the model, say what it answered.

The law of this room: every prediction, by whatever route, is made here; it knows models and schemas and
nothing of HTTP.
"""
