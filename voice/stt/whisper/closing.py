"""Whether Whisper takes the last word that it wrote for the last of a sentence: by what it expects after it.

It sets a full stop after what was cut off as well; but then the stop was one of many things that might have
come. Of 255 pauses and ends of readers, tiny.en, an end is expected more than a pause in 76 of 100 pairs by
"no further word", in 79 by a mark; what that adds to the rest is told by ``bench/people/odds.py``. It costs
nothing: the decoder has worked it out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_MARK_SHARE = 0.25
"""How much a mark counts beside the end itself; chosen with the weights of ``voice.turns.endpointing.odds``.
"""
_LEAST = 0.02
"""No probability is believed beyond 1 in 50."""

ENDS = (".", "?", "!")


def closing(logits: NDArray[np.float32], marks: Sequence[int], end: int, zero: int) -> float:
    """Log-odds. ``logits``: of what follows the last word, one for each token. ``marks``: the tokens of
    ``ENDS``; ``end``: of the end of the text; ``zero``: of the moment 0, those from it on being moments.
    """
    likely = np.exp(logits - logits.max())
    likely /= likely.sum()
    mark = float(likely[[*marks]].sum())
    over = mark + float(likely[end]) + float(likely[zero:].sum())
    return (1 - _MARK_SHARE) * _logit(over) + _MARK_SHARE * _logit(mark)


def last_word(said: Sequence[tuple[int, int]], text_of: Callable[[int], str]) -> int | None:
    """The place of the last token with a letter or a digit; None: there is none. ``said``: places, tokens."""
    return next((at for at, token in reversed(said) if any(map(str.isalnum, text_of(token)))), None)


def _logit(probability: float) -> float:
    believed = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(believed / (1 - believed))
