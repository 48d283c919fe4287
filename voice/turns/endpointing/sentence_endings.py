"""How a sentence ends: what the last two words of a preflight say about whether more is to come.

``voice.turns.endpointing.completeness`` knows what dangles by rules; most words are in none of them. People
end sentences with "times", "again", "today", and hardly ever with "the", "another", "valid". How much that
tells is a logistic regression over the last word, its last letters and the word before it, made by
``bench/endings.py`` on 28 000 English sentences of nlp-corpus (npm, 4.4.0, MIT), with which nothing is
measured; of other languages nothing was counted (``LANGUAGE/sentence_endings.toml``). By it alone a whole
sentence of those left out has better odds than a beginning in 83 of 100 pairs; by
``voice.turns.endpointing.completeness`` alone in 75.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from config.language.data import table, table_if_any

STEP = 0.5
"""Natural logarithms of odds."""
KINDS = ("before", "last", "letters")


def marks(words: Sequence[str], language: str) -> Iterator[str]:
    """What is looked at: the last word, its ending, and the word before it. Numbers are all alike."""
    last = _name(words[-1])
    yield f"last:{last}"
    found = _suffixed(language).fullmatch(last)
    yield f"letters:{found[1] if found else '-'}"
    if len(words) > 1:
        yield f"before:{_name(words[-2])}"


def _name(word: str) -> str:
    return "#" if re.search(r"\d", word) else word


def ending(words: Sequence[str], language: str) -> float:
    """Natural logarithm of odds, above 0: as a sentence ends. ``words``: as ``words_of`` has them.

    0 of languages that were never counted, and of no words.
    """
    weights = _weights(language)
    if not weights or not words:
        return 0.0
    return sum(weights.get(mark, 0.0) for mark in marks(words, language))


@functools.cache
def _weights(language: str) -> Mapping[str, float]:
    entries = table_if_any(language, "sentence_endings")
    return {
        f"{kind}:{word}": STEP * each["steps"]
        for kind in KINDS
        for each in entries.get(kind, ())
        for word in each["words"].split()
    }


@functools.cache
def _suffixed(language: str) -> re.Pattern[str]:
    suffixes = table(language, "sentence_endings")["suffixes"].split()
    return re.compile(rf"\w{{3,}}?({'|'.join(suffixes)})")
