"""The server: the first part of the path names the case, and ``well`` ends it.

    python -m bench.hostile.chat.server          the names of all cases
    python -m bench.hostile.chat.server PORT     serves on 127.0.0.1:PORT until it is ended

Then: ``aloud ask "tell me about cheese" --llm http://127.0.0.1:PORT/CASE/v1#m``. ``flip__CASE`` answers the
first request with the fault, and later ones well; ``once_CASE`` does so by itself.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bench.hostile.chat import CASES
from bench.hostile.chat.statuses import GOOD, listings
from bench.hostile.chat.wire import Case

NOTHING_HERE = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"
_GONE = (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError)


class HostileServer:
    """``well``: from now on every case is answered well."""

    def __init__(self) -> None:
        self.well = False
        self.port = 0
        self.chats: dict[str, int] = {}
        """How often each case was asked."""
        self._talks: set[asyncio.Task[None]] = set()

    def url(self, case: str) -> str:
        return f"http://127.0.0.1:{self.port}/{case}/v1"

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
        path = first.split(" ")[1]
        case = self._case(path)
        if case is None:
            writer.write(NOTHING_HERE)
            await writer.drain()
            return True
        await case(writer)
        await writer.drain()
        return False

    def _case(self, path: str) -> Case | None:
        name = path.split("/")[1]
        if not path.endswith("/chat/completions"):
            told = any(word in path for word in ("models", "show", "props"))
            return listings().get(name) if told else None
        asked = self.chats[name] = self.chats.get(name, 0) + 1
        flips = name.startswith(("flip__", "once_"))
        return GOOD if self.well or (flips and asked > 1) else CASES.get(name.removeprefix("flip__"), GOOD)


@asynccontextmanager
async def serving(listener: socket.socket | None = None) -> AsyncIterator[HostileServer]:
    """At ``listener``, which is closed at the end; else at a free port of the loopback."""
    own = HostileServer()
    listener = listener or _listener(0)
    server = await asyncio.start_server(own.talk, sock=listener, limit=1 << 20)
    own.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield own
        finally:
            await own.end()


def _listener(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


async def _serve(port: int) -> None:
    async with serving(_listener(port)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    if sys.argv[1:]:
        asyncio.run(_serve(int(sys.argv[1])))
    else:
        print("\n".join(CASES))
