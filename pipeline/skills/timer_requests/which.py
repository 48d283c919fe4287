"""Which timer is meant: by name, by place, by length, by the time it rings, by number."""

from __future__ import annotations

from collections.abc import Sequence

from config.language.words import articles, stand_ins, without_article
from pipeline.skills.timer_requests.intents import Which
from pipeline.skills.timer_requests.words import timer_words
from pipeline.skills.when.number_slots import ordinal_of, whole_of
from pipeline.skills.when.spans import Spanned

LONGEST_NAME = 5
"""Words. Who says more tells a story."""


def label(words: str, said: Spanned, language: str) -> str:
    """A name as it was written, without the little words before it."""
    kept = without_article(said.said(words), language)
    return said.written(kept, language)


def is_name(words: str, said: Spanned, language: str) -> bool:
    """Whether it may be what somebody calls something: it has no moment in it, no length of time, no word
    that asks for something else, and does not end with a little word.
    """
    if said.speaks_of_time(words, language) or any(said.seconds(word) for word in words.split()):
        return False
    known, spoken = timer_words(language), said.said(words)
    if spoken and (spoken[-1] in known.little or len(spoken) > LONGEST_NAME):
        return False
    return known.kinds.keys().isdisjoint(spoken) and known.never_named.isdisjoint(spoken)


def means_one(words: str, said: Spanned, language: str) -> bool:
    """Whether it may tell which: by a name, or by nothing but a length, a time or a number."""
    bare = _bare(words.split(), said, language)
    placed = timer_words(language).places.whole(bare) is not None
    return placed or (len(bare) == 1 and bare[0] in said.spans) or is_name(" ".join(bare), said, language)


def _bare(words: Sequence[str], said: Spanned, language: str) -> list[str]:
    """Without articles, without "called", and without what stands for the timer: "the pasta one"."""
    known = timer_words(language)
    bare = without_article(list(words), language)
    behind = stand_ins(language) | known.behind | known.kinds.keys()
    while bare and said.said(bare[-1])[-1] in behind:
        bare = bare[:-1]
    little = known.called | stand_ins(language) | articles(language) | known.kinds.keys()
    while len(bare) > 1 and little.issuperset(said.said(bare[0])):
        bare = bare[1:]
    return bare


def which(words: str, said: Spanned, language: str) -> Which | None:
    """None where no one is named; what is said of days that no one can tell is a name that nobody has."""
    bare = _bare(words.split(), said, language)
    spoken = said.written(said.said(" ".join(bare)), language)
    if not bare:
        return None
    if len(bare) == 1 and (span := said.spans.get(bare[0])):
        moment = span.moment if span.moment and not span.moment.repeat else None
        if span.seconds is not None or moment:
            number = whole_of(span.words, language)
            return Which(number=number, seconds=span.seconds, moment=moment, written=spoken)
        return Which(name=spoken, written=spoken)
    if place := timer_words(language).places.whole(bare):
        return Which(place=place.meaning, written=spoken)
    if (nth := ordinal_of(bare, language)) is not None:
        return Which(place=nth, written=spoken)
    if (number := whole_of(said.said(" ".join(bare)), language)) is not None:
        return Which(number=number, written=spoken)
    return Which(name=spoken, written=spoken)
