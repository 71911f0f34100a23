"""The third form of a small model: one row without ONNX Runtime, in a few steps of plain Python.

The law of this room: what is here only looks up and adds up what a file says, which was made of the compiled
model and proved equal when the version was published (`api.runtime.compiling.one_row`). No code is in a file.
"""
