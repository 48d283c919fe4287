"""Whether the microphone brings nothing at all, though somebody may be speaking into it."""

from __future__ import annotations

from voice.microphone import FRAME_S

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

    def push(self, db: float, expected: bool = True) -> None:
        self._nothing_s = self._nothing_s + FRAME_S if expected and db < NOTHING_DB else 0.0

    def __bool__(self) -> bool:
        return self._nothing_s >= NOTHING_S
