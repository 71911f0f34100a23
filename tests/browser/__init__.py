"""The two services in a real browser: what a person sees, types and reads."""
