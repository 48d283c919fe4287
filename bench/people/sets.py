"""The lists measured on: what lies in ``hesitations.tsv``, ``complete.tsv`` and ``words.tsv``, as sound.

``report`` is the woman of Asterisk, ``tune`` everybody else: what is made by looking at the one is measured
on the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.people.corpus import TONE_DBFS, join, lines, piece, recordings, room_tone, sound
from bench.room.voices import PERSON_DBFS, active_dbfs
from voice.audio.samples import HEARING_RATE, Samples

SETS = ("tune", "report")
BEFORE_S, AFTER_S = 1.0, 6.0


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a recording, in seconds. ``source``: where ``corpus.sound`` finds it."""

    source: str
    name: str
    start_s: float
    end_s: float

    @property
    def samples(self) -> Samples:
        return piece(sound(self.source, self.name), self.start_s, self.end_s)


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """What a microphone hears of one utterance. ``ends``: where the parts end, in samples at 16 kHz."""

    kind: str
    parts: tuple[str, ...]
    sound: Samples
    ends: tuple[int, ...]
    pause_ms: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(self.parts)


def places(written: str, sources: dict[str, str]) -> list[Place]:
    """``NAME@START-END``, several parted by spaces; ``en:NAME`` where a recording has no text of its own.

    Raises ``ValueError`` for what is written otherwise, ``KeyError`` for an unknown name.
    """
    found = []
    for one in written.split():
        name, _, span = one.rpartition("@")
        start, _, end = span.partition("-")
        source, told, inner = name.partition(":")
        found.append(Place(source if told else sources[name], inner or name, float(start), float(end)))
    return found


def sources() -> dict[str, str]:
    return {name: source for name, _, source, _ in lines("texts/en.tsv")}


def placed(kind: str, parts: Sequence[tuple[str, Samples]], pause_ms: float, seed: int) -> Speech:
    """The parts as loud as a person at a laptop, a second of room tone before them and six after."""
    gain = 10 ** ((PERSON_DBFS - active_dbfs(np.concatenate([samples for _, samples in parts]))) / 20)
    sounds = [gain * samples for _, samples in parts]
    rng, quiet = np.random.default_rng(seed), np.empty(0, np.float32)
    gaps = [1000 * BEFORE_S, *[pause_ms] * (len(parts) - 1), 1000 * AFTER_S]
    length = sum(map(len, sounds)) / HEARING_RATE + sum(gaps) / 1000
    heard = join([quiet, *sounds, quiet], gaps, room_tone(length, TONE_DBFS, rng))
    ends, at = [], round(BEFORE_S * HEARING_RATE)
    for samples in sounds:
        at += len(samples)
        ends.append(at)
        at += round(pause_ms * HEARING_RATE / 1000)
    return Speech(kind, tuple(text for text, _ in parts), heard.astype(np.float32), tuple(ends), pause_ms)


def _whole(written: str, known: dict[str, str]) -> Samples:
    return np.concatenate([place.samples for place in places(written, known)])


def hesitations(chosen: str) -> list[Speech]:
    """``kind``: ``hesitant``. ``chosen``: one of ``SETS``."""
    known = sources()
    rows = [row for row in lines("hesitations.tsv") if row[0] == chosen]
    return [
        placed("hesitant", [(begun, _whole(first, known)), (ended, _whole(rest, known))], float(pause), seed)
        for seed, (_, pause, first, rest, begun, ended) in enumerate(rows)
    ]


def complete(chosen: str) -> list[Speech]:
    """``kind``: ``command``, ``question``, ``statement``, ``fragment``."""
    known = sources()
    rows = [row for row in lines("complete.tsv") if row[0] == chosen]
    return [
        placed(kind, [(text, _whole(where, known))], 0.0, seed)
        for seed, (_, kind, where, text) in enumerate(rows)
    ]


__all__ = ["SETS", "Place", "Speech", "complete", "hesitations", "placed", "places", "recordings", "sources"]
