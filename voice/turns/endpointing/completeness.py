"""How the words so far read: finished, or with something still to come. Tables of words, no model.

A preflight may come from PocketSphinx (lower case, no punctuation, one word in three wrong) or from Whisper,
that sets a full stop or a question mark after what was cut off too ("How many people live in?"). So they
count for nothing here, and what no table knows is ``unclear``.
"""

from __future__ import annotations

import re
from typing import Literal

from config.language.data import languages
from voice.turns.endpointing import sentence_grammar
from voice.turns.endpointing.completeness_words import EndpointingWords, in_any_language, words_in

Completeness = Literal[
    "complete",
    "extendable",
    "stated",
    "leading",
    "clause",
    "phrase",
    "unclear",
    "incomplete",
    "dictating",
    "thinking",
]
"""``complete``: a question or a command; ``extendable``: one to which a place, a time or a wish is often
added; ``stated``: a whole sentence; ``leading``: one that tells how things are with somebody, which mostly
leads to a question; ``clause``: the first of two; ``phrase``: words
without a verb, which people say who answer, and begin with who tell.
"""


def words_of(preflight: str) -> list[str]:
    """Lower case, without punctuation, apostrophes and hyphens kept inside words."""
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*'?", preflight.lower().replace("’", "'"))


def guess_language(words: list[str]) -> str:
    """The one whose little words are the most; English where there are none. Words that other languages have
    too tell nothing alone.
    """

    def rank(language: str) -> tuple[int, int]:
        ours = words_in(language)
        found = [word for word in words if word in ours.known]
        count = len(found) if any(word not in ours.shared for word in found) else 0
        return count, -ours.tie_rank

    return max(languages(), key=rank)


def language_of(words: list[str], language: str) -> str:
    """ISO 639-1. ``language``: a code, or ``auto``: it is guessed."""
    return guess_language(words) if language == "auto" else language[:2].lower()


def read(preflight: str, language: str = "auto") -> Completeness:
    """How a preflight reads. ``language``: ISO 639-1, or ``auto``: it is guessed; of one without a folder
    (``config.language.data``) nothing is known but what is the same everywhere.
    """
    words = words_of(preflight)
    if not words:
        return "unclear"
    plain = " ".join(words)
    if _is_thinking(plain, words):
        return "thinking"
    if _is_dictating(words):
        return "dictating"
    if re.search(r"(?:\.\.|…|[-–—,:;])\s*$", preflight):
        return "incomplete"
    ours = words_in(language_of(words, language))
    if plain in in_any_language().whole and plain not in ours.dangling:  # "non" is a French answer
        return "complete"
    if _dangles(words, plain, ours):
        return "incomplete"
    if ours.grammar and sentence_grammar.has_one_clause(preflight, words, plain, ours.grammar):
        return "clause"
    return _finished(words, plain, ours)


def _finished(words: list[str], plain: str, ours: EndpointingWords) -> Completeness:
    """Nothing dangles: does it look like a whole sentence?"""
    grammar = ours.grammar
    if grammar and grammar.to.fullmatch(plain):
        return "unclear"
    # "No, he must" is taken for Spanish by its "he".
    if any(sentence_grammar.answers_shortly(words, plain, each) for each in in_any_language().grammars):
        return "complete"
    asks = words[0] in ours.wh or words[0] in ours.wh_first or (len(words) > 1 and words[1] in ours.wh)
    opens = words[0] in ours.openers
    if grammar and len(words) > 2:
        opens = opens or words[0] in grammar.courtesy
    if (asks or opens) and len(words) >= 3:
        return "extendable" if grammar and grammar.extendable.fullmatch(plain) else "complete"
    if opens and len(words) == 2 and not (grammar and words[1] in grammar.opener_waits):
        return "complete"
    return sentence_grammar.stated(words, plain, ours, asks=asks) if grammar else "unclear"


def _dangles(words: list[str], plain: str, ours: EndpointingWords) -> bool:
    last = words[-1]
    if last in ours.dangling or in_any_language().hesitation.fullmatch(plain):
        return True
    if ours.grammar:
        return sentence_grammar.lacks_its_end(words, plain, ours)
    asked = last in ours.may_end_asked and (words[0] in ours.wh or words[0] in ours.wh_first)
    return last in ours.prepositions and not (asked or sentence_grammar.ends_in_particle(words, ours))


def _is_thinking(plain: str, words: list[str]) -> bool:
    shared = in_any_language()
    if shared.thinking.fullmatch(plain):
        return True
    return shared.moment.fullmatch(plain) is not None and not (
        len(words) == 1 and words[0] in shared.not_moments
    )


def _is_dictating(words: list[str]) -> bool:
    """Three or more digits, or letters, one after the other at the end: ``oh one seven``, ``m u e``."""
    return spelled(words) >= 3


def spelled(words: list[str]) -> int:
    """How many single digits and letters end the preflight: ``my code is 4 7 one`` → 3, ``555-1234`` → 7."""
    count, named = 0, in_any_language().digits
    for run, word in enumerate(reversed(words)):
        digits = re.sub(r"\D", "", word) if re.fullmatch(r"[\d-]+", word) else ""
        if not (digits or word in named or (len(word) == 1 and word.isalpha())):
            break
        # A number of its own ("in 1999", "add 250") is one thing; written in groups it is being dictated.
        count += len(digits) if digits and ("-" in word or len(digits) == 1 or run > 0) else 1
    return count
