"""A model server with stated delays, for measuring everything but the model.

``python -m aloud.cli.bench.model_server [FIRST_MS] [TOKENS_PER_S] [ANSWER]`` prints its base URL and serves
the OpenAI-compatible chat endpoint on a free port of the loopback: the first token after FIRST_MS, then a
fixed answer, a word a token, at an absolute pace (a late write does not delay the next).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import anyio
from anyio.abc import SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

from config.runtime.clean import clean
from config.runtime.printing import print_text

ANSWER = (
    "Sure, here is a short answer for you. "
    "The place lies on a broad river in the north. "
    "Many people visit it every single year."
)


def split(answer: str) -> list[str]:
    """A word a token."""
    return [word if number == 0 else f" {word}" for number, word in enumerate(answer.split(" "))]


CLAUSE_TOKENS = 8
"""Tokens of the first sentence: it is complete when the eighth has been sent."""


def clause_s(first_ms: float, tokens_per_s: float) -> float:
    """Seconds from the request to the last token of the first sentence."""
    return first_ms / 1000 + (CLAUSE_TOKENS - 1) / tokens_per_s


async def _request(stream: BufferedByteReceiveStream) -> tuple[str, bytes]:
    head = (await stream.receive_until(b"\r\n\r\n", 65_536)).decode("latin-1")
    lines = head.split("\r\n")
    lengths = [int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")]
    body = await stream.receive_exactly(lengths[0]) if lengths and lengths[0] else b""
    return lines[0], body


def _response(body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _answer(client: SocketStream, first_ms: float, tokens_per_s: float, tokens: Sequence[str]) -> None:
    began = anyio.current_time()
    await client.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    for number, token in enumerate([*tokens, ""]):
        await anyio.sleep_until(began + first_ms / 1000 + number / tokens_per_s)
        choice = {"index": 0, "delta": {"content": token}, "finish_reason": None if token else "stop"}
        event = f"data: {json.dumps({'choices': [choice]})}\n\n".encode()
        if not token:
            event += b"data: [DONE]\n\n"
        await client.send(f"{len(event):x}\r\n".encode() + event + b"\r\n")
    await client.send(b"0\r\n\r\n")


async def serve(first_ms: float, tokens_per_s: float, answer: str = ANSWER) -> None:
    tokens = split(answer)

    async def handle(client: SocketStream) -> None:
        async with client:
            stream = BufferedByteReceiveStream(client)
            try:
                while True:
                    line, _ = await _request(stream)
                    if "chat/completions" in line:
                        await _answer(client, first_ms, tokens_per_s, tokens)
                    else:
                        models = {"object": "list", "data": [{"id": "scripted", "object": "model"}]}
                        await client.send(_response(json.dumps(models).encode(), "application/json"))
            except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
                return

    listener = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    port = listener.extra(SocketAttribute.local_port)
    print_text(clean(f"http://127.0.0.1:{port}/v1"), flush=True)
    await listener.serve(handle)


if __name__ == "__main__":
    defaults = ["100", "60", ANSWER]
    first_ms, tokens_per_s, answer = (sys.argv[1:] + defaults[len(sys.argv) - 1 :])[:3]
    anyio.run(serve, float(first_ms), float(tokens_per_s), answer)
