"""A server that is a program here: spoken with over its standard input and output, a line a message."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import anyio
from anyio.abc import Process

from config.runtime.clean import CleanText, clean_line
from config.runtime.clock import busy, in_thread
from config.settings.mcp import McpServer, filled
from pipeline.tools.mcp.errors import ServerError
from pipeline.tools.mcp.framing import Lines, Overlong, unreadable

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.shared.message import SessionMessage
    from mcp_types import JSONRPCMessage

    Incoming = MemoryObjectSendStream[SessionMessage | Exception]
    Streams = tuple[
        MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]
    ]

_log = logging.getLogger(__name__)

_INHERITED = ("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER")
"""Nothing else that stands in the environment is told: keys do."""
_LEAVES_WITHIN_S = 2.0
"""To end by itself once nobody speaks to it any more; then so long again once it was told to."""
_LOOK_S = 0.01
_LOOK_AGAIN_S = 0.25
_CHUNK = 65_536
_LOGGED_LINES = 200
"""Of its standard error."""
_LOGGED_LETTERS = 300


class StandardError:
    """What a program wrote to standard error: logged as far as it is bounded, and its last line kept."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines = Lines()
        self._left = _LOGGED_LINES
        self._last = b""

    @property
    def last(self) -> CleanText:
        return _shown(self._last)

    def take(self, chunk: bytes) -> None:
        for line in self._lines.feed(chunk):
            raw = line.head if isinstance(line, Overlong) else line
            if raw.strip():
                self._last = raw[:_LOGGED_LETTERS]
                self._note()

    def _note(self) -> None:
        if not self._left or not _log.isEnabledFor(logging.DEBUG):
            return
        self._left -= 1
        more = "" if self._left else " (what more it writes is not noted)"
        _log.debug("%s: %s%s", self._name, self.last, more)


def _shown(raw: bytes) -> CleanText:
    return clean_line(raw.decode("utf-8", "replace"), _LOGGED_LETTERS)


def environment(server: McpServer) -> dict[str, str]:
    """Of the program. Raises ``ServerError`` for a variable that it is to be given and that there is not."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return {**inherited, **filled_in(server.env)}


def filled_in(values: Mapping[str, str]) -> dict[str, str]:
    """Raises ``ServerError``."""
    try:
        return {name: filled(value) for name, value in values.items()}
    except KeyError as missing:
        name = missing.args[0]
        raise ServerError(
            f"the environment variable {name} is not set", todo=f"Set it: export {name}=ITS_VALUE"
        ) from None


@asynccontextmanager
async def run_program(server: McpServer, told: StandardError) -> AsyncIterator[Streams]:
    """Started, and ended with all that it started. Raises ``ServerError`` where it cannot be."""
    async with _started(server) as process, anyio.create_task_group() as pipes:
        incoming, read = anyio.create_memory_object_stream["SessionMessage | Exception"](0)
        write, outgoing = anyio.create_memory_object_stream["SessionMessage"](0)
        pipes.start_soon(_read, process, incoming)
        pipes.start_soon(_write, process, outgoing, incoming)
        pipes.start_soon(_listen, process, told)
        pipes.start_soon(_until_it_ends, process, incoming)
        try:
            yield read, write
        finally:
            read.close()
            write.close()
            pipes.cancel_scope.cancel()


@asynccontextmanager
async def _started(server: McpServer) -> AsyncIterator[Process]:
    process = await _process_of(server)
    try:
        yield process
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)


async def _process_of(server: McpServer) -> Process:
    command = [*map(_at_home, (server.command, *server.args))]
    try:
        with anyio.CancelScope(shield=True):  # who is cancelled between the two would leave it running
            process = await anyio.open_process(command, env=environment(server), start_new_session=True)
    except (OSError, ValueError) as error:
        why = "there is no such program" if isinstance(error, FileNotFoundError) else str(error)
        if isinstance(error, PermissionError):
            why = "it may not be run"
        raise ServerError(f"{server.command} cannot be started: {why}") from None
    return process


def _at_home(argument: str) -> str:
    return os.path.expanduser(argument) if argument.startswith("~/") else argument


async def _read(process: Process, incoming: Incoming) -> None:
    """Its messages, until it ends. One that is too long is answered for in its place."""
    from mcp.shared.message import SessionMessage

    assert process.stdout
    lines = Lines()
    async with incoming:
        with suppress(anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
            while True:
                for line in lines.feed(await process.stdout.receive(_CHUNK)):
                    if message := _message(_taken(line)):
                        await incoming.send(SessionMessage(message))


def _message(line: bytes) -> JSONRPCMessage | None:
    """None: the line is none. An answer that cannot be read has failed."""
    from mcp_types import jsonrpc_message_adapter

    for told in filter(None, (line, unreadable(line))):
        try:
            return jsonrpc_message_adapter.validate_json(told, by_name=False)
        except ValueError:
            _log.debug("A line is no message: %s", _shown(told[:_LOGGED_LETTERS]))
    return None


def _taken(line: bytes | Overlong) -> bytes:
    """Empty: it is let go. Raises ``OSError`` where nobody knows who waits for it."""
    if not isinstance(line, Overlong):
        return line.strip()
    if line.asks:
        return b""
    if not (message := line.shortened()):
        raise OSError("a message without an end")
    return message


async def _write(
    process: Process, outgoing: MemoryObjectReceiveStream[SessionMessage], incoming: Incoming
) -> None:
    assert process.stdin
    async with outgoing:
        try:
            async for message in outgoing:
                line = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                await process.stdin.send(line.encode("utf-8", "replace") + b"\n")
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
            incoming.close()  # whoever waits for an answer waits in vain


async def _until_it_ends(process: Process, incoming: Incoming) -> None:
    """What it started may hold its output open when it has ended."""
    while True:
        await anyio.sleep(_LOOK_AGAIN_S)
        if process.returncode is not None:
            break
    await anyio.sleep(_LOOK_AGAIN_S)  # what it said last is read first
    incoming.close()


async def _listen(process: Process, told: StandardError) -> None:
    assert process.stderr
    with suppress(anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError, OSError):
        while True:
            told.take(await process.stderr.receive(_CHUNK))


async def _end(process: Process) -> None:
    """It, and all that it started: asked by the end of its input, then told, then made to."""
    assert process.stdin
    with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError), anyio.move_on_after(0.5):
        await process.stdin.aclose()
    # In a thread: on a clock that skips waits nobody would be given any time.
    await in_thread(_end_group, process.pid)
    with busy(), anyio.move_on_after(_LEAVES_WITHIN_S):  # until the loop was told that it has ended
        await process.wait()
    for pipe in filter(None, (process.stdout, process.stderr)):
        with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
            await pipe.aclose()


def _end_group(group: int) -> None:
    """Blocking, some seconds. The group has its first one's number, and keeps it until its last ends."""
    for number in (0, signal.SIGTERM, signal.SIGKILL):
        if not _signalled(group, number) or _gone(group):
            return


def _gone(group: int) -> bool:
    """Within a while."""
    for _ in range(round(_LEAVES_WITHIN_S / _LOOK_S)):
        if not _signalled(group, 0):
            return True
        time.sleep(_LOOK_S)
    return False


def _signalled(group: int, number: int) -> bool:
    """Whether any of them was there."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
