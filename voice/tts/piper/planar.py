"""A decoder's convolutions over time, written as such over planes one row high: the same numbers, sooner.

onnxruntime's quickest kernels for a processor (its "NCHWc" layout) take planes alone. With the voice joe a
second of sound takes 59 ms of processor time instead of 83, the most of it in convolutions; sound differs by
1e-7 of its loudest. Nothing is computed here: dimensions and attributes are written anew. Field numbers:
``onnx.proto``.
"""

from __future__ import annotations

from voice.tts.piper.protobuf import Bytes, Span, contents, fields, integer, integers, message

CONVOLUTIONS = frozenset((b"Conv", b"ConvTranspose"))
POINTWISE = frozenset((b"LeakyRelu", b"Add", b"Mul", b"Div", b"Tanh"))
"""Each value by itself: they are for planes what they were."""
ENDING = frozenset((b"Unsqueeze", b"Squeeze"))
"""Of the sound, whose shape nobody asks for."""
KNOWN = CONVOLUTIONS | POINTWISE | ENDING

_ROW = {b"kernel_shape": 1, b"strides": 1, b"dilations": 1, b"output_padding": 0}
"""Attributes, and what they are across a row."""
_ATTRIBUTE, _NAME, _TENSOR, _INTS = 5, 1, 5, 8
_DIMS = 1


def convolution(node: bytes) -> bytes:
    """The node over planes."""
    parts = []
    for number, whole, content in fields(node):
        is_attribute = number == _ATTRIBUTE and content
        parts.append(_attribute(node, content) if is_attribute and content else node[slice(*whole)])
    return b"".join(parts)


def _attribute(data: bytes, span: Span) -> bytes:
    name = next(contents(data, span, _NAME))
    ints = list(integers(data, span, _INTS))
    if name == b"pads":
        ints = [0, ints[0], 0, ints[1]]
    elif name in _ROW:
        ints = [_ROW[name], *ints]
    others = [data[slice(*whole)] for number, whole, _ in fields(data, span) if number != _INTS]
    return message(_ATTRIBUTE, *others, *(integer(_INTS, value) for value in ints))


def constant(node: bytes) -> tuple[Bytes, Span]:
    """The tensor of a node without inputs, and where it lies in that."""
    for attribute in contents(node, (0, len(node)), _ATTRIBUTE):
        for tensor in contents(attribute, (0, len(attribute)), _TENSOR):
            return tensor, (0, len(tensor))
    return b"", (0, 0)


def rank(data: Bytes, tensor: Span) -> int:
    """How many dimensions it has."""
    return len(list(integers(data, tensor, _DIMS)))


def kernel(tensor: bytes) -> bytes:
    """The content of a convolution's weights, with a row between channels and time."""
    *channels, length = integers(tensor, (0, len(tensor)), _DIMS)
    others = [tensor[slice(*whole)] for number, whole, _ in fields(tensor) if number != _DIMS]
    return b"".join([*(integer(_DIMS, value) for value in (*channels, 1, length)), *others])
