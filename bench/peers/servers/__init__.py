"""What runs in the environments of the peers: each file is all that its server has, and imports no other.

The environment says what: MODELS is the folder of fitted pipelines, SERVED the names of those to serve
(separated by commas), PORT where, PROCESSES how many processes.
"""
