"""Words as they come: those that two passes of an engine agree on are committed, the others are tentative.

LocalAgreement-2 (Liu et al. 2020; whisper_streaming): an engine that hears whole stretches hears the growing
sound again and again, and the beginning that two passes in a row have in common will hardly change. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_S = 15.0
"""Of sound that is heard again and again; beyond it what is committed is cut off, at the end of a stretch.
whisper_streaming's author advises ``segment, 15``."""

_ANCHOR = 4
"""Words by which the end of what is committed is found again in a later pass."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A phrase or sentence as the engine cut it. ``end``: seconds, from where the engine began to listen; 0:
    it cannot tell, and nothing is cut off there.
    """

    text: str
    end: float


@dataclass(frozen=True, slots=True)
class AgreedWords:
    """``committed`` only grows while one utterance is spoken; ``tentative`` follows it, and may change."""

    committed: str = ""
    tentative: str = ""


class Agreement:
    """Push what each pass over the sound from ``begin_s`` on has heard; get what may be believed."""

    def __init__(self, longest_s: float = LONGEST_S) -> None:
        self._longest_s = longest_s
        self.begin_s = 0.0
        """Seconds into the utterance: the next pass may begin there."""
        self._committed: list[str] = []
        self._cut = 0
        """Committed words that lie before ``begin_s``."""
        self._before: list[str] = []

    def push(self, segments: Sequence[Segment], seconds: float) -> AgreedWords:
        """``seconds``: how much sound the pass heard."""
        words = [word for segment in segments for word in segment.text.split()]
        known = self._committed[self._cut :]
        rest = words[_end_of(known, words) :]
        agreed = _agreed(self._before, rest)
        self._committed += rest[:agreed]
        self._before = rest[agreed:]
        if seconds > self._longest_s:
            self._trim(segments)
        return AgreedWords(" ".join(self._committed), " ".join(self._before))

    def _trim(self, segments: Sequence[Segment]) -> None:
        """Cut at the end of the last stretch of which every word is committed."""
        inside, passed, cut = len(self._committed) - self._cut, 0, (0, 0.0)
        for segment in segments:
            passed += len(segment.text.split())
            if passed > inside or segment.end <= 0:
                break
            cut = passed, segment.end
        self._cut += cut[0]
        self.begin_s += cut[1]


def _agreed(one: Sequence[str], other: Sequence[str]) -> int:
    """Words with which both begin, but for case and marks."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if _bare(a) != _bare(b)), min(len(one), len(other)))


def _end_of(known: Sequence[str], words: Sequence[str]) -> int:
    """Where in ``words``, a later pass, what follows the ``known`` words begins.

    A pass may write an earlier word in two, or leave one out: the last known words are looked for, nearest to
    where they were. Where they are not found, their number tells.
    """
    plain = [_bare(word) for word in words]
    for length in range(min(_ANCHOR, len(known)), 0, -1):
        anchor = [_bare(word) for word in known[-length:]]
        ends = [n for n in range(length, len(plain) + 1) if plain[n - length : n] == anchor]
        near = [end for end in ends if abs(end - len(known)) <= _ANCHOR]
        if near:
            return min(near, key=lambda end: abs(end - len(known)))
    return min(len(known), len(words))


def _bare(word: str) -> str:
    return re.sub(r"[^\w']+", "", word).casefold()
