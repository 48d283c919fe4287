"""The other ends of a command's standard streams, by what is wrong with them."""

from __future__ import annotations

import contextlib
import os
import pty
import socket
import termios
import time
from pathlib import Path
from typing import Any


def piped(
    data: bytes,
    stack: contextlib.ExitStack,
    shared: dict[str, Any],
    *,
    late: bool = False,
    blocking: bool = True,
) -> int:
    read, write = os.pipe()
    os.set_blocking(read, blocking)

    def feed() -> None:
        with contextlib.suppress(OSError), os.fdopen(write, "wb", 0) as file:
            if late:
                time.sleep(0.5)
            left = memoryview(data)
            while left:
                left = left[file.write(left[:4096]) or 0 :]

    shared.setdefault("begin", []).append(feed)
    return read


def input_end(way: str, data: bytes, stack: contextlib.ExitStack, shared: dict[str, Any]) -> int:
    match way:
        case "zeros" | "random":
            return os.open("/dev/zero" if way == "zeros" else "/dev/urandom", os.O_RDONLY)
        case "binary":
            return piped(bytes(range(256)) * 20, stack, shared)
        case "latin":
            return piped("Grüße, wie spät ist es?\n".encode("latin-1"), stack, shared)
        case "no newline":
            return piped(data.rstrip(b"\n"), stack, shared)
        case "blank":
            return piped(b" \n\n\t\n", stack, shared)
        case "nuls":
            return piped(bytes(5000), stack, shared)
        case "bom":
            return piped(b"\xef\xbb\xbf" + data, stack, shared)
        case "one long line":
            return piped(b"word " * 500_000, stack, shared)
        case "late" | "late nonblocking":
            return piped(data, stack, shared, late=True, blocking=way == "late")
        case "write only" | "closed":
            return os.open(os.devnull, os.O_WRONLY)
        case "hung up":
            return _hung_up(shared)
        case "socket":
            return _socket(shared)
        case _:
            return piped(data, stack, shared)


def _hung_up(shared: dict[str, Any]) -> int:
    """Of a terminal that has gone."""
    if "hung up" not in shared:
        ours, theirs = pty.openpty()
        os.close(ours)
        shared["hung up"] = theirs
    return os.dup(shared["hung up"])


def _socket(shared: dict[str, Any]) -> int:
    if "socket" not in shared:
        ours, theirs = socket.socketpair()
        ours.close()
        shared["socket"] = theirs
    return os.dup(shared["socket"].fileno())


def output_end(way: str, file: Path, stack: contextlib.ExitStack, shared: dict[str, Any]) -> int:
    match way:
        case "closed":
            return os.open(os.devnull, os.O_RDONLY)
        case "full":
            return os.open("/dev/full", os.O_WRONLY)
        case "read only":
            return os.open(os.devnull, os.O_RDONLY)
        case "hung up":
            return _hung_up(shared)
        case "socket":
            return _socket(shared)
        case "terminal" | "narrow" | "low":
            return _terminal(file, {"terminal": (24, 80), "narrow": (24, 10), "low": (1, 80)}[way], shared)
        case "broken" | "broken after a line" | "broken after 1 s":
            return _broken(way, shared)
        case "slow" | "nonblocking slow":
            return _slow(file, shared, blocking=way == "slow")
        case _:
            return os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)


def _terminal(file: Path, size: tuple[int, int], shared: dict[str, Any]) -> int:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, size)

    def keep() -> None:
        with file.open("wb", 0) as kept, contextlib.suppress(OSError):
            while data := os.read(ours, 65536):
                kept.write(data)

    shared.setdefault("begin", []).append(keep)
    return theirs


def _broken(way: str, shared: dict[str, Any]) -> int:
    read, write = os.pipe()

    def end() -> None:
        if way.endswith("line"):
            while os.read(read, 1) not in (b"\n", b""):
                pass
        elif way.endswith("s"):
            time.sleep(1)
        os.close(read)

    if way == "broken":
        os.close(read)
    else:
        shared.setdefault("begin", []).append(end)
    return write


def _slow(file: Path, shared: dict[str, Any], *, blocking: bool) -> int:
    """A pipe that is full for two seconds."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    filled = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            filled += os.write(write, bytes(4096))
    os.set_blocking(write, blocking)

    def keep() -> None:
        time.sleep(2)
        skipped = filled
        with file.open("wb", 0) as kept:
            while data := os.read(read, 4096):
                kept.write(data[skipped:])
                skipped = max(0, skipped - len(data))

    shared.setdefault("begin", []).append(keep)
    return write
