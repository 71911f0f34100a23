"""Bouquet's own compiler: a fitted scikit-learn estimator becomes an ONNX graph in double precision.

It works as scikit-learn does, in the same precision and mostly in the same order, so that the answers are
the same to the last digits: preprocessing in double, trees on single-precision inputs with double
thresholds and double sums. Encoders are not re-implemented: each is asked for its output for every
category, and the graph looks the answer up. For training only; what it cannot do raises CannotCompile.
"""
