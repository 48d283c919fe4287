"""How the words so far read: finished, or with something still to come. Tables of words, no model.

A preflight may come from PocketSphinx (lower case, no punctuation, one word in three wrong) or from Whisper,
that sets a full stop or a question mark after what was cut off too ("How many people live in?"). So they
count for nothing here, and what no table knows is ``unclear``.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from voice.turns.endpointing import completeness_words as tables

_TWO_CLAUSES = 11
"""Words; more of them after an "if" are hardly one clause."""

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
    """The one of en, de, fr, es whose little words are the most; English where they are equal."""

    def count(language: str) -> int:
        known = (
            tables.of("dangling", language) | tables.of("prepositions", language) | tables.of("wh", language)
        )
        return sum(word in known or word in tables.of("openers", language) for word in words)

    return max(("en", "de", "fr", "es"), key=count)


def language_of(words: list[str], language: str) -> str:
    """ISO 639-1. ``language``: a code, or ``auto``: it is guessed."""
    return guess_language(words) if language == "auto" else language[:2].lower()


def read(preflight: str, language: str = "auto") -> Completeness:
    """How a preflight reads. ``language``: en, de, fr or es; ``auto`` guesses; of others nothing is known."""
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
    if plain in tables.WHOLE:
        return "complete"
    code = language_of(words, language)
    if _dangles(words, plain, code):
        return "incomplete"
    if code == "en" and _has_one_clause(preflight, words, plain):
        return "clause"
    return _finished(words, plain, code)


def _has_one_clause(preflight: str, words: list[str], plain: str) -> bool:
    """``if you are hungry``, ``to hear it again``: of two clauses, and the second has not begun."""
    if len(words) > _TWO_CLAUSES or not tables.CLAUSE.fullmatch(plain) or tables.TO.fullmatch(plain):
        return False
    return not re.search(r",\s*\w", preflight)


def _finished(words: list[str], plain: str, code: str) -> Completeness:
    """Nothing dangles: does it look like a whole sentence?"""
    if code == "en" and tables.TO.fullmatch(plain):
        return "unclear"
    if tables.SHORT_ANSWER.match(plain) and words[-1] in tables.AUXILIARIES | tables.SUBJECTS:
        return "complete"
    asks = words[0] in tables.of("wh", code) or (len(words) > 1 and words[1] in tables.of("wh", code))
    opens = words[0] in tables.of("openers", code) or (words[0] == "please" and len(words) > 2)
    if (asks or opens) and len(words) >= 3:
        return "extendable" if code == "en" and tables.EXTENDABLE.fullmatch(plain) else "complete"
    if opens and len(words) == 2 and words[1] not in ("on", "off", "up", "down", "in", "out", "me"):
        return "complete"
    if code == "en" and _is_sentence(words):
        if asks or _asks_late(words) or tables.ZOOM.match(plain):
            return "complete"
        return "leading" if tables.SITUATION.match(plain) else "stated"
    return "phrase" if code == "en" and _has_no_verb(words, plain) else "unclear"


def _has_no_verb(words: list[str], plain: str) -> bool:
    known = tables.AUXILIARIES | tables.SUBJECTS
    return (
        tables.PHRASE.fullmatch(plain) is not None
        and words[-1] not in tables.BROKE.split("|")
        and not known & set(words)
    )


def _asks_late(words: list[str]) -> bool:
    """A statement that has come to its question: ``I have a meeting at nine when should I leave``."""
    asked = tables.of("wh", "en") | tables.ASKED_FOR
    return any(
        word in asked and following in tables.SUBJECTS | tables.AUXILIARIES
        for word, following in pairwise(words)
    )


def _is_sentence(words: list[str]) -> bool:
    """``I want a coffee``, ``the light is too bright``: subject, verb and more."""
    begins = words[0] in tables.BEGIN
    if len(words) < 4 or words[-2] in tables.of("wh", "en"):  # "I would like to know who wrote"
        return False
    happens = (
        words[0] in ("my", "our") and re.fullmatch(r"\w+(?:[^s]s|ed)|" + tables.BROKE, words[2]) is not None
    )
    return begins or happens or any(word in tables.AUXILIARIES for word in words[1:-1])


def _dangles(words: list[str], plain: str, code: str) -> bool:
    last = words[-1]
    if last in tables.of("dangling", code) or tables.HESITATION.fullmatch(plain):
        return True
    if code == "en" and _lacks_object(words, plain):
        return True
    if code != "en":
        ends_in_be = last in ("es", "son", "está", "están") and words[0] in tables.of("wh", "es")
        return last in tables.of("prepositions", code) and not (ends_in_be or _particle(words))
    if last in tables.of("prepositions", "en"):
        return not _may_end_in_preposition(words, plain)
    if last in tables.AUXILIARIES:
        return not _may_end_in_auxiliary(words, plain)
    before = words[-2] if len(words) > 1 else ""
    if last == "his" and before in tables.of("prepositions", "en") - {"of", "like", "as"}:
        return True
    if last in tables.REFUSING:
        return before not in tables.SUBJECTS
    adverb = last in tables.ADVERBS or (last.endswith("ly") and last not in tables.NO_ADVERBS)
    if adverb and before in tables.BEFORE_ADVERB:
        return words[0] not in tables.of("wh", "en") | {"yes", "no"}
    if last in tables.SUBJECTS and before in tables.ASKED_FOR:
        return not plain.startswith(("so ", "neither ", "yes ", "no ")) and last != "that"
    return last in tables.LONELY and before not in tables.AUXILIARIES and before not in {"than", "or"}


def _lacks_object(words: list[str], plain: str) -> bool:
    """``could you tell me``, ``tell my wife that``, ``the nearest``, ``what happens when``."""
    if any(
        lacks.fullmatch(plain) for lacks in (tables.TO_ME, tables.THAT, tables.THE_MOST, tables.NEEDS_MORE)
    ):
        return True
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if (
        last in tables.of("wh", "en")
        and before
        and before not in ("say", "know", "since", "guess", "and", "or")
    ):
        return True
    opens = words[0] in tables.of("openers", "en") or words[0] == "please"
    return (
        last in tables.OBJECTLESS and opens and before not in tables.of("wh", "en") | {"it", "that", "this"}
    )


def _particle(words: list[str]) -> bool:
    """``turn the light on``, ``schalte das Licht an``; but ``stell einen Timer auf`` wants a number."""
    return words[0] in tables.PARTICLE_VERBS and len(words) > 2 and (words[0], words[-1]) != ("stell", "auf")


def _may_end_in_preposition(words: list[str], plain: str) -> bool:
    """``what is it for``, ``turn it on``, ``I think so``, ``what is the weather like`` are whole."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "so":
        return tables.SO.fullmatch(plain) is not None
    if last in ("on", "in", "over") and _particle(words):
        return True
    if last == "on" and before in {"going", "go", "come", "hold", "move", "carry"}:
        return True
    if last == "to":
        return tables.TO.fullmatch(plain) is not None or before in {
            "listening",
            "talking",
            "speaking",
            "referring",
        }
    wh = next((at for at, word in enumerate(words) if word in tables.of("wh", "en")), None)
    if wh is None or plain.startswith(("what time", "what day", "how ")) or " what time" in plain:
        return plain in ("what for", "i'd love to") or (last == "like" and wh is not None)
    if last == "like" or plain == "what for":
        return True
    doing = before.endswith("ing") and words[-3:-2] not in (["the"], ["a"], ["my"], ["our"])  # no "king"
    stranding = before in tables.SUBJECTS or doing or before in {"made", "come", "born", "belong", "used"}
    after_be = (
        before in {"is", "are", "was", "were"} and words[-3] in tables.SUBJECTS if len(words) > 3 else False
    )
    return len(words) - wh > 2 and (stranding or after_be)


def _may_end_in_auxiliary(words: list[str], plain: str) -> bool:
    """``yes I do``, ``tell me what it is``, ``what can I do`` are whole; ``my number is`` is not."""
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if before in tables.SUBJECTS and {"than", "as"} & set(words[1:-2]):
        return True  # "more than it was"
    wh = next((at for at, word in enumerate(words) if word in tables.of("wh", "en")), None)
    if last in ("do", "have", "be") and before in tables.SUBJECTS and wh is not None and len(words) > 3:
        return True
    if before in tables.SUBJECTS and (
        tables.KNOWN_BE.match(plain) or (wh is not None and wh < len(words) - 2)
    ):
        return True
    return last == "do" and len(words) > 2 and before == "to"


def _is_thinking(plain: str, words: list[str]) -> bool:
    if tables.THINKING.fullmatch(plain):
        return True
    return tables.MOMENT.fullmatch(plain) is not None and not (
        len(words) == 1 and words[0] in tables.NO_MOMENT
    )


def _is_dictating(words: list[str]) -> bool:
    """Three or more digits, or letters, one after the other at the end: ``oh one seven``, ``m u e``."""
    return spelled(words) >= 3


def spelled(words: list[str]) -> int:
    """How many single digits and letters end the preflight: ``my code is 4 7 one`` → 3, ``555-1234`` → 7."""
    count = 0
    for run, word in enumerate(reversed(words)):
        digits = re.sub(r"\D", "", word) if re.fullmatch(r"[\d-]+", word) else ""
        if not (digits or word in tables.DIGITS or (len(word) == 1 and word.isalpha())):
            break
        # A number of its own ("in 1999", "add 250") is one thing; written in groups it is being dictated.
        count += len(digits) if digits and ("-" in word or len(digits) == 1 or run > 0) else 1
    return count
