"""Whole processes, and what befalls them."""
