"""What ends a program from outside, before anything else of it is there: nothing is imported here."""

from __future__ import annotations

import os
import signal
from types import FrameType

INTERRUPTED = 130
ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name))
"""Each ends a command as Ctrl-C does. SIGQUIT too: it would leave a terminal that shows nothing one types."""


def end_at_once(number: int, frame: FrameType | None) -> None:
    """Where nothing has begun yet."""
    os._exit(INTERRUPTED)


def end_while_it_begins() -> None:
    """While everything is imported: nothing is to be kept yet, and nobody wants to hear of an import. Those
    that are ignored, by nohup or by a shell in the background, stay so.
    """
    for number in (signal.SIGINT, *ENDING):
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, end_at_once)
