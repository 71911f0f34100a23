"""Forms for one row, made of a compiled model by asking it.

A model of trees answers alike between the thresholds of its fields, and so is a table. Of any other, what
each field adds to its sums is found out by changing one field at a time. A form is proved equal like the
model itself, and what is neither a table nor a sum is found not to be.
"""

from api.runtime.compiling.one_row.cells import cells, has_trees
from api.runtime.compiling.one_row.sums import SUMS, links, sums

__all__ = ["SUMS", "cells", "has_trees", "links", "sums"]
