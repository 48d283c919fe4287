"""The sound must not run out: how much is spoken at once, by how quick voice and LLM are at the moment.

A sentence is synthesised while the one before it is heard. Where that would take longer than there is left to
hear, only so much of it is synthesised first as will be ready in time, up to a comma, or to a word's end
where no comma comes soon enough. A machine that keeps up, as most do by far, speaks whole sentences.

And an answer may begin with a word alone ("Sure, ...", "Yes.") where the LLM has lately written so quickly
that the next sentence is there before that word is over: the person hears it a tenth of a second sooner.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from voice.tts.word_timing import pause_after

if TYPE_CHECKING:
    from voice.tts.text.normalizer import Piece

_CLAUSE_END = re.compile(r"[,;:—–、，；：][\"'”’»)]*\s+")
_WORD_END = re.compile(r"\s+")
_LEAST = 20
"""Characters of a part; a shorter one is hardly shorter to make, and sounds chopped."""
_MARGIN = 1.5
"""The next sentence may take so much longer a letter than the slowest of the last."""
_REMEMBERED = 3
_LATE = 0.7
"""Of the sound ahead; a voice takes half of it at most, by its own reckoning."""
_SENTENCE = 45
"""Characters of a usual one: nine words."""
_LETTER_S = 0.065
"""That a letter is heard: fifteen a second."""
_WORD = 2
"""Letters. One alone is an initial, or an item of a list."""


class Pace:
    """Seconds that a character has lately taken the voice, on this machine and beside what else it does."""

    def __init__(self) -> None:
        self._lately: list[float] = []
        self._firsts: list[float] = []

    def took(self, said: str, seconds: float, ahead_s: float = 0.0) -> None:
        """``seconds``: until the first piece of it was there; with sound ahead of it, it is as long as that
        allows, and tells nothing unless it was nearly late.
        """
        if not ahead_s:
            self._firsts = [*self._firsts, seconds][-_REMEMBERED:]
        elif seconds < _LATE * ahead_s:
            return
        if len(said) >= _LEAST:  # what every call takes would count too much in a shorter one
            self._lately = [*self._lately, seconds / len(said)][-_REMEMBERED:]

    def first_s(self) -> float:
        """Until the first sound of what was said last, at the worst; 0 before anything is known."""
        return max(self._firsts, default=0.0)

    def seconds(self, said: str) -> float:
        """That it will take, at the worst; 0 before anything is known."""
        return _MARGIN * max(self._lately, default=0.0) * len(said)

    def cut(self, piece: Piece, left_s: float | None) -> tuple[Piece, Piece | None]:
        """What to synthesise now, and what after it. ``left_s``: until the sound runs out; None: it cannot.

        What is shown otherwise than it is said stays whole: the place of a cut would not be known.
        """
        if left_s is None or self.seconds(piece.said) <= left_s or piece.said != piece.shown.strip():
            return piece, None
        length = len(piece.said)
        for marks in (_CLAUSE_END, _WORD_END):
            ends = [mark.end() for mark in marks.finditer(piece.said)]
            ends = [end for end in ends if _LEAST <= end <= length - _LEAST]
            if in_time := [end for end in ends if self.seconds(piece.said[:end]) <= left_s]:
                return _split(piece, max(in_time))
        return _split(piece, min(ends)) if ends else (piece, None)


class Tempo:
    """Characters a second that the LLM has lately written, from its first token on."""

    def __init__(self) -> None:
        self._lately: list[float] = []

    def wrote(self, characters: int, seconds: float) -> None:
        """``characters``: those that came in the ``seconds`` since the first."""
        if characters >= _LEAST:
            self._lately = [*self._lately, characters / max(seconds, 1e-3)][-_REMEMBERED:]

    def covers(self, clause: str, voice_s: float) -> bool:
        """The next sentence will sound before ``clause`` is over. False before anything is known.

        ``voice_s``: how long the voice lets one wait for a sentence's first sound.
        """
        if not self._lately:
            return False
        letters = sum(map(str.isalnum, clause))
        sounds_s = letters * _LETTER_S + pause_after(clause)
        return letters >= _WORD and _SENTENCE / min(self._lately) + voice_s <= sounds_s


def _split(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """After ``at`` characters of what is said."""
    from voice.tts.text.normalizer import Piece

    shown = len(piece.shown) - len(piece.shown.lstrip()) + at
    return (
        Piece(piece.shown[:shown], piece.said[:at].rstrip()),
        Piece(piece.shown[shown:], piece.said[at:]),
    )
