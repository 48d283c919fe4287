"""A crowd, and the one in it who is near. Pure push: frames and probabilities in, those of a near voice out.

To the voice detector ten people who talk at once are one voice without an end. What tells them from a person
is that they never pause and hardly rise and fall. Once that is known, a frame counts as voice only while it
stands out of the crowd, so that a near voice's own pauses end its turn; as soon as the detector hears a pause
again, there is no crowd.

Measured on recordings of people, over 5 s, in frames of 32 ms: the 5 % loudest are above the 10 % quietest by
5.6 to 10.7 dB in a crowd of ten, and in none of 360 s was there a pause of 128 ms. Readers have 12.6 dB and
more, 19 with all their pauses cut out; with noise or music 6 dB below them 5.6 to 17, but they pause. Over
160 ms a crowd is 6.5 dB above its own 10 % quietest for long enough to begin an utterance 2 to 3 times a
minute, mostly of 1 to 3 s; of 30 questions 6 dB above each of nine talkers 29 were found, at 10 dB all.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Samples

VOICED = 0.35
"""A frame less likely to hold a voice than this is a pause of everybody (``listen.leave``)."""
STANDS_OUT_DB, STAYS_DB = 6.5, 5.5
"""Over the floor of the crowd: a near voice begins, goes on."""


def _frames(seconds: float) -> int:
    return round(seconds * HEARING_RATE / FRAME_SAMPLES)


_PAUSE = 4
"""Frames (128 ms) in which nobody speaks: no crowd."""
_UNBROKEN, _SURE, _OVER = _frames(6.0), _frames(7.6), _frames(8.6)
"""So long without a pause: perhaps a crowd; here it may rise and fall most; what began as its non-speech
ends.
"""
_FLAT_DB, _MOST_DB = 9.0, 11.0
"""Between the 10 % quietest and the 5 % loudest frames of the last 6 s, after 6 s and after 7.6 s."""
_SMOOTH = 5
"""Frames (160 ms): the level of a syllable."""
_FLOOR = _frames(8.0)
"""The crowd is as loud as in the last so many frames; one that grows louder is the floor soon after."""
_EVERY = 8
"""Frames from one look at the levels to the next (256 ms)."""
_HANGS = 8
"""Frames (256 ms) after the last loud syllable that are a near voice's still: its soft ones."""
_DIP = 3
"""Frames (96 ms) in which no near voice is cut in a word."""


class Crowd:
    """One stream's. ``known``: whether many talk now, as far as can be told."""

    def __init__(self) -> None:
        self._powers: deque[float] = deque(maxlen=_SMOOTH)
        self._frames: deque[float] = deque(maxlen=_UNBROKEN)
        self._levels: deque[float] = deque(maxlen=_FLOOR)
        self._forget()

    def _forget(self) -> None:
        """Somebody, or everybody, has paused."""
        self.known = False
        self.over = False
        """True for one frame: an utterance that is still under way now is the crowd's, and ends."""
        self._unbroken = self._quiet = 0
        self._onset = True
        """What is under way may have begun as the non-speech of a crowd that was not known."""
        self._since_near = _HANGS
        self._floor = 0.0

    def near(self, frame: Samples, probability: float, *, speaking: bool) -> float:
        """The probability that a near voice is in this frame: 0 where it is the crowd's.

        ``speaking``: an utterance is under way.
        """
        level = self._level(frame)
        self._quiet = 0 if probability >= VOICED else self._quiet + 1
        if self._quiet >= _PAUSE:
            self._forget()
            return probability
        self._unbroken += 1
        if self._unbroken % _EVERY == 0:
            self._look()
        near = not self.known or self._stands_out(level, speaking)
        self.over = self._onset and self.known and self._unbroken >= _OVER and self._since_near >= _DIP
        self._onset = self._onset and not self.over
        return probability if near else 0.0

    def _level(self, frame: Samples) -> float:
        """dBFS over the last ``_SMOOTH`` frames."""
        power = float(np.dot(frame, frame)) / max(len(frame), 1) + 1e-12
        self._powers.append(power)
        self._frames.append(10 * np.log10(power))
        level = float(10 * np.log10(np.mean(self._powers)))
        self._levels.append(level)
        return level

    def _look(self) -> None:
        if not self.known and self._unbroken >= _UNBROKEN:
            low, high = np.percentile(self._frames, [10, 95])
            share = min(1.0, (self._unbroken - _UNBROKEN) / (_SURE - _UNBROKEN))
            self.known = bool(high - low < _FLAT_DB + share * (_MOST_DB - _FLAT_DB))
        if self.known:
            self._floor = float(np.percentile(self._levels, 10))

    def _stands_out(self, level: float, speaking: bool) -> bool:
        over = level - self._floor
        if over > (STAYS_DB if speaking else STANDS_OUT_DB):
            self._since_near = 0
        else:
            self._since_near += 1
        return self._since_near < (_HANGS if speaking else 1)
