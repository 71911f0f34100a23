"""The Open Inference Protocol V2 (REST): what its requests and answers look like, and nothing of models.

The law of this room: a tensor comes in, rows of a schema go out, and the reverse; what does not fit is
InvalidInput. The protocol is `specification/protocol/inference_rest.md` of the open-inference-protocol
project; binary tensors are Triton's `binary_tensor_data` extension of it.
"""
