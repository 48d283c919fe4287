"""What became of an answer, by its sound alone: where it went down, and where it went on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.audio.output.playback_buffer import RAMP_S
from voice.audio.samples import Samples
from voice.audio.speech import Speech

_RUN_S = 0.1
"""So much sound, to the sample, is recognised as that of the answer."""
_FAINT = 1e-3
"""-60 dBFS."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """Positions in the answer, in samples."""

    ducked_at: int
    resumed_at: int
    right: bool
    """From the word on during which it was turned down, and not from long before."""


def word_starts(given: Sequence[Speech], rate: int) -> list[int]:
    starts, begin = [], 0
    for speech in given:
        scale = rate / speech.audio.rate
        starts += [begin + round(word.start * scale) for word in speech.words] or [begin]
        begin += len(speech.audio.at_rate(rate).samples)
    return starts


def follow(heard: Samples, own: Samples, starts: Sequence[int], rate: int) -> list[Resumption] | None:
    """``heard``: all that sounded, without silences; ``own``: the answer undisturbed. None: not all of it was
    heard at full volume (but for the ramp of 15 ms with which a word begins again).
    """
    ramp = round(RAMP_S * rate) + 2
    found: list[Resumption] = []
    at = position = 0
    while True:
        same = _same(heard[at:], own[position:])
        at, position = at + same, position + same
        if position >= len(own):
            return found
        resumed = _resumed(heard[at:], own, starts, position, ramp, round(_RUN_S * rate))
        if resumed is None:
            return None
        skipped, again = resumed
        first = starts[max(0, bisect_right(starts, _last_loud(own, position)) - 1)]
        last = starts[max(0, bisect_right(starts, position) - 1)]
        right = again <= last + ramp and not _loud(own[again : first - ramp])
        found.append(Resumption(position, again, right))
        at, position = at + skipped, again


def _same(one: Samples, other: Samples) -> int:
    """How many samples are the same from the beginning on."""
    both = min(len(one), len(other))
    different = np.flatnonzero(one[:both] != other[:both])
    return int(different[0]) if len(different) else both


def _resumed(
    rest: Samples, own: Samples, starts: Sequence[int], position: int, ramp: int, run: int
) -> tuple[int, int] | None:
    """(samples of ``rest`` until it, position in ``own``) of the first sound at full volume again."""
    wave, found = rest.tobytes(), []
    for start in starts:
        again = start + ramp
        mark = own[again : again + run]
        if start <= position and _loud(mark):
            where = wave.find(mark.tobytes())
            if where >= 0 and where % rest.itemsize == 0:
                found.append((where // rest.itemsize, again))
    return min(found, default=None)


def _last_loud(own: Samples, position: int) -> int:
    loud = np.flatnonzero(np.abs(own[:position]) > _FAINT)
    return int(loud[-1]) if len(loud) else 0


def _loud(samples: Samples) -> bool:
    return bool(len(samples)) and float(np.abs(samples).max()) > _FAINT
