"""Where an utterance begins, pauses and ends. Pure push/flush: frames and probabilities in, segments out.

Positions are samples since the start at ``HEARING_RATE``. The times are the table of docs/architecture.md:
200 ms of voice begin an utterance, the 500 ms before it belong to it, 32 ms of silence are a pause (perhaps
the end), ``silence_ms`` of it are the end, and after ``longest_s`` an endless talker is cut, nothing lost.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from config.settings.model import ListenSettings
from voice.audio.samples import FRAME_SAMPLES, HEARING_RATE, Samples


@dataclass(frozen=True, slots=True)
class Started:
    """Voice for ``start_ms``: somebody speaks. ``since``: where the voice began."""

    since: int


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Sound of the utterance under way, without a gap, the moments before it first."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Sustained:
    """Voice for ``confirm_ms``, the closures of plosives within it included."""


@dataclass(frozen=True, slots=True)
class Paused:
    """``preflight_ms`` of silence. What follows is held back until it proves to be speech (``Resumed``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Lull:
    """``LULL_MS`` of silence. ``samples``: those since the pause, which are held back still."""

    samples: Samples


@dataclass(frozen=True, slots=True)
class Resumed:
    """The pause was none; the sound held back follows."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance is over. ``start``, ``end``: where its voice began and ended, in samples."""

    start: int
    end: int


SegmenterEvent = Started | Sound | Sustained | Paused | Lull | Resumed | Ended

LULL_MS = 200
"""After so much silence a turn model can judge by the sound: Smart Turn was trained on as much."""


_DIP_FRAMES = 2
"""Windows without voice that do not break a beginning: a plosive's closure lasts 50-60 ms."""


def _frames(ms: float) -> int:
    return max(1, round(ms * HEARING_RATE / 1000 / FRAME_SAMPLES))


class Segmenter:
    """Push a frame of ``FRAME_SAMPLES`` with its voice probability; get what it decided."""

    def __init__(self, settings: ListenSettings, *, confirm_ms: int = 200) -> None:
        self._settings = settings
        self._start_frames = _frames(settings.start_ms)
        self._preflight_frames = _frames(settings.preflight_ms)
        self._lull_frames = max(_frames(LULL_MS), self._preflight_frames + 1)
        self._end_frames = _frames(settings.silence_ms)
        self._confirm_frames = _frames(confirm_ms)
        self._longest = round(settings.longest_s * HEARING_RATE)
        self._before: deque[Samples] = deque(maxlen=_frames(settings.before_ms) + self._start_frames + 2)
        self._held: list[Samples] = []
        self._position = 0
        self._voiced = False
        self._speaking = False
        self._forget()

    def _forget(self) -> None:
        """Nothing has been heard yet of the next utterance."""
        self._run = self._dip = self._silent = self._since = self._end = 0
        self._lasted = 0
        """Frames of voice, and of the dips within it: a plosive's closure is part of a word."""
        self._confirmed = False
        self._held.clear()
        self._wait_frames = self._end_frames

    def expect(self, silence_ms: float) -> None:
        """In the pause under way, or before the next: so much silence ends the utterance. Voice undoes it."""
        self._wait_frames = max(self._preflight_frames + 1, _frames(silence_ms))

    @property
    def speaking(self) -> bool:
        return self._speaking

    def push(self, frame: Samples, probability: float) -> list[SegmenterEvent]:
        threshold = self._settings.leave if self._voiced else self._settings.start
        self._voiced = probability >= threshold
        self._position += len(frame)
        return self._during(frame) if self._speaking else self._waiting(frame)

    def flush(self) -> list[SegmenterEvent]:
        """The sound is over, or nobody is near any more: so is an utterance under way."""
        if not self._speaking:
            return []
        segments: list[SegmenterEvent] = [] if self._silent >= self._preflight_frames else [Paused()]
        return [*segments, self._close()]

    def _waiting(self, frame: Samples) -> list[SegmenterEvent]:
        self._before.append(frame)
        if self._voiced:
            if not self._run:
                self._since = self._position - len(frame)
            self._run += 1
            self._lasted += 1 + self._dip
            self._dip = 0
        elif self._run:
            self._dip += 1
            if self._dip > _DIP_FRAMES:
                self._run = self._dip = self._lasted = 0
        if self._run < self._start_frames:
            return []
        self._speaking, self._end, self._silent = True, self._position, 0
        before = list(self._before)
        self._before.clear()
        return [Started(self._since), *map(Sound, before), *self._confirm()]

    def _during(self, frame: Samples) -> list[SegmenterEvent]:
        segments = self._voice(frame) if self._voiced else self._quiet(frame)
        if self._speaking and self._position - self._since >= self._longest:
            segments += self._cut()
        return segments

    def _voice(self, frame: Samples) -> list[SegmenterEvent]:
        segments: list[SegmenterEvent] = [Resumed()] if self._silent >= self._preflight_frames else []
        segments += [Sound(held) for held in self._held]
        self._held.clear()
        self._wait_frames = self._end_frames
        self._lasted += 1 + (self._silent if self._silent <= _DIP_FRAMES else 0)
        self._silent, self._end = 0, self._position
        return [*segments, Sound(frame), *self._confirm()]

    def _quiet(self, frame: Samples) -> list[SegmenterEvent]:
        self._silent += 1
        if self._silent > self._preflight_frames:
            self._held.append(frame)
            lull: list[SegmenterEvent] = (
                [Lull(np.concatenate(self._held))] if self._silent == self._lull_frames else []
            )
            return [*lull, self._close()] if self._silent >= self._wait_frames else lull
        return [Sound(frame), Paused()] if self._silent == self._preflight_frames else [Sound(frame)]

    def _confirm(self) -> list[SegmenterEvent]:
        if self._confirmed or self._lasted < self._confirm_frames:
            return []
        self._confirmed = True
        return [Sustained()]

    def _close(self) -> Ended:
        ended = Ended(self._since, self._end)
        self._before.extend(self._held)
        self._speaking = False
        self._forget()
        return ended

    def _cut(self) -> list[SegmenterEvent]:
        """An endless talker: end here, and begin again at once with the very next sample."""
        if not self._voiced:
            return [*self.flush()]
        ended = Ended(self._since, self._end)
        self._forget()
        self._since = self._end = self._position
        return [Paused(), ended, Started(self._since)]
