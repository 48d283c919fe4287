"""What the faults are written in: heads, events, and bytes that are sent as they should not be."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import zlib
from asyncio import StreamWriter
from collections.abc import Callable, Sequence
from typing import Any

from bench.hostile.conversing.faults import Play

OK = b"HTTP/1.1 200 OK\r\n"
CLOSE = b"Connection: close\r\n\r\n"
SSE = OK + b"Content-Type: text/event-stream\r\n" + CLOSE
CHUNKED = OK + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n" + CLOSE
JSON = OK + b"Content-Type: application/json\r\n" + CLOSE
FINISH = b'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\n'
DONE = b"data: [DONE]\n\n"
END = FINISH + DONE


def sse(event: Any) -> bytes:
    """An object, or its bytes where it is none."""
    return b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n"


def chunk(text: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


def said(text: str) -> bytes:
    """A whole answer."""
    return SSE + sse(chunk(text)) + END


GOOD = sse(chunk("Grüße aus Köln – ")) + sse(chunk("it is 😀 fine.")) + END


def with_header(head: bytes, header: bytes) -> bytes:
    return head.replace(b"Connection", header + b"\r\nConnection")


def with_status(head: bytes, status: bytes) -> bytes:
    return head.replace(b"200 OK", status)


async def write(to: StreamWriter, data: bytes, pause_s: float = 0.0) -> None:
    """Raises ``ConnectionResetError`` where nobody reads any more. Whoever reads is on the same loop."""
    if to.transport.is_closing():
        raise ConnectionResetError
    to.write(data)
    await to.drain()
    await asyncio.sleep(pause_s)


def sends(*parts: bytes, pause_s: float = 0.0, hold_s: float = 0.0, resets: bool = False) -> Play:
    """The parts, one after the other; then the connection is held open, or reset, or closed."""

    async def play(to: StreamWriter) -> None:
        for part in parts:
            await write(to, part, pause_s)
        await asyncio.sleep(hold_s)
        if resets:
            own = to.get_extra_info("socket")
            own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            to.transport.abort()

    return play


def repeats(head: bytes, part: bytes | Callable[[int], bytes], times: int, *, pause_s: float = 0.0) -> Play:
    """The same again and again, as quickly as it is read or once in ``pause_s``."""

    async def play(to: StreamWriter) -> None:
        await write(to, head)
        for number in range(times):
            await write(to, part(number) if callable(part) else part, pause_s)

    return play


def squeezed(head: bytes, first: bytes, part: bytes, times: int) -> Play:
    """Compressed a thousandfold."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    begun = packer.compress(first) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)  # the same each time, since it is full
    return repeats(with_header(head, b"Content-Encoding: gzip") + begun, packed, times)


def cut(body: bytes, places: Sequence[int] | range, head: bytes = SSE) -> dict[int, bytes]:
    return {at: head + body[:at] for at in places}
