"""Every command with its streams closed, full, broken, slow or strange, and in a strange environment.

Each row is a whole command in a process of its own, with a home of its own: no traceback, no hang, a status
of the contract, at most one sentence on what failed, and a take that is delivered or kept.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.hostile.stream_states.ends import input_end, output_end
from bench.hostile.stream_states.states import DICTATE, HEARD, JOBS, STATES, Job, State
from bench.hostile.table import Options, Row, progress
from tests.program import Beginning, Program
from tests.program import run as run_program

LIMIT_S = 90.0
STATUSES = {0, 2, 3, 4, 5, 6, 130}


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
    faults = [*_faults(status, out, err, most=2 + len(state.extra))]
    if job.takes and state.environment.get("ALOUD_HOME", "") == "":
        faults += _lost(status, before, _takes(place / "home"), out, place)
    told = [line for line in err.splitlines() if line.startswith("aloud: ")]
    sentence = _general(" | ".join(told) or err.strip().splitlines()[-1] if err.strip() else "", place)
    return Row(state.name, job.name, f"status {status}", sentence, status, took, faults=tuple(faults))


def _general(text: str, place: Path) -> str:
    return re.sub(r"row\d+", "ROW", text.replace(str(place), "ROW"))


def _faults(status: int | None, out: str, err: str, *, most: int) -> Iterator[str]:
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
    if sum(line.startswith("aloud: ") for line in err.splitlines()) > most:
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
        if state not in ("delivered", "cancelled") and status == 0:  # nothing was said in what was cancelled
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
            input_end(state.input, job.stdin, stack, shared),
            output_end(state.output, place / "out", stack, shared),
            output_end(state.errors, place / "err", stack, shared),
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
