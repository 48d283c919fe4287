"""Logs: what the program did, for whoever looks for a fault. Beside the events, on standard error, off by
default.

A logger a module, under the five packages; other people's packages are left as they are. Nothing that a
person said, wrote or was told is in a log above ``debug``: what may be shown to others must hold no
conversation.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, TextIO

from config.runtime.clean import clean
from config.runtime.printing import json_line
from config.runtime.secrets import masked

Level = Literal["debug", "info", "warning", "error"]
PACKAGES = ("config", "voice", "vision", "pipeline", "aloud")


def set_up(level: Level, *, json: bool = False, stream: TextIO | None = None) -> None:
    """From now on. ``json``: an object a line, for a collector. ``stream``: standard error if None."""
    out = logging.StreamHandler(stream or sys.stderr)
    out.setFormatter(JsonLines() if json else Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for package in PACKAGES:
        logger = logging.getLogger(package)
        logger.handlers = [out]
        logger.propagate = False
        logger.setLevel(level.upper())


class Lines(logging.Formatter):
    """Without keys and passwords, and clean."""

    def format(self, record: logging.LogRecord) -> str:
        return clean(masked(super().format(record)))


class JsonLines(logging.Formatter):
    """``{"at": SECONDS SINCE 1970, "level": "info", "logger": "voice.stt", "message": ...}``; ``error`` with
    one.
    """

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": round(record.created, 3),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info:
            told["error"] = masked(self.formatException(record.exc_info))
        return json_line(told)
