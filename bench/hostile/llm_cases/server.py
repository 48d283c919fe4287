"""A model server that answers as a case says: which one is the first part of the path.

In a thread of its own, so that whoever asks it may run on any clock.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import quote, unquote

from bench.hostile.llm_cases.base import Case, Pieces, head
from bench.hostile.llm_cases.streams import SOUND

_NOTHING = b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ASKS = (
    "/chat/completions",
    "/responses",
    "/messages",
    ":streamGenerateContent",
    ":generateContent",
    "/api/chat",
)
"""How the path ends of a question."""
_LONGEST_S = 60.0
"""Nothing is held for longer."""


class HostileServer:
    """``asked``: the questions that came, by the first part of their paths."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self.asked: dict[str, int] = {}
        self.port = 0
        self._cases = {case.name: case for case in cases}

    def base_url(self, case: Case, *, once: str = "") -> str:
        """``once``: a name for one use, in which only the first question is answered as the case says, and
        all that follow as they should be.
        """
        first = f"{case.name}~{once}" if once else case.name
        return f"http://127.0.0.1:{self.port}/{quote(first)}{SOUND[case.api].base}"

    def spec(self, case: Case, *, once: str = "") -> str:
        """What ``--llm`` takes; for Gemini's API the setting ``llm.api`` says so, ``settings`` has both."""
        return f"{self.base_url(case, once=once)}{SOUND[case.api].ending}#m"

    def settings(self, case: Case, *, once: str = "") -> dict[str, str]:
        """Of ``llm``."""
        return {"engine": self.spec(case, once=once), "api": case.api}

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over = asyncio.CancelledError  # with the server: asyncio would print each of those that still write
        with suppress(OSError, EOFError, asyncio.LimitOverrunError, TimeoutError, over):
            async with asyncio.timeout(_LONGEST_S), _closed(writer):
                path = await _path_of(reader)
                first, _, rest = path.removeprefix("/").partition("/")
                await self._answer(first, f"/{rest}", writer)

    async def _answer(self, first: str, rest: str, writer: asyncio.StreamWriter) -> None:
        name, _, once = first.partition("~")
        case = self._cases.get(name)
        if case is None:
            writer.write(_NOTHING)
        elif not rest.partition("?")[0].endswith(_ASKS):
            await _write(case.listing or _nothing, writer)
        else:
            self.asked[first] = self.asked.get(first, 0) + 1
            if once and self.asked[first] > 1:
                sound = SOUND[case.api]
                writer.write(head(sound.kind) + sound.stream(sound.said))
            else:
                await _misbehave(case, writer)
        await writer.drain()


def _nothing() -> list[bytes]:
    return [_NOTHING]


async def _path_of(reader: asyncio.StreamReader) -> str:
    """Of a request, once it has been read whole."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    await reader.readexactly(length)
    return unquote(head.split(b" ", 2)[1].decode("latin-1"))


@asynccontextmanager
async def _closed(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()


async def _misbehave(case: Case, writer: asyncio.StreamWriter) -> None:
    await _write(case.pieces, writer, case.pause_s)
    if case.end == "holds":
        await asyncio.sleep(_LONGEST_S)
    if case.end == "resets":
        await asyncio.sleep(0.02)
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


async def _write(pieces: Pieces, writer: asyncio.StreamWriter, pause_s: float = 0.0) -> None:
    for n, piece in enumerate(pieces()):
        if n and pause_s:
            await asyncio.sleep(pause_s)
        if writer.transport.is_closing():
            raise ConnectionResetError
        writer.write(piece)
        await writer.drain()


@contextmanager
def serving(cases: Iterable[Case]) -> Iterator[HostileServer]:
    """Until it is left; what is still being written then is cut off."""
    server = HostileServer(cases)
    loop = asyncio.new_event_loop()
    listening, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with await asyncio.start_server(server._talk, "127.0.0.1", 0, limit=1 << 20) as listener:
            server.port = listener.sockets[0].getsockname()[1]
            listening.set()
            await over.wait()

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:  # it ends what still runs
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    listening.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
