"""Ask a Piper voice for the durations it computes anyway: one more output, written into the model's bytes.

A Piper voice (VITS) rounds the length of every phoneme up with the one ``Ceil`` node of its graph, and then
forgets it. ``piper.patch_voice_with_alignment`` marks that tensor as an output of the file with the ``onnx``
package. The same is done here without it: in protobuf a message may come in two parts that a reader merges
(https://protobuf.dev/programming-guides/encoding/#last-one-wins), so a graph that holds nothing but the new
output is put after the model. Field numbers: ``onnx.proto`` (ModelProto.graph 7; GraphProto.node 1,
output 12; NodeProto.output 2, op_type 4; ValueInfoProto.name 1).
"""

from __future__ import annotations

from collections.abc import Iterator

_BYTES = 2  # the wire type of strings and messages


def with_durations(model: bytes) -> bytes:
    """The model with its ``Ceil`` tensor as last output; unchanged when there is none, or not just one.

    Raises ``ValueError`` when the bytes are no protobuf.
    """
    ceilings: list[bytes] = []
    outputs: set[bytes] = set()
    for field, graph in _messages(memoryview(model)):
        if field != 7:
            continue
        for number, part in _messages(graph):
            if number == 1:
                ceilings += _ceil_outputs(part)
            elif number == 12:
                outputs.update(bytes(name) for at, name in _messages(part) if at == 1)
    if len(ceilings) != 1 or ceilings[0] in outputs:
        return model
    return model + _message(7, _message(12, _message(1, ceilings[0])))


def _ceil_outputs(node: memoryview) -> list[bytes]:
    fields = [(number, bytes(value)) for number, value in _messages(node) if number in (2, 4)]
    return [value for number, value in fields if number == 2] if (4, b"Ceil") in fields else []


def _messages(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Fields of a message that have a length; the others are skipped. Nothing is copied."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                _, at = _varint(data, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                length, at = _varint(data, at)
                yield key >> 3, data[at : at + length]
                at += length
            case _:
                raise ValueError("not a protobuf message")
    if at > len(data):
        raise ValueError("a protobuf message that ends too early")


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a protobuf number that does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _message(field: int, body: bytes) -> bytes:
    return _number(field << 3 | _BYTES) + _number(len(body)) + body


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
