"""The track: sound between the TTS and the speaker, and the account of how much of it has been heard."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from voice.audio.samples import Samples
from voice.audio.speech import Speech

RAMP_S = 0.015
"""Seconds from one volume to another: long enough not to click, short enough to feel immediate."""
FADE_S = 0.010
"""Seconds from full volume to silence when a speech is stopped or held."""
PAST_S = 3.0
"""So much of what has left stays on the track: what was said while it was turned down is said again."""
_KNEE = 0.9
"""Above full volume, peaks are rounded from here on instead of cut."""


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """How much of a speech has been heard: ``samples`` at the speech's own rate (see ``Speech.heard``)."""

    speech: Speech
    samples: int


@dataclass(slots=True, eq=False)
class _Entry:
    speech: Speech
    begin: int
    """Position on the track of its first sample."""
    total: int
    """Samples at the track's rate when all of it has been put."""


class PlaybackBuffer:
    """A ring of samples at ``rate`` Hz, ``ahead_s`` long, that one task fills and one callback empties.
    ``volume`` is a factor; above 1 peaks are rounded.

    Turned down (``duck``) or silenced (``hold``), and then turned up again (``restore``), it goes on at the
    word during which it was turned down: what was hardly heard is said again.

    Positions count the samples of speech since the track began; silence has no position. Safe between the
    event loop's thread and a sound card's.
    """

    def __init__(self, rate: int, ahead_s: float, volume: float = 1.0) -> None:
        self.rate = rate
        self._ahead = max(1, round(rate * ahead_s))
        self._ring = np.zeros(self._ahead + round(rate * PAST_S), np.float32)
        self._written = 0
        self._pulled = 0
        self._entries: list[_Entry] = []
        self._tail = np.empty(0, np.float32)
        self._volume = self._gain = self._goal = volume
        self._step = 0.0
        self._dry = self._held = False
        self._ducked_at: int | None = None
        """Where on the track it was turned down."""
        self._lock = threading.Lock()
        self.underruns = 0
        """How often the sound ran out and more followed before the answer was over."""

    # The TTS's side ----------------------------------------------------------------------------

    @property
    def size(self) -> int:
        """Samples that may be put ahead of what is heard."""
        return self._ahead

    @property
    def room(self) -> int:
        return max(0, self._ahead - (self._written - self._pulled))

    @property
    def queued(self) -> int:
        """Samples still to be pulled."""
        return self._written - self._pulled + len(self._tail)

    @property
    def queued_s(self) -> float:
        return self.queued / self.rate

    def begin(self, speech: Speech, total: int, after: int = 0) -> None:
        """``total`` samples (of the track) of ``speech`` will be put, ``after`` so many of the one before."""
        with self._lock:
            self._entries.append(_Entry(speech, self._written + after, total))

    def put(self, samples: Samples) -> int:
        """As much of the samples as there is room for; returns how many."""
        with self._lock:
            count = min(len(samples), self.room)
            if count and self._dry:
                self.underruns += 1
                self._dry = False
            at = self._written % len(self._ring)
            first = min(count, len(self._ring) - at)
            self._ring[at : at + first] = samples[:first]
            self._ring[: count - first] = samples[first:count]
            self._written += count
            return count

    @property
    def volume(self) -> float:
        return self._volume

    @volume.setter
    def volume(self, volume: float) -> None:
        with self._lock:
            self._volume = volume
            if self._ducked_at is None:
                self._ramp_to(volume)

    @property
    def ducked(self) -> bool:
        """Turned down or held: what is said now will be said again."""
        return self._ducked_at is not None

    @property
    def paused(self) -> bool:
        return self._held

    def duck(self, db: float) -> None:
        """Turn the volume down by ``db``, if it is not lower already."""
        with self._lock:
            goal = self._volume * 10.0 ** (-db / 20.0)
            if self._ducked_at is None:
                self._ducked_at = self._pulled
            else:
                goal = min(goal, self._goal)
            self._ramp_to(goal)

    def pause(self) -> None:
        """Silence, but nothing is lost: ``restore`` goes on, ``stop`` drops the rest."""
        with self._lock:
            if self._held:
                return
            if self._ducked_at is None:
                self._ducked_at = self._pulled
            if self._written > self._pulled:
                self._tail = self._faded()
            self._held = True

    def resume(self) -> None:
        """Full volume again, from the word on during which it was turned down."""
        with self._lock:
            since, self._ducked_at = self._ducked_at, None
            if since is not None and (self._held or self._pulled > since):
                self._rewind(since)
            self._held = False
            self._ramp_to(self._volume)

    def stop(self, unheard: int = 0, *, fade: bool = True) -> list[Played]:
        """Drop what has not been pulled, but for a fade; and the account of every speech since the last.

        ``unheard``: samples already pulled that will not be heard after all.
        """
        with self._lock:
            if not fade:
                self._tail = np.empty(0, np.float32)
            elif self._written > self._pulled and not self._held:
                self._tail = self._faded()
            played = self._account(unheard)
            self._written = self._pulled
            self._held, self._ducked_at = False, None
            self._ramp_to(self._volume)
            return played

    def step_back(self, unheard: int) -> None:
        """The last ``unheard`` samples were pulled and not heard: go on at the word in which they begin."""
        with self._lock:
            if self._entries:
                self._rewind(self._pulled - unheard)
                self._tail = np.empty(0, np.float32)

    def settle(self) -> list[Played]:
        """All of it has been heard: the account of every speech since the last."""
        with self._lock:
            return self._account(0)

    # The speaker's side --------------------------------------------------------------------------

    def pull_into(self, out: Samples) -> int:
        """Fill ``out`` with the next samples; returns how many, and the rest of it is silence."""
        with self._lock:
            count = tail = min(len(self._tail), len(out))
            if tail:
                out[:tail] = self._tail[:tail]
                self._tail = self._tail[tail:]
            count += self._read(out[tail:])
            out[count:] = 0.0
            self._dry = self._dry or (count < len(out) and self._promised and not self._held)
            return count

    # Under the lock ------------------------------------------------------------------------------

    @property
    def _promised(self) -> bool:
        """Words have begun, and more may follow. A short sound is whole: after it nothing is missing."""
        begun = (entry for entry in self._entries if self._pulled > entry.begin)
        return any(entry.speech.text for entry in begun)

    def _read(self, out: Samples) -> int:
        count = 0 if self._held else min(len(out), self._written - self._pulled)
        at = self._pulled % len(self._ring)
        first = min(count, len(self._ring) - at)
        out[:first] = self._ring[at : at + first]
        out[first:count] = self._ring[: count - first]
        self._pulled += count
        if self._gain != self._goal and len(out):
            self._ramp(out, count)
        elif self._gain != 1.0:
            out[:count] *= self._gain
        if self._gain > 1.0:
            _round_peaks(out[:count])
        return count

    def _rewind(self, position: int) -> None:
        """To the beginning of the word that lies at ``position``, as far as it is still there."""
        oldest = max(self._written - len(self._ring), 0)
        starts = [start for entry in self._entries for start in self._word_starts(entry)]
        word = max((start for start in starts if oldest <= start <= position), default=None)
        if word is None:
            word = min((start for start in starts if oldest <= start <= self._pulled), default=self._pulled)
        if word < self._pulled:
            if self._written > self._pulled and not self._held:
                self._tail = self._faded()
            self._pulled = word
            self._gain = 0.0
            self._ramp_to(self._goal)

    def _word_starts(self, entry: _Entry) -> list[int]:
        scale = self.rate / entry.speech.audio.rate
        starts = [entry.begin + round(word.start * scale) for word in entry.speech.words]
        return starts or ([] if entry.speech.more else [entry.begin])

    def _ramp_to(self, goal: float) -> None:
        self._goal = goal
        self._step = (goal - self._gain) / (RAMP_S * self.rate)

    def _ramp(self, out: Samples, count: int) -> None:
        if not count:  # nobody hears the change
            self._gain = self._goal
            return
        gains = self._gain + self._step * np.arange(1, count + 1, dtype=np.float32)
        low, high = sorted((self._gain, self._goal))
        np.clip(gains, low, high, out=gains)
        out[:count] *= gains
        reached = abs(float(gains[-1]) - self._goal) < abs(self._step)
        self._gain = self._goal if reached else float(gains[-1])

    def _faded(self) -> Samples:
        tail = np.empty(min(round(FADE_S * self.rate), self._written - self._pulled), np.float32)
        pulled = self._pulled
        self._read(tail)
        self._pulled = pulled
        return tail * np.linspace(1.0, 0.0, len(tail), dtype=np.float32)

    def _account(self, unheard: int) -> list[Played]:
        heard = self._pulled - unheard
        played = [Played(entry.speech, self._heard_of(entry, heard)) for entry in self._entries]
        self._entries.clear()
        self._dry = False
        return played

    def _heard_of(self, entry: _Entry, heard: int) -> int:
        part = min(max(heard - entry.begin, 0), entry.total)
        whole = len(entry.speech.audio.samples)
        if part == entry.total and heard > entry.begin:
            return whole
        return min(round(part * entry.speech.audio.rate / self.rate), whole)


def _round_peaks(samples: Samples) -> None:
    """In place: what would be beyond full scale bends towards it."""
    beyond = np.abs(samples) > _KNEE
    if beyond.any():
        loud = samples[beyond]
        bent = _KNEE + (1.0 - _KNEE) * np.tanh((np.abs(loud) - _KNEE) / (1.0 - _KNEE))
        samples[beyond] = np.copysign(bent, loud)
