"""Keys of a dictation in the terminal: space or enter begins and ends, Esc gives up, q ends the program."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Literal

import anyio

Act = Literal["begin", "end", "cancel", "quit"]

_REPEATS_S = 0.8
"""A key that is held comes again within so long (X11: 0.66 s, others 0.25 to 0.5 s) ..."""
_RELEASED_S = 0.3
"""... and then every 30 ms or so: this much without one, and it was let go."""
_TALK = b" \r\n"


class Keys:
    """Pure: push what the keys sent, with the moment; get what is to be done.

    A terminal tells no releases. A key that is held repeats: then letting go ends the take. One that is
    tapped does not: then the next tap ends it. ``again`` False: a take is under way from the beginning, and
    one key ends it.
    """

    def __init__(self, *, again: bool) -> None:
        self._again = again
        self._talking = not again
        self._held = False
        self._last = float("-inf")

    def push(self, data: bytes, at: float) -> list[Act]:
        if data == b"\x1b":  # alone: an arrow would bring more
            self._talking = self._held = False
            return ["cancel"]
        if data[:1] == b"\x1b":
            return []
        acts: list[Act] = []
        for key in data:
            acts += self._key(bytes([key]), at)
        return acts

    def _key(self, key: bytes, at: float) -> list[Act]:
        if key in b"q\x04":
            return ["quit"]
        if key not in _TALK:
            return []
        since, self._last = at - self._last, at
        if not self._talking:
            self._talking, self._held = True, False
            return ["begin"]
        if self._again and since < (_RELEASED_S if self._held else _REPEATS_S):
            self._held = True
            return []
        self._talking = self._held = False
        return ["end"]

    def tick(self, at: float) -> list[Act]:
        """Call it every 0.1 s."""
        if not self._held or at - self._last < _RELEASED_S:
            return []
        self._talking = self._held = False
        return ["end"]

    def ended(self) -> None:
        """The take ended otherwise."""
        self._talking = self._held = False


async def press(keys: Keys, act: Callable[[Act], None]) -> None:
    """Until standard input ends. Within ``aloud.keyboard.keys``."""
    number = sys.stdin.fileno()
    while True:
        data: bytes | None = None
        with anyio.move_on_after(0.1), contextlib.suppress(PermissionError):
            await anyio.wait_readable(number)
            data = os.read(number, 256)
        for each in keys.push(data, anyio.current_time()) if data else keys.tick(anyio.current_time()):
            act(each)
        if data == b"":
            return
