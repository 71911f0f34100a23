"""Models at rest: cards, versions, files and their digests, in a directory that may be a mounted bucket.

The law of this room: it reads and writes files and knows nothing of how a model runs. A version is never
changed once its card is written; a version without a card does not exist.
"""
