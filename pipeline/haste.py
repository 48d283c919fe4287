"""Where the machine is slow at the moment, a long sentence is spoken in parts: the sound must not run out.

A sentence is synthesised while the one before it is heard. Where that would take longer than there is left to
hear, only so much of it is synthesised first as will be ready in time, up to a comma, or to a word's end
where no comma comes soon enough. A machine that keeps up, as most do by far, speaks whole sentences.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voice.spoken import Piece

_CLAUSE_END = re.compile(r"[,;:—–、，；：][\"'”’»)]*\s+")
_WORD_END = re.compile(r"\s+")
_LEAST = 20
"""Characters of a part; a shorter one is hardly shorter to make, and sounds chopped."""
_MARGIN = 1.5
"""The next sentence may take so much longer a letter than the slowest of the last."""
_REMEMBERED = 3


class Pace:
    """Seconds that a character has lately taken the voice, on this machine and beside what else it does."""

    def __init__(self) -> None:
        self._lately: list[float] = []

    def took(self, said: str, seconds: float) -> None:
        if len(said) >= _LEAST:  # what every call takes would count too much in a shorter one
            self._lately = [*self._lately, seconds / len(said)][-_REMEMBERED:]

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


def _split(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """After ``at`` characters of what is said."""
    from voice.spoken import Piece

    shown = len(piece.shown) - len(piece.shown.lstrip()) + at
    return (
        Piece(piece.shown[:shown], piece.said[:at].rstrip()),
        Piece(piece.shown[shown:], piece.said[at:]),
    )
