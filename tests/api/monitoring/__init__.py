"""Health of models."""
