"""The worker's process as its parent has it: begun, asked a line at a time, ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FAR = 20
"""So many times as long it is waited for, whatever the processor does meanwhile."""
INHERITED = frozenset({"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT"})
"""Of the environment, in which keys and passwords stand too."""
_LONGEST_LINE = 8_000_000
_GIVEN_BACK = "retain:false,dirty_decay_ms:0,muzzy_decay_ms:0"
"""For DuckDB's allocator, which else keeps the addresses that one hostile question took from the next one."""


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    files: socket.socket | None
    """On which opened files are handed over; None where the system cannot (Windows)."""
    loaded: list[Path] = field(default_factory=list)


class EndedError(Exception):
    """The process is gone. ``late``: it was ended for taking too long."""

    def __init__(self, *, late: bool) -> None:
        super().__init__()
        self.late = late


def begun() -> Running:
    # By its path and isolated: nothing of this folder, or of the person's, is imported instead.
    program = [sys.executable, "-I", "-B", str(Path(__file__).with_name("worker.py"))]
    # Of the room for addresses that it has, none for arenas that it does not need.
    environment = {
        **{name: value for name, value in os.environ.items() if name in INHERITED},
        "MALLOC_ARENA_MAX": "1",
        "DUCKDB_JE_MALLOC_CONF": _GIVEN_BACK,
        "OPENBLAS_NUM_THREADS": "1",
    }
    if not hasattr(socket, "send_fds"):
        process = subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        return Running(process, None)
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [*program, str(theirs.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=environment,
        )
    return Running(process, ours)


def end(running: Running) -> None:
    running.process.kill()
    for pipe in (running.process.stdin, running.process.stdout, running.files):
        with contextlib.suppress(OSError):  # what was to be written has nobody to read it
            if pipe:
                pipe.close()
    running.process.wait()


def ask(running: Running, request: dict[str, Any], work_s: float, file: int | None = None) -> dict[str, Any]:
    """What it answers to ``request``; ``file``: opened, to be handed over. Raises ``EndedError``."""
    stdin, stdout = running.process.stdin, running.process.stdout
    assert stdin
    assert stdout
    far = threading.Event()

    def end_it() -> None:
        far.set()
        running.process.kill()

    # Where the system does not count a process's work (Windows), the clock on the wall stands for it.
    clock = threading.Timer(FAR * work_s if hasattr(signal, "setitimer") else work_s, end_it)
    clock.start()
    try:
        stdin.write(json.dumps({**request, "work_s": work_s}).encode() + b"\n")
        stdin.flush()
        if file is not None and running.files is not None:
            socket.send_fds(running.files, [b"f"], [file])
        line = stdout.readline(_LONGEST_LINE)
        if line.endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
    except (OSError, ValueError):
        pass  # its end of the pipe is closed: it was killed, or died of what it was given
    finally:
        clock.cancel()
    end(running)
    out_of_time = {-getattr(signal, name, 0) for name in ("SIGPROF", "SIGXCPU")}
    raise EndedError(late=far.is_set() or running.process.returncode in out_of_time)
