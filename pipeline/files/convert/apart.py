"""Starts the process that reads a file (``pipeline/files/formats/shared/worker.py``), hears it, ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.files.formats.shared import format as formats

_WORKER = Path(formats.__file__).with_name("worker.py")
FAR_S = 60.0
"""The longest that a file is waited for, whatever the processor does meanwhile."""
WORK_S = 5.0
"""The same where the system does not count a process's work (Windows)."""
_LONGEST_LINE = 8_000_000
_MOST = 400_000_000
"""Bytes that are taken of it at all."""
_KEPT = ("SYSTEMROOT",)
"""Of the environment: what Python does not start without on Windows."""


def pieces_of(file: int, name: str, suffix: str) -> Iterator[dict[str, Any]]:
    """Of an opened file. The last is ``{"ended": WHY}``, as the process says, or ``killed``. Blocking."""
    # By its path and isolated: nothing of this folder, or of the person's, is imported instead.
    program = [sys.executable, "-I", str(_WORKER), name, suffix]
    there = {key: os.environ[key] for key in _KEPT if key in os.environ}
    process = subprocess.Popen(
        program, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=there, cwd=os.sep
    )
    clock = threading.Timer(FAR_S if hasattr(signal, "setitimer") else WORK_S, process.kill)
    clock.start()
    try:
        yield from _told(process)
    finally:
        clock.cancel()
        process.kill()
        assert process.stdout
        process.stdout.close()
        process.wait()


def _told(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    assert process.stdout
    left = _MOST
    while line := process.stdout.readline(_LONGEST_LINE):
        left -= len(line)
        try:
            piece = json.loads(line)
        except (ValueError, RecursionError):
            break
        if left < 0 or not isinstance(piece, dict):
            break
        yield piece
        if "ended" in piece:
            return
    yield {"ended": "killed"}
