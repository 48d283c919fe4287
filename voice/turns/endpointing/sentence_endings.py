"""How a sentence ends in English: what the last two words of a preflight say about whether more is to come.

``voice.turns.endpointing.completeness`` knows what dangles by rules; most words are in none of them. People
end sentences with "times", "again", "today", and hardly ever with "the", "another", "valid". How much that
tells is a logistic regression over the last word, its last letters and the word before it, made by
``bench/endings.py`` on 28 000 sentences of nlp-corpus (npm, 4.4.0, MIT), with which nothing is measured. By
it alone a whole sentence of those left out has better odds than a beginning in 83 of 100 pairs; by
``voice.turns.endpointing.completeness`` alone in 75.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from voice.turns.endpointing.sentence_ending_words import STEP, TABLE

_LETTERS = re.compile(
    r"\w{3,}?(tion|ness|ment|able|ible|less|ance|ence|ing|ous|ful|ive|ish|ity|est|ent|ant|ary|ist|ism|ure|age|"
    r"ed|ly|al|ic|er|en|s|y)"
)


def marks(words: Sequence[str]) -> Iterator[str]:
    """What is looked at: the last word, its ending, and the word before it. Numbers are all alike."""
    last = _name(words[-1])
    yield f"last:{last}"
    found = _LETTERS.fullmatch(last)
    yield f"letters:{found[1] if found else '-'}"
    if len(words) > 1:
        yield f"before:{_name(words[-2])}"


def _name(word: str) -> str:
    return "#" if re.search(r"\d", word) else word


def ending(words: Sequence[str], language: str) -> float:
    """Natural logarithm of odds, above 0: as a sentence ends. ``words``: as ``words_of`` has them.

    0 of languages other than English, and of no words.
    """
    if language != "en" or not words:
        return 0.0
    return sum(_weights().get(mark, 0.0) for mark in marks(words))


@functools.cache
def _weights() -> dict[str, float]:
    return {
        f"{kind}:{word}": STEP * steps
        for kind, each in TABLE.items()
        for steps, words in each.items()
        for word in words.split()
    }
