"""What a model takes and what it gives: fields, parsing, ranges.

The law of this room: pure Python from the standard library, no I/O, no NumPy, no HTTP.
Request validation, the model card, the HTML form and the documentation are all made from the one `Schema`.
"""
