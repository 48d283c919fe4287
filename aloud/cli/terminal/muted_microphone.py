"""Whether the microphone brings nothing at all, though somebody may be speaking into it."""

from __future__ import annotations

from voice.audio.input.microphone import FRAME_S

NOTHING_DB = -119.0
"""Below it every sample is nought: not a quiet room, but a microphone that is muted or not there."""
NOTHING_S = 3.0
QUESTION = "no sound arrives: is the microphone muted?"


class Muted:
    """``push`` each frame's level, dBFS; true after ``NOTHING_S`` of nothing where sound was ``expected``.

    It is not while Aloud speaks: headsets and sound servers may close the microphone meanwhile.
    """

    def __init__(self) -> None:
        self._nothing_s = 0.0
        self._told = False

    def push(self, db: float, expected: bool = True) -> bool:
        """Whether it is to be told now: once, until a sound has arrived."""
        nothing = db < NOTHING_DB
        self._nothing_s = self._nothing_s + FRAME_S if expected and nothing else 0.0
        told, self._told = self._told, nothing and (self._told or bool(self))
        return self._told and not told

    def __bool__(self) -> bool:
        return self._nothing_s >= NOTHING_S
