"""The agents of the fraud simulator: customers and what they do, fraudsters, and the bank's ledger.

Everything is drawn from one generator in a fixed order, so that a seed gives the same file again; money is
whole cents, so that nothing is lost to rounding.
"""
