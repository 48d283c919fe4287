"""What C libraries write to standard error, kept from the screen: ALSA tells of every device and underrun."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_deep = 0
_stderr: int | None = None
_let_through = False


def let_through() -> None:
    """From now on nothing is kept quiet: ``--debug``."""
    global _let_through
    _let_through = True


@contextmanager
def quiet() -> Iterator[None]:
    """While it is held, what C writes to standard error goes nowhere.

    What Python writes there goes past it: things are told of that matter. Of several at once, in any
    threads, the first closes it and the last opens it again.
    """
    global _deep, _stderr
    with _lock:
        _deep += 1
        if _deep == 1 and not _let_through:
            _stderr = _redirect()
    try:
        yield
    finally:
        with _lock:
            _deep -= 1
            if not _deep and _stderr is not None:
                os.dup2(_stderr, 2)
                os.close(_stderr)
                _stderr = None


def _redirect() -> int | None:
    try:
        kept = os.dup(2)
        _let_python_past()
    except OSError:  # standard error is closed: nothing to keep quiet
        return None
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    return kept


def _let_python_past() -> None:
    """``sys.stderr`` gets a number of its own, for good, where it is number 2."""
    stream = sys.stderr
    with contextlib.suppress(OSError, AttributeError, ValueError):  # there is none, or none with a number
        if stream.fileno() == 2:
            stream.flush()
            encoding, errors = stream.encoding, stream.errors
            sys.stderr = open(os.dup(2), "w", 1, encoding, errors, closefd=False)  # noqa: SIM115
