"""Training: from a recipe to a published version.

The law of this room: it runs in a process of its own, since it imports scikit-learn; it writes only
through the registry, and publishes only what was proved equal to its estimator.
"""
