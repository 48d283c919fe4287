"""What people say to steer the talk itself: again, slower, undo that, go to sleep. Whole utterances only.

``turn the music louder`` and ``never mind the gap`` are for the LLM; ``louder`` and ``never mind`` for us.
What each is in a language is told in ``config/language/LANGUAGE/controls.toml``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from config.language.courtesy import fluent
from config.language.data import languages, table
from config.language.normalise import words_only
from config.language.templates import Templates, compiled, compiled_when_met

Kind = Literal[
    "repeat", "go_on", "slower", "faster", "louder", "quieter", "undo", "sleep", "farewell", "never_mind",
    "wait",
]  # fmt: skip
_LONGEST = 80
"""Letters. Nothing that steers is longer."""


@dataclass(frozen=True, slots=True)
class ControlIntent:
    kind: Kind


@functools.cache
def _templates() -> tuple[tuple[Kind, tuple[Templates, ...]], ...]:
    """Of each kind, a pattern a language; compiled at the first use, not when the program starts."""
    tables = [table(language, "controls") for language in languages()]
    return tuple(
        (kind, tuple(compiled_when_met(each["controls"][kind], each.get("rules")) for each in tables))
        for kind in get_args(Kind)
    )


@functools.cache
def _politeness(accents: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Before what is asked, and after it; each word with the space behind it."""
    before, after = _polite("before", accents), _polite("after", accents)
    return re.compile(f"(?:{before})(?=.)"), re.compile(f"(?<= )(?:{after})$")


def _polite(place: str, accents: bool) -> str:
    tables = (table(language, "controls")["politeness"][place] for language in languages())
    return "|".join(compiled(each, accents=accents).written for each in tables)


@functools.lru_cache(maxsize=4)
def control_intent(text: str) -> ControlIntent | None:
    """What an utterance asks of the talk itself, or None: it is for the LLM.

    ``text`` as STT or fingers gave it; case, marks, accents and politeness do not matter. All languages are
    understood side by side. "Stop" alone is not here: ``pipeline.intents.barge_in`` has it.
    """
    for said in versions(text):
        if _words().issuperset(said.split()):
            for kind, by_language in _templates():
                if any(templates.match(said) for templates in by_language):
                    return ControlIntent(kind)
    denied = (kind for kind, by_language in _templates() if follows_no(text, by_language))
    return next(map(ControlIntent, denied), None)


def follows_no(text: str, by_language: Sequence[Templates]) -> bool:
    """Whether what stands behind an exclaimed "no" is as one of the templates of that same language has it.
    "No, stop" is one; of "no basta" and "non fermarti" the first word is no English or French exclamation.
    """
    ways = dict(zip(languages(), by_language, strict=True))
    for language, templates in ways.items():
        denied = [ways[other] for other in _denied_by(language)]
        for said in after_no(text, language):
            if templates.match(said) and not any(each.match(said) for each in denied):
                return True
    return False


@functools.cache
def _denied_by(language: str) -> tuple[str, ...]:
    """The languages in which its "no" stands before a verb and denies it: "no basta" is Spanish too."""
    no = set(table(language, "controls")["politeness"]["no"])
    return tuple(
        other for other in languages() if no.intersection(table(other, "controls")["politeness"]["denies"])
    )


@functools.lru_cache(maxsize=16)
def after_no(text: str, language: str) -> tuple[str, ...]:
    """The versions of what stands behind a "no" of that language; () where it begins with none. Each kind of
    intent asks for those of the same utterance.
    """
    plain = words_only(text[: _LONGEST + 1])
    no = table(language, "controls")["politeness"]["no"]
    if not no or not plain or not set(no) & set(plain.split()):
        return ()
    begun = _no(language).match(f"{plain} ")
    return versions(plain[begun.end() :]) if begun else ()


@functools.cache
def _no(language: str) -> re.Pattern[str]:
    polite, no = _polite("before", False), compiled(table(language, "controls")["politeness"]["no"]).written
    return re.compile(f"(?:{polite})*(?:{no})+(?=.)")


@functools.cache
def _words() -> frozenset[str]:
    """All that there are in any of them."""
    every = (templates.words for _, by_language in _templates() for templates in by_language)
    return frozenset().union(*(words for words in every if words))


@functools.lru_cache(maxsize=4)
def versions(text: str, *, accents: bool = False, longest: int = _LONGEST) -> tuple[str, ...]:
    """An utterance as plain words: as said, then ever less polite. () when it is long, or says nothing. Each
    intent asks for those of the same utterance.
    """
    plain = words_only(text[: longest + 1], accents=accents)
    if not plain or len(text) > longest:
        return ()
    before, after = _politeness(accents)
    spaced = f"{plain} "
    less = [said for begun in _begun(spaced, before) for said in _ended(begun, after)]
    less.append(fluent(less[-1], *languages()))
    return tuple(dict.fromkeys(version.strip() for version in less if version.strip()))


def _begun(said: str, before: re.Pattern[str]) -> Iterator[str]:
    """As said, then with ever less of what is polite before it: what one language says so ("senti") may be
    part of what is asked in another.
    """
    yield said
    while match := before.match(said):
        yield (said := said[match.end() :])


def _ended(said: str, after: re.Pattern[str]) -> Iterator[str]:
    """As said, then with ever less of what is polite behind it: of "gut jetzt danke" one is the "jetzt"."""
    yield said
    while (shorter := after.sub("", said)) != said:
        yield (said := shorter)
