"""Aloud in a process of its own, with the tests' fast clock: ``Program("talk", "--fast", stdout=PIPE)``.

What it imports takes longer than what most tests ask of it. So it is a fork of one process that has imported
it all and done nothing yet; from there on it is ``python -m aloud``, with its own input, output, environment
and end. Where that would not be the same (another ``PYTHON…``), and for ``PROGRAM`` as a command line, it
begins anew. It ends as Python ends it, except that what was imported is not taken apart: in a fork that would
copy each page of it first, which takes as long as all else of a short command.

One that spins is ended by the work it has done, however long a busy machine takes for that;
one that only waits is ended by pytest's own bound (``faulthandler_timeout``).
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import inspect
import io
import json
import os
import pkgutil
import random
import resource
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import config
from config.runtime import clock

MOST_WORK_S = 60
PROGRAM = (sys.executable, "-m", "tests.program")
_FORKING = "--forking"
_BEGINNING = "--beginning"
_PIPES = ("p2cread", "p2cwrite", "c2pwrite", "c2pread", "errwrite", "errread")
"""What ``Popen`` opened: of input, output and errors the end of the program and ours."""
_DONE = struct.Struct("=q")
_IGNORABLE = (signal.SIGINT, signal.SIGHUP)
_AS_AT_THE_START = ("PYTHON", "LC_", "LANG", "MALLOC_", "LD_", "OMP_", "OPENBLAS_")


@dataclass(frozen=True)
class Beginning:
    """How a program begins. ``script``: another than Aloud, with its path. ``terminal``: its input is the
    terminal that controls it. ``live``: work takes time. ``most_bytes``: no file that it writes may become
    longer, as if the disk were full. ``closed``: of input, output and errors those that are not there at all.
    ``most_open``: it may have so many files open.
    """

    script: str = ""
    terminal: bool = False
    live: bool = False
    most_bytes: int = -1
    closed: tuple[int, ...] = ()
    most_open: int = -1

    def apply(self) -> None:
        if self.terminal:
            os.login_tty(os.dup(0))
        if self.live:
            clock.work_clock = time.monotonic
        for number in self.closed:
            os.close(number)
            setattr(sys, ("stdin", "stdout", "stderr")[number], None)  # as Python begins then
        if self.most_bytes >= 0:
            # Of bytecode Python would leave a part, on which every later program fails.
            sys.dont_write_bytecode = True
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.most_bytes, self.most_bytes))
        if self.most_open >= 0:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.most_open, self.most_open))

    def run(self) -> None:
        if self.script:
            sys.argv[0] = self.script
            runpy.run_path(self.script, run_name="__main__")
        else:
            runpy.run_module("aloud", run_name="__main__", alter_sys=True)


class Program(subprocess.Popen[Any]):
    """``subprocess.Popen`` of ``aloud``, with its options."""

    most_kb = 0
    """Once it has ended: the most memory that it held, with that of its beginning."""

    def __init__(self, *arguments: str, beginning: Beginning = Beginning(), **options: Any) -> None:
        self._forks = _environment(options.get("env")) == _environment()
        begins = (_BEGINNING, json.dumps(asdict(beginning)))
        super().__init__([*PROGRAM, *begins, *arguments], **options)

    def _execute_child(self, *values: Any) -> None:
        begin = super()._execute_child  # type: ignore[misc]
        if not self._forks:
            begin(*values)
            return
        given = inspect.signature(begin).bind(*values).arguments
        pipes = [
            given[name] for name in ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        ]
        ends = [pipes[0], pipes[3], pipes[5]]
        order = {
            "arguments": given["args"][len(PROGRAM) :],
            "environment": dict(os.environ if given["env"] is None else given["env"]),
            "folder": os.fspath(given["cwd"] or os.getcwd()),
            "new_session": given["start_new_session"],
            "ignored": [n for n in _IGNORABLE if signal.getsignal(n) is signal.SIG_IGN],
        }
        self.pid = _forking().begin(order, [n if end == -1 else end for n, end in enumerate(ends)])
        self._ended = os.pidfd_open(self.pid)
        self._child_created = True
        self._close_pipe_fds(**{name: given[name] for name in _PIPES})  # type: ignore[attr-defined]

    def _try_wait(self, flags: int) -> tuple[int, int]:
        """Its parent is another: that one takes its status, once it has ended."""
        if not self._forks:
            return super()._try_wait(flags)  # type: ignore[misc, no-any-return]
        if not select.select([self._ended], [], [], 0 if flags & os.WNOHANG else None)[0]:
            return 0, 0
        os.close(self._ended)
        status, self.most_kb = _forking().status(self.pid)
        return self.pid, status

    def _internal_poll(self, *given: Any, **options: Any) -> int | None:
        if not self._forks:
            return super()._internal_poll(*given, **options)  # type: ignore[misc, no-any-return]
        if self.returncode is None and not self._waitpid_lock.locked():  # type: ignore[attr-defined]
            pid, status = self._try_wait(os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def run(
    *arguments: str, input: bytes | str | None = None, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """As ``subprocess.run``, its output captured."""
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    with Program(*arguments, **piped) as process:
        out, err = process.communicate(input)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _environment(of: Any = None) -> dict[str, str]:
    return {k: v for k, v in (os.environ if of is None else of).items() if k.startswith(_AS_AT_THE_START)}


class _Forking:
    """The process that has imported it all, seen from the tests."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair()
        command = [*PROGRAM, _FORKING, str(theirs.fileno())]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        theirs.close()

    def begin(self, order: dict[str, Any], ends: list[int]) -> int:
        """Its process number. ``ends``: its input, output and errors."""
        data = json.dumps(order).encode()
        socket.send_fds(self._ours, [_DONE.pack(len(data))], ends)
        self._ours.sendall(data)
        return self._answer()

    def status(self, pid: int) -> tuple[int, int]:
        """Of one that has ended; and the most memory that it held, in kB."""
        self._ours.sendall(_DONE.pack(-pid))
        return self._answer(), self._answer()

    def _answer(self) -> int:
        return int(_DONE.unpack(self._ours.recv(_DONE.size, socket.MSG_WAITALL))[0])

    def close(self) -> None:
        """It ends when nothing can be asked of it any more."""
        self._ours.close()
        self._process.wait()


@functools.cache
def _forking() -> _Forking:
    forking = _Forking()
    atexit.register(forking.close)
    return forking


def import_all() -> None:
    for package in ("config", "voice", "vision", "pipeline", "aloud"):
        paths = [str(Path(config.__file__).parent.parent / package)]
        for module in pkgutil.walk_packages(paths, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    from pipeline.session.warmup import import_language, import_pictures_language

    import_language()
    import_pictures_language()
    gc.freeze()


def _fork(asked: socket.socket) -> None:
    """Until the tests end, or as one of the programs that they asked for."""
    while True:
        head, ends, _, _ = socket.recv_fds(asked, _DONE.size, 3)
        if not head:
            raise SystemExit
        (number,) = _DONE.unpack(head)
        if number < 0:
            _, status, spent = os.wait4(-number, 0)
            asked.sendall(_DONE.pack(status) + _DONE.pack(spent.ru_maxrss))
            continue
        order = json.loads(asked.recv(number, socket.MSG_WAITALL))
        if pid := os.fork():
            for end in ends:
                os.close(end)
            asked.sendall(_DONE.pack(pid))
            continue
        asked.close()
        become(order, ends)
        return


def become(order: dict[str, Any], ends: list[int]) -> None:
    """A program that has just begun."""
    if order["new_session"]:
        os.setsid()
    for number in order["ignored"]:
        signal.signal(number, signal.SIG_IGN)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, end in enumerate(ends):
        os.dup2(end, number)
        os.close(end)
    through = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = os.fdopen(0, "r", closefd=False)
    sys.stdout = _written(1, line_buffering=os.isatty(1), write_through=through)
    sys.stderr = _written(2, line_buffering=True, write_through=through, errors="backslashreplace")
    sys.argv = [sys.argv[0], *order["arguments"]]
    random.seed()


def _end(status: int) -> None:
    """As Python would, up to where it takes apart what it has imported. What cannot be written any more is
    left to that.
    """
    try:
        _flush()
    except (OSError, ValueError):
        return
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    _flush()
    os._exit(status)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()


def _written(number: int, **options: Any) -> TextIO:
    buffering = 0 if options["write_through"] else -1
    return io.TextIOWrapper(os.fdopen(number, "wb", buffering, closefd=False), **options)


if __name__ == "__main__":
    clock.work_clock = lambda: 1000.0
    if forked := sys.argv[1:2] == [_FORKING]:
        import_all()
        _fork(socket.socket(fileno=int(sys.argv[2])))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_WORK_S, MOST_WORK_S))
    begins = Beginning()
    if sys.argv[1:2] == [_BEGINNING]:
        begins = Beginning(**json.loads(sys.argv[2]))
        del sys.argv[1:3]
    begins.apply()
    try:
        begins.run()
    except SystemExit as end:
        if forked and isinstance(end.code, int):
            _end(end.code)
        raise
