"""HTTP only: routes, sign-in, problems, the request log and the server.

The law of this room: a resource parses the request, calls one function and renders what comes back; every
error is a problem made in `problems`, and nothing here knows how a model runs.
"""
