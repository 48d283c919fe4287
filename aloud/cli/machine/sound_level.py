"""How loud a room is and how loud a person in it: what a microphone brings, as figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voice.audio.samples import FRAME_SAMPLES, Samples, window_power

SILENCE_DBFS = -120.0
"""What has no level at all counts as this."""
CLIPPED = 0.98
"""A sample beyond it stands at the end of the scale, also after resampling."""
_ABOVE_DB = 8.0
"""A frame of speech is so much louder than the room."""


@dataclass(frozen=True, slots=True)
class RoomLevel:
    """Nobody speaks. In dBFS."""

    noise_dbfs: float

    @property
    def dead(self) -> bool:
        """Not one sample: muted, or no microphone behind the socket."""
        return self.noise_dbfs <= SILENCE_DBFS + 1.0


@dataclass(frozen=True, slots=True)
class SpeechLevel:
    """Of a spoken sentence. ``clipped``: the share of its samples that were cut off."""

    speech_dbfs: float
    peak_dbfs: float
    clipped: float


def decibels(power: float) -> float:
    """Of a mean square, 1 being full scale."""
    return float(10.0 * np.log10(max(power, 10 ** (SILENCE_DBFS / 10))))


def room_level(quiet: Samples) -> RoomLevel:
    """The median of its frames: a door that falls shut meanwhile is no noise of the room."""
    powers = window_power(quiet, FRAME_SAMPLES)
    return RoomLevel(decibels(float(np.median(powers))) if len(powers) else SILENCE_DBFS)


def speech_level(spoken: Samples, room: RoomLevel) -> SpeechLevel | None:
    """None: nothing in it is louder than the room."""
    powers = window_power(spoken, FRAME_SAMPLES)
    loud = powers[powers > 10 ** ((room.noise_dbfs + _ABOVE_DB) / 10)]
    if not len(loud):
        return None
    heights = np.abs(spoken)
    clipped = float(np.mean(heights >= CLIPPED))
    return SpeechLevel(decibels(float(loud.mean())), decibels(float(heights.max()) ** 2), clipped)
