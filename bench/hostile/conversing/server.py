"""The server: the first part of the path names the fault, and ``well`` ends it.

    python -m bench.hostile.conversing.server          the names of all faults
    python -m bench.hostile.conversing.server PORT     serves on 127.0.0.1:PORT until it is ended

Then: ``aloud ask "tell me about cheese" --llm http://127.0.0.1:PORT/NAME/v1#m``.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

from bench.hostile.conversing.faults import Fault, Play

_NOTHING = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
_GONE = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)
_ASKS = ("/chat/completions", "/responses", "/messages", "GenerateContent", "generateContent", "/api/chat")
"""How the path of a question ends."""


class HostileServer:
    """``well``: from now on every question is answered well."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.well = False
        self.port = 0
        self._faults = {fault.name: fault for fault in faults}
        self._asked: set[str] = set()
        self._talks: set[asyncio.Task[None]] = set()

    async def talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._talks.add(task)
        try:
            with suppress(*_GONE, asyncio.CancelledError):  # asyncio would tell of it as of a fault
                while await self._answer(reader, writer):
                    pass
        finally:
            self._talks.discard(task)
            with suppress(*_GONE):
                writer.close()

    async def end(self) -> None:
        """Whatever is still being sent is left."""
        for task in tuple(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> bool:
        """One request; whether another may come over this connection."""
        head = await reader.readuntil(b"\r\n\r\n")
        first, *fields = head.decode("latin-1").split("\r\n")
        lengths = [field.split(":")[1] for field in fields if field.lower().startswith("content-length:")]
        await reader.readexactly(int(lengths[0]) if lengths else 0)
        play = self._play(first.split(" ")[1].partition("?")[0])
        if play is None:
            writer.write(_NOTHING)
        else:
            await play(writer)
        await writer.drain()
        return play is None

    def _play(self, path: str) -> Play | None:
        """What is answered there; None: nothing is there."""
        name = path.split("/")[1]
        fault = self._faults.get(name)
        if fault is None:
            return None
        if not path.endswith(_ASKS):
            return fault.listing
        well = self.well or (fault.once and name in self._asked)
        self._asked.add(name)
        return fault.good if well else fault.play


@asynccontextmanager
async def serving(
    faults: Iterable[Fault], listener: socket.socket | None = None
) -> AsyncIterator[HostileServer]:
    """At ``listener``, which is closed at the end; else at a free port of the loopback."""
    own = HostileServer(faults)
    server = await asyncio.start_server(own.talk, sock=listener or _listener(0), limit=1 << 20)
    own.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield own
        finally:
            await own.end()


def _listener(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


async def _serve(faults: Iterable[Fault], port: int) -> None:
    async with serving(faults, _listener(port)):
        await asyncio.Event().wait()


def _main() -> None:
    from bench.hostile.chat import FAULTS

    if sys.argv[1:]:
        asyncio.run(_serve(FAULTS, int(sys.argv[1])))
    else:
        print("\n".join(fault.name for fault in FAULTS))


if __name__ == "__main__":
    _main()
