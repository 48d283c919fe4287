"""What a few words mean while the assistant speaks: stop, a mere "mhm", or somebody taking the turn.

A table for each language (``config/language/LANGUAGE/turn_taking.toml``), understood side by side,
 whichever is pinned: who says "¡Para!" in a
conversation that was English so far is to be obeyed at once, and one word changes no language. It costs
little, since only all of an utterance stops: "Para salir, ¿qué marco?" is a turn like any other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from config.language.data import languages, table
from config.language.normalise import LONGEST, words_only
from config.language.sentences import Phrasing
from config.language.templates import texts
from pipeline.intents.controls import control_intent
from pipeline.intents.meanings import meanings
from voice.turns.endpointing.completeness import read, words_of
from voice.turns.endpointing.completeness_words import of

_MOST_FRAGMENTS = 3
_HUM, _HUMS = "hm", re.compile(r"[hm]{2,}|[uaoe]+h+|u+m+|e+r+m*|(?:ha){2,}")
"""However long they are written: "mmm", "uhh", "hmmm"."""
_NOT_SAID = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*")
"""What STT writes of a sound that is no word: "[coughs]", "(laughs)"."""

Meaning = Literal["stop", "backchannel", "fragment", "words", "nothing"]
"""``fragment``: a little word or three, which take no turn from who is speaking."""


@dataclass(frozen=True)
class _Tables:
    """Of all languages together."""

    assents: Phrasing
    """Backchannels and hums, one or several."""
    written: frozenset[str]
    """The words of backchannels; a hum that is none of them counts as ``_HUM``."""
    little: frozenset[str]
    """Words that say nothing alone."""
    links: frozenset[str]
    """Words that more follows."""


@functools.cache
def _tables() -> _Tables:
    tables = {language: table(language, "turn_taking") for language in languages()}
    backchannels = [way for each in tables.values() for way in each["backchannel"]]
    written = {word for way in backchannels for text in texts(way) for word in text.split()}
    hums = [_HUM, *filter(_HUMS.fullmatch, written)]
    fragments = {word for each in tables.values() for word in words_only(each["fragments"]).split()}
    conjunctions = {word for each in tables.values() for word in each["conjunctions"].split()}
    return _Tables(
        assents=Phrasing("^{assent}+$", {"assent": [*backchannels, *hums]}),
        written=frozenset(written),
        little=frozenset(fragments),
        links=frozenset(conjunctions).union(*(of("prepositions", language) for language in tables)),
    )


def _once(words: str) -> str:
    """What is said again and again, once: "stop stop stop" is one stop, and a short context writes so too."""
    said = words.split()
    for size in range(1, len(said) // 2 + 1):
        if not len(said) % size and said == said[:size] * (len(said) // size):
            return " ".join(said[:size])
    return words


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def meaning(text: str) -> Meaning:
    if len(text) > LONGEST:
        return "words"
    words = words_only(_NOT_SAID.sub(" ", text))
    if not words:
        return "nothing"
    if is_quiet(_once(words)) or any("stop" in kinds for kinds in meanings(_once(words))):
        return "stop"
    if _stops_behind_no(text):
        return "stop"
    said = words.split()
    if _assents(said):
        return "backchannel"
    little = all(_is_little(word) for word in said)
    return "fragment" if little and len(said) <= _MOST_FRAGMENTS else "words"


def _stops_behind_no(text: str) -> bool:
    """ "No, basta", whose mark tells it from the Spanish "no basta"."""
    exclaimed = _exclaimed().match(text)
    return exclaimed is not None and meaning(text[exclaimed.end() :]) == "stop"


@functools.cache
def _exclaimed() -> re.Pattern[str]:
    polite = [table(language, "controls")["politeness"] for language in languages()]
    no = sorted({word for each in polite for word in (*each["no"], *each["denies"])})
    return re.compile(rf"[¡\s]*(?:{'|'.join(no)})\s*[,.!;…]+\s*(?=\S)", re.IGNORECASE)


def _is_little(word: str) -> bool:
    return _is_letter(word) or word in _tables().little or _assents([word])


def _assents(said: Sequence[str]) -> bool:
    tables = _tables()
    words = [word if word in tables.written or not _HUMS.fullmatch(word) else _HUM for word in said]
    return tables.assents.span(words) is not None


def is_quiet(text: str) -> bool:
    """ "Never mind" and "give me a minute" want no answer, whether the assistant speaks or not."""
    control = control_intent(text)
    return control is not None and control.kind in ("never_mind", "wait")


def takes_back(text: str) -> bool:
    """ "Undo that"."""
    control = control_intent(text)
    return control is not None and control.kind == "undo"


_LEAST_REQUEST = 3
"""Words: "Paris?" and "tomorrow please" are no requests of their own."""


def goes_on(before: str, text: str) -> bool:
    """Whether ``text`` may be the rest of what was said ``before``: it steers nothing, and is no request of
    its own, unless those words were left hanging. What begins with "in" or "and" is none.
    """
    if control_intent(text) or meaning(text) in ("stop", "nothing"):
        return False
    words = words_of(text)
    # At the end of a whole turn the STT's question mark is believed, as it is not at a pause.
    asks = text.rstrip().endswith("?") or read(text) in ("complete", "extendable")
    request = asks and len(words) >= _LEAST_REQUEST
    return not request or words[0] in _tables().links or read(before) == "incomplete"
