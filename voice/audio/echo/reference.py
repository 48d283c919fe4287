"""What the loudspeaker was given while the microphone heard this: two streams of one room, kept in step.

Both are counted in samples; the clock only says where the two counts begin (``ClockDrift``), because the
times of single callbacks jump by more than a room is long. It is the clock of the callbacks
(``time.monotonic``) and not PortAudio's times of the converters: what was written before it was heard stays
before it, whatever a device claims of its delays.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from voice.audio.samples import HEARING_RATE, Resampler, Samples

_KEPT_S = 12.0
"""Of what was played: a little more than the microphone's queue holds while something is slow."""
_CALLBACKS = 128
"""Whose times are remembered: 2.5 s of a device's blocks, 4 s of frames."""
_SLIP_S = 0.25
"""A callback later than this lost sound: what was known of the stream's pace is void."""
_FILLS_S = 0.3
"""A stream's first callbacks, and those after lost sound, come one upon the other to fill a device's buffer:
as if all that was given after them were given 120 ms later than it was (PulseAudio behind ALSA, measured),
and an echo then comes before its reference. They are believed no longer than that."""
_TELLING = 8
"""Callbacks after that tell the pace: of one alone nobody knows whether it was late."""
_LATEST = 0.9
"""Share of the callbacks: the few after one that came late come one upon the other as well."""


class ClockDrift:
    """Which time a stream's sample count stands for. Callbacks come late, never early: the earliest of them
    bounds what a microphone had captured, the latest what a loudspeaker had been given.
    """

    def __init__(self, bound: Callable[[deque[float]], float]) -> None:
        self._bound = bound
        self._offsets: deque[float] = deque(maxlen=_CALLBACKS)
        self._filled_at: float | None = None
        self._filled = False
        self.steady = False
        """The device's buffer is full: the times of the callbacks tell the pace of the sound."""

    def push(self, position: int, at: float) -> None:
        """Sample ``position`` at ``HEARING_RATE`` came, or went, when ``time.monotonic`` said ``at``."""
        offset = at - position / HEARING_RATE
        if self._filled_at is None or (self._offsets and offset - self._offsets[-1] > _SLIP_S):
            self._offsets.clear()
            self._filled_at, self._filled, self.steady = at + _FILLS_S, False, False
        elif not self._filled and at >= self._filled_at:
            self._offsets.clear()
            self._filled = True
        self._offsets.append(offset)
        self.steady = self._filled and len(self._offsets) >= _TELLING

    def zero(self) -> float | None:
        """``time.monotonic`` of sample 0; None before the first callback."""
        return self._bound(self._offsets) if self._offsets else None


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    begin: int
    """Samples at the device's rate that were written before it."""
    at: float
    length: int
    samples: Samples | None
    """None: silence."""


class Reference:
    """What a loudspeaker was given, and when. ``push`` belongs to the sound card's thread, all else to the
    reader's; between them lies a bounded queue whose oldest gives way.
    """

    def __init__(self, rate: int) -> None:
        self.latency_s = 0.0
        """From the callback to the ear, as the device claims."""
        self._rate = rate
        self._resampler = Resampler(rate, HEARING_RATE)
        self._blocks: deque[_Block] = deque(maxlen=round(_KEPT_S * 50))
        self._pushed = self._taken = 0
        self._ring = np.zeros(round(_KEPT_S * HEARING_RATE), np.float32)
        self.written = 0
        """Samples at 16 kHz so far, when ``zero`` was last asked."""
        self._pace = ClockDrift(_latest)

    def push(self, samples: Samples, at: float, *, silent: bool = False) -> None:
        """The callback that came ``at`` (``time.monotonic``) wrote these, at its own rate, after gain."""
        block = None if silent else samples.copy()
        self._blocks.append(_Block(self._pushed, at, len(samples), block))
        self._pushed += len(samples)

    @property
    def steady(self) -> bool:
        """See ``ClockDrift.steady``."""
        return self._pace.steady

    def zero(self) -> float | None:
        """Take in what has come; the time of sample 0 at 16 kHz (see ``ClockDrift.zero``)."""
        while self._blocks:
            block = self._blocks.popleft()
            if missing := block.begin - self._taken:  # the reader was too late: they gave way
                self._ring.fill(0.0)
                self.written += round(missing * HEARING_RATE / self._rate)
                self._taken = block.begin
            self._pace.push(self.written, block.at)
            self._write(np.zeros(block.length, np.float32) if block.samples is None else block.samples)
            self._taken += block.length
        return self._pace.zero()

    def _write(self, samples: Samples) -> None:
        resampled = self._resampler.push(samples)
        at = np.arange(self.written, self.written + len(resampled)) % len(self._ring)
        self._ring[at] = resampled
        self.written += len(resampled)

    def segment(self, begin: int, end: int) -> Samples:
        """Samples ``begin`` to ``end`` at 16 kHz; silence where none are, or no longer."""
        out = np.zeros(end - begin, np.float32)
        first = max(begin, 0, self.written - len(self._ring))
        last = min(end, self.written)
        if first < last:
            out[first - begin : last - begin] = self._ring[np.arange(first, last) % len(self._ring)]
        return out


def _latest(offsets: deque[float]) -> float:
    return sorted(offsets)[int(_LATEST * (len(offsets) - 1))]


class Aligned:
    """The stretch of a ``Reference`` that belongs to each stretch of the microphone, in step by the sample.

    The two clocks part slowly (100 ppm: 1 ms in 10 s), which the canceller follows; so the step is corrected
    only when that costs little, in silence or when the loudspeaker's pace is first known, or when they have
    parted too far.

    ``moved``: so many samples further ahead with the last ``take``; an echo follows it so much later then,
    unless sound was lost.
    """

    _SILENT_S, _SOUNDING_S = 0.03, 0.3
    _MARGIN_S, _MOST_MARGIN_S = 0.02, 0.03
    """A callback may come later than any before it: then the margin grows by what was missing. The
    loudspeaker's own buffer is longer.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._pace = ClockDrift(min)
        self._heard = 0
        self._shift: int | None = None
        self._before: int | None = None
        self._steady = False
        self._margin_s = self._MARGIN_S
        self.moved = 0

    def take(self, count: int, at: float, *, silent: bool) -> Samples:
        """For the ``count`` samples that the microphone had captured by ``at`` (``time.monotonic``)."""
        self._heard += count
        self._pace.push(self._heard, at)
        played, heard = self.reference.zero(), self._pace.zero()
        if played is None or heard is None:
            return np.zeros(count, np.float32)
        wanted = round((heard - played - self._margin_s) * HEARING_RATE)
        silent |= self.reference.steady and not self._steady
        self._steady = self.reference.steady
        allowed = (self._SILENT_S if silent else self._SOUNDING_S) * HEARING_RATE
        self.moved = 0
        if self._shift is None or abs(wanted - self._shift) > allowed:
            self.moved = 0 if self._before is None else wanted - self._before
            self._shift = self._before = wanted
        end = self._heard + self._shift
        if (missing := end - self.reference.written) > 0:
            self._shift = None  # too near: a callback is later than ever before
            self._margin_s = min(self._margin_s + missing / HEARING_RATE, self._MOST_MARGIN_S)
        return self.reference.segment(end - count, end)
