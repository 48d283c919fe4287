"""All that steers, read at once: the talk, what is read, "what can you do", "are you sure", "stop". Whole
utterances without slots, of all languages side by side, in one index; who has a kind of them asks for it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from config.language.any_language import AnyLanguage, Tables
from config.language.courtesy import End, fluent
from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.sentences import Phrasing

_LONGEST = 80
"""Letters. Nothing that steers is longer."""
_WORD = r"\S+"

Kinds = Mapping[str, str]
"""What is meant: ``controls.repeat``, ``reading.next``, ``capabilities``, ``second_look``, ``stop``. Each has
the word that was named, which is empty with most.
"""


def meanings(text: str) -> tuple[Kinds, ...]:
    """What an utterance may steer: as it was said, then ever less polite, last what stands behind a "no".

    ``text`` as STT or fingers gave it; case, marks, accents and politeness do not matter.
    """
    return _meanings(words_only(text)) if len(text) <= _LONGEST else ()


def warm() -> None:
    """About 100 ms: the first turn waits for nothing."""
    _sentences().warm()
    _meanings("no 7")


@functools.lru_cache(maxsize=8)
def _meanings(plain: str) -> tuple[Kinds, ...]:
    said = [{kind: word for _, kind, word in _meant(version)} for version in versions(plain)]
    return tuple(filter(None, (*said, _behind_no(plain))))


def _meant(version: str) -> Iterator[tuple[str, str, str]]:
    """In which language, what, and the word that was named."""
    for language, kind, slots in _sentences().readings(version):
        word = slots.get("word", "")
        if " " not in word:
            yield language, kind, word


@functools.cache
def _sentences() -> AnyLanguage:
    """Made at the first use, not when the program starts."""
    return AnyLanguage(_tables, {"word": _WORD})


def _tables(language: str) -> Tables:
    controls, reading = table(language, "controls"), table(language, "reading_controls")
    pictures = table(language, "pictures")
    named = [f"{text} {{word}}" for text in reading["controls"]["spell_word"]]
    steers = {f"controls.{kind}": ways for kind, ways in controls["controls"].items()}
    leafs = {f"reading.{kind}": ways for kind, ways in reading["controls"].items()}
    return [
        (steers, controls.get("rules", {})),
        ({**leafs, "reading.spell_word": named}, reading.get("rules", {})),
        ({"second_look": pictures["pictures"]["second_look"]}, pictures["rules"]),
        ({"capabilities": table(language, "about")["capabilities"]}, {}),
        ({"stop": table(language, "turn_taking")["stop"]}, {}),
    ]


# Politeness -------------------------------------------------------------------------------------


@functools.cache
def _politeness() -> tuple[End, End]:
    """Before what is asked, and after it."""
    before, after = ([way for each in languages() for way in _polite(each, place)]
                     for place in ("before", "after"))  # fmt: skip
    return End.of("^{said}(?=.)", 0, before), End.of("(?<=.){said}$", -1, after)


def _polite(language: str, place: str) -> list[str]:
    ways: list[str] = table(language, "controls")["politeness"][place]
    return ways


def versions(plain: str) -> tuple[str, ...]:
    """Plain words as said, then ever less polite; () where nothing is said."""
    if not plain:
        return ()
    before, after = _politeness()
    less = [said for begun in _less(plain, before) for said in _less(begun, after)]
    less.append(fluent(less[-1], *languages()))
    return tuple(dict.fromkeys(filter(None, less)))


def _less(said: str, end: End) -> Iterator[str]:
    """As said, then with ever less of what is polite there: what one language says so ("senti") may be part
    of what is asked in another, and of "gut jetzt danke" one is the "jetzt".
    """
    yield said
    while (shorter := end.without(said)) != said:
        yield (said := shorter)


# Behind a "no" ----------------------------------------------------------------------------------


def _behind_no(plain: str) -> Kinds:
    """What is meant behind an exclaimed "no", in that same language. "No, stop" is one; of "no basta" and
    "non fermarti" the first word is no English or French exclamation.
    """
    if _every_no().isdisjoint(plain.split()):
        return {}
    kinds = dict[str, str]()
    for language in languages():
        for said in _after_no(plain, language):
            meant = {(of, kind) for of, kind, word in _meant(said) if not word}
            denied = {kind for of, kind in meant if of in _denied_by(language)}
            kinds |= {kind: "" for of, kind in meant if of == language and kind not in denied}
    return kinds


def _after_no(plain: str, language: str) -> tuple[str, ...]:
    """The versions of what stands behind it; () where it begins with none."""
    words = plain.split()
    begun = _no(language).span(words)
    return versions(" ".join(words[begun[1] :])) if begun else ()


@functools.cache
def _no(language: str) -> Phrasing:
    return Phrasing("^{before}*{no}+(?=.)", {place: _polite(language, place) for place in ("before", "no")})


@functools.cache
def _every_no() -> frozenset[str]:
    no = (word for language in languages() for word in _polite(language, "no"))
    return frozenset(words_only(" ".join(no)).split())


@functools.cache
def _denied_by(language: str) -> tuple[str, ...]:
    """The languages in which its "no" stands before a verb and denies it: "no basta" is Spanish too."""
    no = set(_polite(language, "no"))
    return tuple(other for other in languages() if no.intersection(_polite(other, "denies")))
