"""Typed text in a spoken conversation: a line editor for the live view, plain lines for programs."""

from __future__ import annotations

import codecs
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from types import FrameType

import anyio
import anyio.lowlevel

from config.runtime.clean import CleanText, clean
from config.runtime.installation import typed_here
from config.runtime.printing import print_text
from config.system.standard_streams import StandardInputError, read_now
from pipeline.conversation.converse import MOST_TYPED

_BLANKS = " \t"
_AT_ONCE = 65_536
"""Bytes."""


_END = b"\x04"
"""Ctrl-D."""
_SHOW_CURSOR = b"\x1b[?25h"


class LineEditor:
    """Pure: push what the keys sent, get finished lines; ``text`` is the line being typed.

    Backspace, Ctrl-U (all), Ctrl-W (a word); arrows and other escape sequences are let pass unheeded.
    """

    def __init__(self) -> None:
        self.text = ""
        self._escape = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def push(self, data: bytes) -> list[str]:
        lines = []
        for key in self._decoder.decode(data):
            if self._escaped(key):
                continue
            if key in "\r\n":
                lines.append(self.text)
                self.text = ""
            else:
                self._edit(key)
        return lines

    def _escaped(self, key: str) -> bool:
        """Whether the key belongs to an escape sequence: ``ESC [ ... a``, ``ESC O a``, ``ESC a``."""
        if not self._escape:
            self._escape = key if key == "\x1b" else ""
            return bool(self._escape)
        self._escape += key
        begun = self._escape in ("\x1b[", "\x1bO")
        inside = self._escape.startswith("\x1b[") and not "@" <= key <= "~"
        if not (begun or inside):
            self._escape = ""
        return True

    def _edit(self, key: str) -> None:
        if key in "\x7f\x08":
            self.text = self.text[:-1]
        elif key == "\x15":
            self.text = ""
        elif key == "\x17":
            kept = self.text.rstrip(_BLANKS)
            self.text = kept[: max(kept.rfind(" "), kept.rfind("\t")) + 1]
        elif key.isprintable() or key == "\t":
            self.text += key


@contextlib.contextmanager
def keys() -> Iterator[bool]:
    """Keys come one by one and unechoed until it is left; False where there are none (Windows, a pipe)."""
    try:
        import termios
        import tty

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        tty.setcbreak(number)  # Ctrl-C stays what it is
        stopping = signal.getsignal(signal.SIGTSTP)
    except (ImportError, OSError, ValueError, AttributeError, termios.error):
        yield False
        return

    def stop(signalled: int, frame: FrameType | None) -> None:
        """Ctrl-Z: whose the terminal is meanwhile finds it as it was."""
        with contextlib.suppress(termios.error, OSError):
            termios.tcsetattr(number, termios.TCSADRAIN, before)
            os.write(number, _SHOW_CURSOR)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, stop)
        with contextlib.suppress(termios.error, OSError):
            if os.tcgetpgrp(number) == os.getpgrp():  # else it goes on without a keyboard
                tty.setcbreak(number)

    heeds = stopping == signal.SIG_DFL and threading.current_thread() is threading.main_thread()
    if heeds:
        signal.signal(signal.SIGTSTP, stop)
    try:
        yield True
    finally:
        if heeds:
            signal.signal(signal.SIGTSTP, stopping)
        with contextlib.suppress(termios.error):  # the terminal may have gone
            termios.tcsetattr(number, termios.TCSADRAIN, before)


async def typed_lines(typing: Callable[[CleanText], None]) -> AsyncIterator[str]:
    """Lines typed in the live view; ``typing`` is told the line as it grows. Ends with standard input, or
    with Ctrl-D on an empty line.

    Within ``keys()``.
    """
    editor = LineEditor()
    async for data in _read():
        if data == _END and not editor.text:
            return
        for line in editor.push(data):
            yield line
        typing(clean(editor.text))


async def piped_lines() -> AsyncIterator[str]:
    """Lines of standard input: another program types. Nothing is read ahead of the line that is wanted but
    what came with it; of a line that is too long for a turn only so much is kept that this can be seen.
    """
    rest, decoder = "", codecs.getincrementaldecoder("utf-8")(errors="replace")
    async for data in _read():
        *lines, rest = (rest + decoder.decode(data)).split("\n")
        for line in lines:
            yield line
        rest = rest[: MOST_TYPED + 1]
    if rest := rest + decoder.decode(b"", final=True):
        yield rest


def tell_of_timers(kept: bool) -> None:
    """``kept``: nothing waits for them."""
    if kept:
        text = typed_here("A timer is kept. It rings while this runs, or at its next start: aloud talk")
    else:
        text = "A timer is running: it ends when that has rung. To end now: Ctrl-C"
    print_text(clean(text), file=sys.stderr, flush=True)


async def _read() -> AsyncIterator[bytes]:
    if sys.stdin is None:
        return
    number = sys.stdin.fileno()
    while True:
        try:
            await anyio.wait_readable(number)
        except PermissionError:  # a file is always readable, and epoll knows none; one without an end too
            await anyio.lowlevel.checkpoint()
        try:
            data = read_now(number, _AT_ONCE)
        except StandardInputError as error:
            if error.closed:  # by who started us
                return
            raise
        if not data:
            return
        yield data
