"""What a canceller leaves of a sound, judged: is the room known by now, is it an echo or a person?"""

from __future__ import annotations

import numpy as np

from voice.audio.samples import HEARING_RATE, Samples

_RESIDUE, _RESIDUE_LEARNING, _GATED = 0.02, 0.06, 0.03
"""A sound of which so little is left was an echo, all of it; what is left is gated by 30 dB, since a voice
detector does not care how soft a voice is (of an echo 30 dB down it took one for a person's)."""
_PROMINENT, _FADES, _LASTS_S = 0.05, 0.93, 0.25
"""When so much is left of the loudest that was heard just now, somebody is near, and for so long after it:
of 10 times "stop" over a virtual sound card Silero then saw 8 frames or more of each, without 5 or more; of
80 in a made-up room 79 were noticed instead of 57, and it was startled by no echo. ``_FADES``: a frame."""
_GONE, _NOTHING = 10**-2.5, 10**-5.5
"""Of the echo's power, or absolute (-55 dBFS): when less is left, the room is known."""
_REMEMBERED = 0.97
"""Of those powers, a frame later: a second."""
_UNKNOWN_S = 10.0
"""After so much sound what is left of the echo does not grow less any more."""


def _power(samples: Samples) -> float:
    return float(np.mean(samples**2))


class Settling:
    """Whether the room is known by now: by how little is left of the echo, after ``least_s`` of sound."""

    def __init__(self, least_s: float) -> None:
        self._least = round(least_s * HEARING_RATE)
        self.begin()

    def begin(self) -> None:
        """It is another room."""
        self._sounded = 0
        self._heard = self._left = 0.0
        self.settled = False

    def push(self, heard: Samples, left: Samples) -> None:
        """While something was played: the same moments (a frame) before and after cancelling."""
        self._sounded += len(heard)
        self._heard += (1 - _REMEMBERED) * (_power(heard) - self._heard)
        self._left += (1 - _REMEMBERED) * (_power(left) - self._left)
        gone = self._left < max(_GONE * self._heard, _NOTHING)
        if self._sounded >= self._least and (gone or self._sounded >= _UNKNOWN_S * HEARING_RATE):
            self.settled = True


class Watch:
    """What a voice detector is given: what is left for the STT while somebody is near, else next to nothing
    of an echo.
    """

    def __init__(self) -> None:
        self._loudest = 0.0
        self._near = 0

    def push(self, heard: Samples, left: Samples, stt: Samples, *, settled: bool) -> Samples:
        """The same moments (a frame): before and after cancelling, and as the STT gets them."""
        before, after = _power(heard), _power(left)
        self._loudest = max(before, self._loudest * _FADES)
        if settled and after > _PROMINENT * self._loudest:
            self._near = round(_LASTS_S * HEARING_RATE)
        if self._near:
            self._near = max(0, self._near - len(left))
            return stt
        residue = _RESIDUE if settled else _RESIDUE_LEARNING
        return left * np.float32(_GATED) if after < residue * before else left
