"""The linear part of an echo, learned and taken away: a partitioned-block frequency-domain Kalman filter.

WebRTC's AEC3 leaves no echo, and while both speak little of the person either: what is as loud as the echo
it suppresses with it. This filter suppresses nothing, it only subtracts what it predicts, and it does not
unlearn while both speak, since the Kalman gain falls as what is left grows. It stands before AEC3, which then
meets an echo that is well below the person.

The equations are those of G. Enzner and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo
control in hands-free telephones", Signal Processing 86 (2006), in the partitioned form of F. Kuech,
E. Mabande and G. Enzner, "State-space architecture of the partitioned-block-based acoustic echo controller",
ICASSP 2014. The constants were chosen by how fast the echo of a person and of espeak fell in a synthetic
room (RT60 0.3 s, a loudspeaker that bends peaks): by 14 to 20 dB after 5 s, by 22 to 24 dB in the end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.audio.samples import HEARING_RATE, Samples

BLOCK = HEARING_RATE // 100
"""Samples a call takes: 10 ms, as AEC3 does; ``pywebrtc_audio`` 0.2 pads anything else with silence (-1.3 dB
at 512 samples)."""
_TAIL_S = 0.6
"""How long after its reference an echo may still be heard: the delays of the devices, and the room."""
_KEPT = 0.9995**2
"""A of the state equation, squared: how much of the room is the same 10 ms later."""
_UNKNOWN = 0.01
"""The variance of what has not been learned yet. More lets the filter begin wildly (-13 dB for 4 s at 10)."""
_SMOOTHED = 0.8
"""Of the power of what is left, 10 ms before."""
_CONSTRAINED = 4
"""Each block one partition in so many is made causal again: an inverse transform less for the others."""


_TRIED_BLOCKS = 30
"""Of sound, 0.3 s: after that it is known which of two rooms it is."""
_LOST_BLOCKS = 150
"""Of sound, 1.5 s without success: nobody speaks over an answer so long before that is turned down."""
_AUDIBLE = 1e-6
"""Power (-60 dBFS) of what was played, from which on it counts as sound."""


class LinearEcho:
    """Push blocks of ``BLOCK`` samples at 16 kHz. What was learned is kept while nothing is played."""

    def __init__(self) -> None:
        self._partitions = -(-round(_TAIL_S * HEARING_RATE) // BLOCK)
        shape = (self._partitions, BLOCK + 1)
        self._paths = np.zeros(shape, np.complex64)
        self._doubts = np.full(shape, _UNKNOWN, np.float32)
        self._left = np.zeros(BLOCK + 1, np.float32)
        self._turn = 0
        self._other: NDArray[np.complex64] | None = None
        self._tried = 0
        self._errors = np.zeros(3)
        self._gained, self._vain = 0, 0
        self.knows = False
        """It has once gained something from what it learned of this room."""
        self.forgot = False
        """With the last block: the room is another one, and is learned anew."""
        self.rest()

    def rest(self) -> None:
        """What was played before is silent now; the room is still the room."""
        self._far = np.zeros(2 * BLOCK, np.float32)
        self._spectra = np.zeros((self._partitions, BLOCK + 1), np.complex64)

    def push(self, near: Samples, far: Samples) -> Samples:
        """One block of the microphone, without what is predicted of the echo of all that was played."""
        self.forgot = False
        self._far = np.concatenate([self._far[BLOCK:], far])
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(self._far)
        left = self._without(near, self._paths)
        if float(np.mean(far**2)) < _AUDIBLE:
            self._learn(left)
        elif self._other is not None:
            left = self._compare(near, left)
        else:
            self._learn(left)
            self._watch(near, left)
        return left

    def moved(self, samples: int) -> None:
        """The reference runs so many samples further ahead than before. If no sound was lost, its
        echo comes so much later; if that is why, as late as before. Which of the two, the next sound shows.
        """
        if not self._paths.any():
            return
        response = np.fft.irfft(self._paths, axis=1)[:, :BLOCK].ravel()
        there = np.zeros_like(response)
        size = max(0, len(response) - abs(samples))
        if samples > 0:
            there[len(there) - size :] = response[:size]
        else:
            there[:size] = response[len(response) - size :]
        padded = np.pad(there.reshape(-1, BLOCK), ((0, 0), (0, BLOCK)))
        self._other = np.fft.rfft(padded, axis=1).astype(np.complex64)
        self._tried, self._errors = 0, np.zeros(3)

    def _without(self, near: Samples, paths: NDArray[np.complex64]) -> Samples:
        echo = np.fft.irfft(np.einsum("pf,pf->f", paths, self._spectra))[BLOCK:]
        return (near - echo).astype(np.float32)

    def _compare(self, near: Samples, left: Samples) -> Samples:
        """While there are two rooms nothing is learned; the better one is believed."""
        assert self._other is not None
        otherwise = self._without(near, self._other)
        self._errors += [float(np.mean(each**2)) for each in (near, left, otherwise)]
        heard, as_before, moved = self._errors
        self._tried += 1
        if self._tried >= _TRIED_BLOCKS:
            self._paths = self._other if moved < as_before else self._paths
            self._other = None
            if min(as_before, moved) > heard:
                self._forget()
        return otherwise if moved < as_before else left

    def _watch(self, near: Samples, left: Samples) -> None:
        """For long nothing was gained, and once it was: the room is another one. Learn it anew."""
        gained = float(np.mean(left**2)) < 0.5 * float(np.mean(near**2))
        self._gained, self._vain = (self._gained + 1, 0) if gained else (0, self._vain + 1)
        self.knows = self.knows or self._gained >= _TRIED_BLOCKS
        if self.knows and self._vain >= _LOST_BLOCKS:
            self._forget()

    def _forget(self) -> None:
        self.forgot, self.knows = True, False
        self._paths[:] = 0
        self._doubts[:] = _UNKNOWN

    def _learn(self, left: Samples) -> None:
        error = np.fft.rfft(np.concatenate([np.zeros(BLOCK, np.float32), left])).astype(np.complex64)
        self._left *= _SMOOTHED
        self._left += (1 - _SMOOTHED) * np.abs(error) ** 2
        power = np.abs(self._spectra) ** 2
        # What the doubts let expect of the error: half, since half of each transform is zeros.
        expected = 0.5 * np.einsum("pf,pf->f", power, self._doubts) + self._left + np.float32(1e-10)
        step = self._doubts / expected
        self._doubts *= 1 - 0.5 * step * power
        self._doubts *= _KEPT
        self._doubts += (1 - _KEPT) * np.abs(self._paths) ** 2
        self._paths += step * self._spectra.conj() * error
        self._turn = (self._turn + 1) % _CONSTRAINED
        some = slice(self._turn, None, _CONSTRAINED)
        response = np.fft.irfft(self._paths[some], axis=1)
        response[:, BLOCK:] = 0
        self._paths[some] = np.fft.rfft(response, axis=1)
