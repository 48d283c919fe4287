"""Every command with its streams closed, full, broken, slow or strange, and in a strange environment.

Each row is a whole command in a process of its own, with a home of its own: no traceback, no hang, a status
of the contract, at most one sentence on what failed, and a take that is delivered or kept.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.hostile.table import Options, Row, progress
from tests.privacy.commands import ENGINES, QUESTION, SIGN
from tests.program import Beginning, Program
from tests.program import run as run_program

LIMIT_S = 90.0
STATUSES = {0, 2, 3, 4, 5, 6, 130}
HEARD = "minutes"
"""A word of what is said in the recording."""


@dataclass(frozen=True)
class Job:
    name: str
    arguments: tuple[str, ...]
    stdin: bytes = b""
    takes: bool = False
    """What is said is a take."""


@dataclass(frozen=True)
class State:
    """``input``, ``output``, ``errors``: a way in ``_IN`` or ``_OUT``; empty: as ever."""

    name: str
    input: str = ""
    output: str = ""
    errors: str = ""
    environment: dict[str, str | None] = field(default_factory=dict)
    shell: str = ""
    """Typed before the command, in a shell."""
    extra: tuple[bytes, ...] = ()
    """More words of the command."""


TALK = ("talk", "--fast", "--microphone", QUESTION, "--speaker", "none", "--llm", "skills", *ENGINES)
DICTATE = ("dictate", "--fast", "--microphone", QUESTION, "--llm", "skills", *ENGINES)
PCM = Path(QUESTION).read_bytes()[44:] + bytes(64_000)
SKILLS = ("--llm", "skills")
SETUP = ("setup", "--stt", "none", "--tts", "none", "--llm", "none", "--no-test", "--offline")

JOBS = (
    Job("talk", TALK),
    Job("talk json", (*TALK, "--json")),
    Job("talk -", ("talk", "--microphone", "-", "--speaker", "none", *SKILLS, *ENGINES), PCM),
    Job("talk > -", ("talk", "--fast", "--microphone", QUESTION, "--speaker", "-", *SKILLS, *ENGINES)),
    Job("talk typed", ("talk", "--typed", "--microphone", "none", "--speaker", "none", *SKILLS),
        b"what is 12 times 11\nwhat is 3 times 3\n"),
    Job("ask", ("ask", "what is 12 times 11", *SKILLS)),
    Job("ask json", ("ask", "what is 12 times 11", "--json", *SKILLS)),
    Job("ask -", ("ask", "-", *SKILLS), b"what is 12 times 11"),
    Job("describe", ("describe", SIGN, "--speaker", "none", *SKILLS)),
    Job("describe alt", ("describe", "--alt", SIGN, "--speaker", "none", *SKILLS)),
    Job("describe -", ("describe", "-", "--speaker", "none", *SKILLS), Path(SIGN).read_bytes()),
    Job("dictate", DICTATE, takes=True),
    Job("dictate json", (*DICTATE, "--json"), takes=True),
    Job("dictate -", ("dictate", "--microphone", "-", *SKILLS, *ENGINES), PCM, takes=True),
    Job("dictate file", (*DICTATE, "--to", "file:text.txt"), takes=True),
    Job("dictate retry", ("dictate", "--retry", *SKILLS, *ENGINES)),
    Job("rewrite", ("rewrite", "--style", "clean", *SKILLS), b"um we we meet at noon"),
    Job("transcribe", ("transcribe", QUESTION, "--stt", ENGINES[1])),
    Job("transcribe -", ("transcribe", "-", "--stt", ENGINES[1]), PCM),
    Job("say", ("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "answer.wav")),
    Job("say > -", ("say", "Good morning.", "--tts", "espeak:en-us", "--speaker", "-")),
    Job("say -", ("say", "-", "--tts", "espeak:en-us", "--speaker", "answer.wav"), b"Good morning."),
    Job("doctor", ("doctor", "--offline")),
    Job("doctor json", ("doctor", "--offline", "--json")),
    Job("setup", SETUP),
    Job("setup yes", (*SETUP, "--yes")),
    Job("models list", ("models", "list")),
    Job("models get", ("models", "get", "base.en", "--offline")),
    Job("models remove", ("models", "remove", "base.en")),
    Job("config show", ("config", "show")),
    Job("config set", ("config", "set", "llm", "skills")),
    Job("config path", ("config", "path")),
    Job("history list", ("history", "list")),
    Job("history show", ("history", "show", "1")),
    Job("history search", ("history", "search", HEARD)),
    Job("history export", ("history", "export")),
    Job("history delete", ("history", "delete", "1")),
    Job("help", ("--help",)),
    Job("version", ("--version",)),
    Job("usage", ("nonsense",)),
)  # fmt: skip

STATES = (
    State("as ever"),
    *(State(f"input {way}", input=way) for way in (
        "closed", "zeros", "random", "binary", "latin", "no newline", "blank", "nuls", "bom",
        "one long line", "late", "late nonblocking", "write only", "hung up", "socket")),
    *(State(f"output {way}", output=way) for way in (
        "closed", "full", "broken", "broken after a line", "broken after 1 s", "read only", "slow",
        "nonblocking slow", "hung up", "terminal", "narrow", "low", "socket")),
    *(State(f"errors {way}", errors=way) for way in (
        "closed", "full", "broken", "read only", "nonblocking slow", "hung up", "narrow")),
    State("all closed", "closed", "closed", "closed"),
    State("all one closed socket", "socket", "socket", "socket"),
    State("all hung up", "hung up", "hung up", "hung up"),
    State("output and errors full", "", "full", "full"),
    State("output and errors closed", "", "closed", "closed"),
    State("input and output closed", "closed", "closed"),
    State("terminal, TERM=dumb", output="terminal", errors="terminal", environment={"TERM": "dumb"}),
    State("terminal, TERM unset", output="terminal", errors="terminal", environment={"TERM": None}),
    State("terminal, TERM=garbage", output="terminal", errors="terminal", environment={"TERM": "no\x1bsuch"}),
    State("LANG=C", environment={"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    State("LC_ALL unknown", environment={"LC_ALL": "xx_YY.KLINGON"}),
    *(State(f"PYTHONIOENCODING={name}", environment={"PYTHONIOENCODING": name})
      for name in ("ascii", "latin-1", "utf-16")),
    State("HOME unset", environment={"HOME": None, "ALOUD_HOME": None}),
    State("HOME a file", environment={"HOME": "/etc/passwd", "ALOUD_HOME": None}),
    State("HOME not there", environment={"HOME": "/proc/nowhere", "ALOUD_HOME": None}),
    State("ALOUD_HOME a file", environment={"ALOUD_HOME": "/etc/passwd"}),
    State("ALOUD_HOME not writable", environment={"ALOUD_HOME": "/proc/nowhere"}),
    State("ALOUD_HOME relative", environment={"ALOUD_HOME": "here"}),
    State("ALOUD_HOME spaces and newline", environment={"ALOUD_HOME": "a b\nc"}),
    State("ALOUD_HOME bytes", environment={"ALOUD_HOME": "a\udcff"}),
    State("ALOUD_HOME ~nobody9", environment={"ALOUD_HOME": "~nobody9/x"}),
    State("PATH empty", environment={"PATH": ""}),
    State("TMPDIR missing", environment={"TMPDIR": "/nowhere/at/all"}),
    State("TZ garbage", environment={"TZ": "No/Such\x07Zone"}),
    State("COLUMNS=0", environment={"COLUMNS": "0", "LINES": "0"}, output="terminal"),
    State("COLUMNS=-5", environment={"COLUMNS": "-5"}, output="terminal"),
    State("cwd deleted", shell='mkdir gone && cd gone && rmdir "$PWD"'),
    State("few files", shell="ulimit -n 20"),
    State("umask 777", shell="umask 777"),
    State("little memory", shell="ulimit -v 600000"),
    State("argv bytes", extra=(b"\xff\xfe", b"a\xf0\x28b")),
    State("argv empty", extra=(b"",)),
    State("argv 100 KB", extra=(b"word " * 20_000,)),
)  # fmt: skip


def run(options: Options) -> list[Row]:
    chosen = [(s, j) for s in STATES for j in JOBS if options.only in f"{s.name}: {j.name}"]
    chosen = chosen[: options.most or None]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        home = _home(Path(folder))
        for number, (state, job) in enumerate(chosen):
            rows.append(_row(state, job, home, Path(folder) / f"row{number}"))
            shutil.rmtree(Path(folder) / f"row{number}", ignore_errors=True)
            progress(number + 1, len(chosen))
    return rows


def _home(folder: Path) -> Path:
    """With one take delivered and one whose recording was broken off."""
    home = folder / "home"
    for to in ("stdout", "file:/proc/nowhere/text.txt"):
        run_program(*DICTATE, "--to", to, env={**os.environ, "ALOUD_HOME": str(home)}, cwd=folder)
    return home


def _row(state: State, job: Job, home: Path, place: Path) -> Row:
    place.mkdir(parents=True)
    shutil.copytree(home, place / "home")
    before = _takes(place / "home")
    began = time.monotonic()
    status, out, err = _run(state, job, place)
    took = time.monotonic() - began
    faults = [*_faults(status, out, err, took)]
    if job.takes and state.environment.get("ALOUD_HOME", "") == "":
        faults += _lost(status, before, _takes(place / "home"), out, place)
    told = [line for line in err.splitlines() if line.startswith("aloud: ")]
    sentence = _general(" | ".join(told) or err.strip().splitlines()[-1] if err.strip() else "", place)
    return Row(state.name, job.name, f"status {status}", sentence, status, took, faults=tuple(faults))


def _general(text: str, place: Path) -> str:
    return re.sub(r"row\d+", "ROW", text.replace(str(place), "ROW"))


def _faults(status: int | None, out: str, err: str, took: float) -> Iterator[str]:
    for mark in ("Traceback", "Exception ignored", "A fault of ours", "object at 0x", "Errno"):
        for text in (out, err):
            if mark in text:
                yield f"{mark}: {text[text.index(mark) :][:600]}"
    if status is None:
        yield f"hangs: {err[-300:]}"
    elif status not in STATUSES:
        yield f"status {status}: {err[-300:]}"
    elif status in (2, 3, 4, 5, 6) and not err.strip() and err != "":
        yield "nothing said"
    if sum(line.startswith("aloud: ") for line in err.splitlines()) > 2:
        yield f"many sentences: {err}"


def _lost(
    status: int | None, before: list[tuple[str, ...]], after: list[tuple[str, ...]], out: str, place: Path
) -> Iterator[str]:
    """A take that was spoken: its text has arrived, or it is in the account with its recording."""
    new = after[len(before) :]
    if not new:
        if status == 0:
            yield "no take, and all is said to be well"
        return
    for state, sound, text in new:
        arrived = HEARD in out or HEARD in _read(place / "text.txt")
        kept = (place / "home" / "state" / "takes" / sound).exists()
        if state == "delivered" and not arrived:
            yield f"delivered, and nothing has arrived ({text})"
        if state != "delivered" and not kept:
            yield f"{state}, and the recording is gone"
        if state != "delivered" and status == 0:
            yield f"{state}, and status 0"


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def _takes(home: Path) -> list[tuple[str, ...]]:
    path = home / "state" / "takes.db"
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(path)) as base:
        return base.execute("SELECT state, sound, final FROM takes ORDER BY id").fetchall()


# The streams ----------------------------------------------------------------------------------------


def _run(state: State, job: Job, place: Path) -> tuple[int | None, str, str]:
    environment = {**os.environ, "ALOUD_HOME": str(place / "home"), "HOME": str(place)}
    environment |= {k: v for k, v in state.environment.items() if v is not None}
    for name in [k for k, v in state.environment.items() if v is None]:
        environment.pop(name, None)
    with contextlib.ExitStack() as stack:
        closed = tuple(
            n for n, way in enumerate((state.input, state.output, state.errors)) if way == "closed"
        )
        shared: dict[str, Any] = {}
        ends = [
            _input(state.input, job.stdin, stack, shared),
            _output(state.output, place / "out", stack, shared),
            _output(state.errors, place / "err", stack, shared),
        ]
        process = _begin(state, job, closed, ends, environment, place)
        for end in ends:
            with contextlib.suppress(OSError):
                os.close(end)
        aside = [threading.Thread(target=work, daemon=True) for work in shared.get("begin", [])]
        for each in aside:
            each.start()
        endless = state.input in ("zeros", "random")
        try:
            if endless:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.send_signal(signal.SIGINT)
            status: int | None = process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = None
        for each in aside:
            each.join(3)
    return status, _text(place / "out"), _text(place / "err")


def _begin(
    state: State, job: Job, closed: tuple[int, ...], ends: list[int], environment: dict[str, str], place: Path
) -> subprocess.Popen[Any]:
    files = {"stdin": ends[0], "stdout": ends[1], "stderr": ends[2], "env": environment, "cwd": place}
    words = (*job.arguments, *(os.fsdecode(each) for each in state.extra))
    if state.shell:
        import sys

        line = f'{state.shell}; exec "$0" -m tests.program "$@"'
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        return subprocess.Popen(["/bin/sh", "-c", line, sys.executable, *words], **files)
    return Program(*words, beginning=Beginning(closed=closed), start_new_session=True, **files)


def _text(path: Path) -> str:
    """What was written there; of a terminal without what moves its cursor."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", _read(path)) if path.exists() else ""


def _piped(
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


def _input(way: str, data: bytes, stack: contextlib.ExitStack, shared: dict[str, Any]) -> int:
    match way:
        case "zeros" | "random":
            return os.open("/dev/zero" if way == "zeros" else "/dev/urandom", os.O_RDONLY)
        case "binary":
            return _piped(bytes(range(256)) * 20, stack, shared)
        case "latin":
            return _piped("Grüße, wie spät ist es?\n".encode("latin-1"), stack, shared)
        case "no newline":
            return _piped(data.rstrip(b"\n"), stack, shared)
        case "blank":
            return _piped(b" \n\n\t\n", stack, shared)
        case "nuls":
            return _piped(bytes(5000), stack, shared)
        case "bom":
            return _piped(b"\xef\xbb\xbf" + data, stack, shared)
        case "one long line":
            return _piped(b"word " * 500_000, stack, shared)
        case "late" | "late nonblocking":
            return _piped(data, stack, shared, late=True, blocking=way == "late")
        case "write only" | "closed":
            return os.open(os.devnull, os.O_WRONLY)
        case "hung up":
            return _hung_up(shared)
        case "socket":
            return _socket(shared)
        case _:
            return _piped(data, stack, shared)


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


def _output(way: str, file: Path, stack: contextlib.ExitStack, shared: dict[str, Any]) -> int:
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
