"""Protobuf's wire format, as little of it as is needed to read a model's graph and to write another
(https://protobuf.dev/programming-guides/encoding/).
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator

Bytes = bytes | mmap.mmap
_VARINT, _SIZED = 0, 2
Span = tuple[int, int]
"""First and past-the-last byte."""


def fields(data: Bytes, span: Span | None = None) -> Iterator[tuple[int, Span, Span | None]]:
    """Number of each field of a message, where it lies, and where its content lies when it has a length.

    Raises ``ValueError`` when it is no message.
    """
    at, end = span or (0, len(data))
    while at < end:
        begin = at
        key, at = _varint(data, at, end)
        content: Span | None = None
        match key & 7:
            case 0:
                _, at = _varint(data, at, end)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                length, at = _varint(data, at, end)
                content = (at, at + length)
                at += length
            case _:
                raise ValueError("not a protobuf message")
        if at > end:
            raise ValueError("a protobuf message that ends too early")
        yield key >> 3, (begin, at), content


def contents(data: Bytes, span: Span, wanted: int) -> Iterator[bytes]:
    """The content of every field of that number."""
    for number, _, content in fields(data, span):
        if number == wanted and content:
            yield data[slice(*content)]


def integers(data: Bytes, span: Span, wanted: int) -> Iterator[int]:
    """Every number of that field: one by one, or packed."""
    for number, (begin, end), content in fields(data, span):
        if number != wanted:
            continue
        at, end = content or (_varint(data, begin, end)[1], end)
        while at < end:
            value, at = _varint(data, at, end)
            yield value


def message(field: int, *content: bytes) -> bytes:
    return b"".join([number(field << 3 | _SIZED), number(sum(map(len, content))), *content])


def integer(field: int, value: int) -> bytes:
    return number(field << 3 | _VARINT) + number(value)


def number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _varint(data: Bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= end or shift > 63:
            raise ValueError("a protobuf number that does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
