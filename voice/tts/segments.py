"""A sentence in stretches: where to cut it, and the words of each piece.

The first piece is short, for it is what the person waits for. A piece may take as long to make as the one
before it lasts; it is cut where a word begins when one begins near there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from config.runtime import clock
from voice.audio.samples import Audio, Samples
from voice.audio.speech import Speech, Word
from voice.tts.word_timing import LEAD_S, audible, in_order, paused, place

FIRST_S = 0.3
MOST_S = 2.0
_LEAST_S = 0.3
"""A shorter rest is not left over."""
_BESIDE_S = 0.26
"""Computed with each piece, and not heard: ``voice.tts.piper.vits.CONTEXT`` on both sides, at 256 samples a
frame and 22,050 Hz."""
_PRUDENT = 0.5
"""Of the time that a piece lasts, so much may be spent on the next: another program may need the machine."""
_SUSTAINED = 0.8
"""The same for a piece as long as the one before it: that much, a slow machine is allowed always."""
_GROWTH = 4.0
"""What is computed beside a piece makes many short ones dear: 172 of them for 14 answers took half as long
again."""
_BEFORE, _BEHIND = 0.6, 1.5
"""A word that begins within these shares of what is wanted is where the piece ends."""


def next_s(pace: float, ahead_s: float = 0.0) -> float:
    """How long the next piece should be while ``ahead_s`` is played; 0: it is the first.

    ``pace``: seconds of work for a second of sound. At least so long that another as long is ready in time.
    """
    if pace >= _SUSTAINED:
        return MOST_S  # none is long enough
    pace = max(pace, 1e-3)
    sustained = _BESIDE_S * pace / (_SUSTAINED - pace)
    allowed = min(_PRUDENT * ahead_s / pace - _BESIDE_S, _GROWTH * ahead_s)
    return min(max(FIRST_S, sustained, allowed), MOST_S)


def places(text: str, begins: Mapping[int, int], length: int) -> list[Word]:
    """Where the words lie in a sound of ``length`` samples that is not there yet: each up to the next."""
    words = text.split()
    return list(place(words, in_order(begins, len(words), length), np.arange(length)))


def cut(words: Sequence[Word], begin: int, wanted: int, least: int, length: int) -> int:
    """Where a piece from ``begin`` on ends, so that it is about ``wanted`` samples long."""
    near = [word.start for word in words if _BEFORE * wanted <= word.start - begin <= _BEHIND * wanted]
    end = min(near, key=lambda start: abs(start - begin - wanted), default=begin + wanted)
    return end if length - end >= least else length


class TtsSegments:
    """Cuts what a voice says, by how quick it was."""

    def __init__(self) -> None:
        self._pace = 0.1

    def pieces(
        self,
        text: str,
        begins: Mapping[int, int],
        length: int,
        rate: int,
        decode: Callable[[int, int], Samples],
        ahead_s: float = 0.0,
    ) -> Iterator[Speech]:
        """``begins`` as for ``voice.tts.word_timing.lay_out``; ``decode`` makes the sound from sample to
        sample. ``ahead_s``: of sound that is still to be played when the first piece is asked for.
        """
        words, begin, wanted_s, done = places(text, begins, length), 0, next_s(self._pace, ahead_s), 0
        while begin < length:
            end = cut(words, begin, round(wanted_s * rate), round(_LEAST_S * rate), length)
            began = clock.work_clock()
            samples = decode(begin, end)
            seconds = (end - begin) / rate
            paces = self._pace, (clock.work_clock() - began) / (seconds + _BESIDE_S)
            self._pace = paces[1]
            wanted_s = next_s(max(paces), seconds)
            middles = [(word.start + word.end) / 2 for word in words]
            until = len(words) if end == length else bisect_right(middles, end)
            own = [Word(word.text, word.start - begin, word.end - begin) for word in words[done:until]]
            yield lay_out_piece(own, samples, rate, first=not begin, ends=text if end == length else "")
            begin, done = end, until


def lay_out_piece(words: Sequence[Word], samples: Samples, rate: int, *, first: bool, ends: str) -> Speech:
    """A piece as a speech; silence is trimmed before the first and after the last.

    ``words``: those whose middles lie in it, their places counted from its first sample.
    ``ends``: the whole text, when the piece is its last.
    """
    text = " ".join(word.text for word in words)
    loud = audible(samples)
    lead = max(0, int(loud[0]) - round(LEAD_S * rate)) if first and len(loud) else 0
    sound = samples[lead:]
    if ends and len(loud):
        sound = paused(sound, int(loud[-1]) + 1 - lead, ends, rate)
    ended = [_heard(word, loud) if word.end <= len(samples) else word for word in words]
    # What begins in the trimmed silence begins with the sound.
    placed = (
        Word(word.text, max(word.start - lead, min(word.start, 0)), max(word.end - lead, 0)) for word in ended
    )
    return Speech(text, Audio(sound, rate), tuple(placed), more=not ends)


def _heard(word: Word, loud: NDArray[np.intp]) -> Word:
    """It ends with its last audible sample; the pause after it belongs to none."""
    before = int(np.searchsorted(loud, word.end))
    return Word(word.text, word.start, max(word.start, int(loud[before - 1]) + 1 if before else 0))
