"""Keys of a dictation in the terminal: space or enter begins and ends, Esc gives up, q ends the program."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Literal

import anyio

from config.system.standard_streams import read_now

Act = Literal["begin", "end", "cancel", "quit"]

_REPEATS_S = 0.8
"""A key that is held comes again within so long (X11: 0.66 s, others 0.25 to 0.5 s) ..."""
_RELEASED_S = 0.3
"""... and then every 30 ms or so: this much without one, and it was let go."""
_TALK = b" \r\n"


class Keys:
    """Push what the keys sent, with the moment; get what is to be done. Pure but for ``talking``, which says
    whether a take is under way.

    A terminal tells no releases. A key that is held repeats: then letting go ends the take. One that is
    tapped does not: then the next tap ends it. ``holds`` False: a key only ends.
    """

    def __init__(self, talking: Callable[[], bool], *, holds: bool) -> None:
        self._talking = talking
        self._holds = holds
        self._held = False
        self._last = float("-inf")

    def push(self, data: bytes, at: float) -> list[Act]:
        if data == b"\x1b":  # alone: an arrow would bring more
            return ["cancel"]
        if data[:1] == b"\x1b":
            return []
        if b"q" in data or b"\x04" in data:
            return ["quit"]
        acts: list[Act] = []
        for key in data:
            if key in _TALK:
                acts += self._talk(at, talking=("begin" in acts or self._talking()) and "end" not in acts)
        return acts

    def _talk(self, at: float, *, talking: bool) -> list[Act]:
        since, self._last = at - self._last, at
        if not talking:
            self._held = False
            return ["begin"] if self._holds else []
        if self._holds and since < (_RELEASED_S if self._held else _REPEATS_S):
            self._held = True
            return []
        self._held = False
        return ["end"]

    def tick(self, at: float) -> list[Act]:
        """Call it every 0.1 s."""
        if not self._held or at - self._last < _RELEASED_S:
            return []
        self._held = False
        return ["end"]


async def press(keys: Keys, act: Callable[[Act], None]) -> None:
    """Until standard input ends. Within ``aloud.cli.terminal.keyboard.keys``."""
    number = sys.stdin.fileno()
    while True:
        data: bytes | None = None
        with anyio.move_on_after(0.1), contextlib.suppress(PermissionError):
            await anyio.wait_readable(number)
            data = read_now(number, 256)
        for each in keys.push(data, anyio.current_time()) if data else keys.tick(anyio.current_time()):
            act(each)
        if data == b"":
            return
