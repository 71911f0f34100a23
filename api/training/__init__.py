"""Training: from a recipe to a published version.

The law of this room: it runs in a process of its own, since it imports scikit-learn; it writes only
through the registry, and publishes only what was proved equal to its estimator.
"""

import os

# Read when scikit-learn's threads are loaded, which is later. Threads that spin while they wait for each
# other take the processor from whoever else needs it: beside another busy process, fitting boosted
# histograms to 569 rows took 15 to 30 s, and takes 1 s when they sleep.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
