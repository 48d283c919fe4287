"""Write ``config/runtime/kernel.onnx``, the fixed piece of work by which the speed of a machine is told.

The network of one layer of Whisper tiny's encoder over 30 s of sound: [1500, 384] x [384, 1536], a
rectifier, x [1536, 384]. Its weights are inputs, so the file is a few hundred bytes. Protobuf by hand: the
package onnx is needed for nothing else.
"""

from __future__ import annotations

from pathlib import Path

ONNX = Path(__file__).parents[1] / "config" / "runtime" / "kernel.onnx"
FLOAT = 1


def varint(number: int) -> bytes:
    out = b""
    while number > 0x7F:
        out += bytes((number & 0x7F | 0x80,))
        number >>= 7
    return out + bytes((number,))


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, content: bytes | str) -> bytes:
    data = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(data)) + data


def tensor(name: str, *shape: int) -> bytes:
    """A ValueInfoProto of floats."""
    dimensions = b"".join(block(1, number(1, size)) for size in shape)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, dimensions)))


def node(kind: str, inputs: tuple[str, ...], output: str) -> bytes:
    return b"".join(block(1, name) for name in inputs) + block(2, output) + block(4, kind)


def model() -> bytes:
    nodes = (
        node("MatMul", ("sound", "up"), "wide"),
        node("Relu", ("wide",), "bent"),
        node("MatMul", ("bent", "down"), "out"),
    )
    inputs = (tensor("sound", 1500, 384), tensor("up", 384, 1536), tensor("down", 1536, 384))
    graph = b"".join(block(1, one) for one in nodes) + block(2, "kernel")
    graph += b"".join(block(11, one) for one in inputs) + block(12, tensor("out", 1500, 384))
    return number(1, 8) + block(2, "aloud") + block(7, graph) + block(8, number(2, 17))


if __name__ == "__main__":
    ONNX.write_bytes(model())
