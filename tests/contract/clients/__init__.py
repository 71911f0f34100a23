"""Conversations that clients from elsewhere have with the service, each run in the clients' environment.

Each takes the service's URL and an Authorization header, and prints what its client understood as JSON.
"""
