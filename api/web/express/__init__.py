"""The express lane: plain requests for answers, answered in front of Flask in a twentieth of the time.

The law of this room: it knows which requests are plain and nothing else. What it answers, it answers with the
functions that the resources call, but for one row of plain values, for which `api.predictions.plain_model`
has a shorter way to the same bytes; whatever it does not know for certain goes on to Flask untouched, so that
routes, errors and sign-in exist once.
"""
