"""A process of its own that reads one file: ``python -I worker.py FORMAT SUFFIX``, started by
``pipeline.files.convert.apart``.

Files come from strangers, and what reads them is old and large. Here it may use a gigabyte, write no file,
reach no network, work for five seconds, and be killed. Of ours it has only the modules of
``pipeline.files.formats``.

Standard input: the file itself, opened. Standard output: a line of JSON a piece, then ``{"ended": WHY}``:
``whole``; ``time`` or ``long``, when there was more; ``missing``, a package; or why it was refused.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import time
import types
from pathlib import Path
from typing import Any

MEMORY = 1_000_000_000
WORK_S = 5.0
"""Seconds of the processor, until the system ends it."""
ENOUGH_S = 3.5
"""After so many what is done is handed over, and the rest is told to be left out."""
MOST_LETTERS = 20_000_000
MOST_PIECES = 100_000
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
"""``CLONE_NEWNET``: a network of its own, in which there is nothing. ``CLONE_NEWUSER``: who is not root may
have that within a user's namespace; root would lose there what lets it read other people's folders."""


def confine() -> None:
    """Limits that the system keeps; where it has none (Windows), the parent's clock is the only one."""
    try:
        import resource
    except ImportError:
        return
    if sys.platform == "linux":
        _leave_the_network()
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):
            continue
    signal.setitimer(signal.ITIMER_PROF, WORK_S)


def _leave_the_network() -> None:
    """As far as the system lets anybody: nothing here wants one, this is the second lock."""
    try:
        ctypes.CDLL(None).unshare(_NEW_NETWORK | (_NEW_USER if os.geteuid() else 0))
    except (OSError, AttributeError):
        return


def only_formats() -> None:
    """``pipeline.files.formats`` is found, and nothing else of ours."""
    folder = Path(__file__).resolve().parent.parent
    for name, paths in (("pipeline", []), ("pipeline.files", []), ("pipeline.files.formats", [str(folder)])):
        package = types.ModuleType(name)
        package.__path__ = paths
        sys.modules[name] = package


def read(name: str, suffix: str, out: Any) -> str:
    """Why it ended."""
    formats = "pipeline.files.formats"
    shared = importlib.import_module(f"{formats}.shared.format")
    looked_at = importlib.import_module(f"{formats}.shared.look").looked_at
    format = importlib.import_module(f"{formats}.{name}").FORMAT
    try:
        with open(0, "rb", closefd=False) as source:  # and not what Python made of standard input
            return written(format.read(source, looked_at(source, suffix)), out)
    except shared.RefusedError as error:
        return str(error.why)
    except ModuleNotFoundError as error:
        return "missing" if error.name == format.needs.replace("-", "_") else "damaged"
    except MemoryError:
        return "memory"
    except RecursionError:
        return "damaged"
    except Exception:  # whatever a damaged file brings about
        return "damaged"


def written(pieces: Any, out: Any) -> str:
    letters = 0
    for number, piece in enumerate(pieces):
        out.write(json.dumps(piece).encode() + b"\n")
        letters += len(piece.get("text", ""))
        if letters > MOST_LETTERS or number > MOST_PIECES:
            return "long"
        if time.process_time() > ENOUGH_S:
            return "time"
    return "whole"


def main() -> None:
    os.environ.clear()
    sys.dont_write_bytecode = True
    confine()
    only_formats()
    out = sys.stdout.buffer
    try:
        ended = read(sys.argv[1], sys.argv[2], out)
    except BaseException as error:  # a panic of Rust is none of Exception's
        ended = "damaged" if not isinstance(error, SystemExit) else "memory"
    out.write(json.dumps({"ended": ended}).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
