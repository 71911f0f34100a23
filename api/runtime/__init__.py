"""Models in memory: compile, prove equal, load, replay the canary, predict on arrays.

The law of this room: arrays in, arrays out; no HTTP and no database. Nothing is ever unpickled. Only
`compile`, `probes` and `prove` touch estimators, and only training imports those three.
"""
