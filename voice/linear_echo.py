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

from voice.audio import HEARING_RATE, Samples

BLOCK = HEARING_RATE // 100
"""Samples a call takes: 10 ms, as AEC3 does."""
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


class LinearEcho:
    """Push blocks of ``BLOCK`` samples at 16 kHz. What was learned is kept while nothing is played."""

    def __init__(self) -> None:
        self._partitions = -(-round(_TAIL_S * HEARING_RATE) // BLOCK)
        shape = (self._partitions, BLOCK + 1)
        self._paths = np.zeros(shape, np.complex64)
        self._doubts = np.full(shape, _UNKNOWN, np.float32)
        self._left = np.zeros(BLOCK + 1, np.float32)
        self._turn = 0
        self.rest()

    def rest(self) -> None:
        """What was played before is silent now; the room is still the room."""
        self._far = np.zeros(2 * BLOCK, np.float32)
        self._spectra = np.zeros((self._partitions, BLOCK + 1), np.complex64)

    def push(self, near: Samples, far: Samples) -> Samples:
        """One block of the microphone, without what is predicted of the echo of all that was played."""
        self._far = np.concatenate([self._far[BLOCK:], far])
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = np.fft.rfft(self._far)
        echo = np.fft.irfft(np.einsum("pf,pf->f", self._paths, self._spectra))[BLOCK:]
        left = (near - echo).astype(np.float32)
        self._learn(left)
        return left

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
