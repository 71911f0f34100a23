"""The measurements: what they say of figures, and how they ask."""
