"""What a job did beside its work: memory it took, tracebacks it logged, letters it let through."""

from __future__ import annotations

import logging
import os
import re
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config.runtime.logs import PACKAGES

MOST_WORK_S = 120.0
"""Processor time of one job; what takes longer hangs."""
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class TooMuchWorkError(BaseException):
    """No ``Exception``: nothing may take it for a fault of its own."""


class Witness(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.tracebacks: list[str] = []
        self.memory_mb = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            self.note(record.exc_info[1])

    def note(self, error: BaseException) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = "".join(f" at {Path(frame.filename).name}:{frame.lineno}" for frame in last)
        self.tracebacks.append(f"{type(error).__name__}: {str(error)[:200]}{where}")


def _memory_mb(name: str) -> float:
    """``VmRSS`` is what is held now, ``VmHWM`` the most since ``_begin_anew``; on Linux."""
    if not _STATUS.exists():
        return 0.0
    (line,) = (line for line in _STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def _begin_anew() -> None:
    if _CLEAR.exists():
        _CLEAR.write_text("5")


def _too_much(number: int, frame: FrameType | None) -> None:
    raise TooMuchWorkError


@contextmanager
def witnessed() -> Iterator[Witness]:
    """What happens meanwhile. Raises nothing of its own; what is raised goes by."""
    witness, loggers = Witness(), [logging.getLogger(name) for name in (*PACKAGES, "asyncio")]
    levels = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG if logger.name != "asyncio" else logging.WARNING)
        logger.propagate = False
        logger.addHandler(witness)
    _begin_anew()
    before = _memory_mb("VmRSS")
    signal.signal(signal.SIGPROF, _too_much)
    signal.setitimer(signal.ITIMER_PROF, MOST_WORK_S)
    try:
        yield witness
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        witness.memory_mb = _memory_mb("VmHWM") - before
        for logger, level, propagate in levels:
            logger.removeHandler(witness)
            logger.setLevel(level)
            logger.propagate = propagate


def unclean(text: str) -> str:
    """The letters of it that no terminal should get; "" where there are none."""
    return " ".join(sorted({f"U+{ord(found):04X}" for found in UNCLEAN.findall(text)}))


def home(folder: Path) -> None:
    """Nobody's, for this process."""
    os.environ["ALOUD_HOME"] = str(folder)
