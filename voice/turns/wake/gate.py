"""Attention: whether what is said is meant for the assistant. Asleep, it waits for the wake word alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from typing import Literal, Protocol

from voice.audio.samples import Audio, Samples

Change = Literal["woke", "slept"]


class WakeDetector(Protocol):
    """``voice.turns.wake.wake_word.WakeWord`` fulfils it."""

    def push(self, frame: Samples) -> bool: ...

    def reset(self) -> None: ...


class WakeWordGate:
    """Push frames with the moment at which each was captured; it says when it woke or fell asleep.

    ``follow_up_s``: awake so long after the last thing that happened, an answer's last sample included; None:
    until ``sleep`` (no wake word is wanted, only "go to sleep" and back).
    """

    def __init__(self, wake: WakeDetector, follow_up_s: float | None) -> None:
        self._wake = wake
        self._follow_up_s = follow_up_s
        self.awake = follow_up_s is None
        self._until = 0.0
        self._sleepy = False

    def push(self, frame: Samples, now: float, *, busy: bool) -> Change | None:
        """``now``: seconds, where the frame ends. ``busy``: somebody speaks, or an answer is on its way."""
        if not self.awake:
            return self._listen_for_it(frame, now)
        if busy:
            self._until = now + (self._follow_up_s or 0.0)
            return None
        timed_out = self._follow_up_s is not None and now >= self._until
        if not (self._sleepy or timed_out):
            return None
        self.awake = self._sleepy = False
        self._wake.reset()
        return "slept"

    def _listen_for_it(self, frame: Samples, now: float) -> Change | None:
        if not self._wake.push(frame):
            return None
        self.awake = True
        self._until = now + (self._follow_up_s or 0.0)
        return "woke"

    def sleep(self) -> None:
        """As soon as nobody speaks."""
        self._sleepy = True


async def pass_gate(
    frames: AsyncIterator[Audio],
    gate: WakeWordGate,
    busy: Callable[[], bool],
    now: Callable[[], float],
    changed: Callable[[Change], None],
) -> AsyncGenerator[Audio, None]:
    """Pass frames on, and tell each change. Owns nothing; ``listen(deaf=...)`` makes it deaf while asleep."""
    async for frame in frames:
        if change := gate.push(frame.samples, now(), busy=busy()):
            changed(change)
        yield frame
