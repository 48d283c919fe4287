"""Which timer is meant: by name, by place, by length, by the time it rings, by number."""

from __future__ import annotations

from collections.abc import Sequence

from config.language.words import stand_ins, without_article
from pipeline.skills.timer_requests.intents import Which
from pipeline.skills.timer_requests.words import timer_words
from pipeline.skills.when.number_slots import ordinal_of, whole_of
from pipeline.skills.when.spans import Spanned


def label(words: str, said: Spanned, language: str) -> str:
    """A name as it was written, without the little words before it."""
    kept = without_article(said.said(words), language)
    return said.written(kept, language)


def is_name(words: str, said: Spanned, language: str) -> bool:
    """Whether it may be what somebody calls something: it has no moment in it, no length of time, and no word
    that asks for something else.
    """
    if said.speaks_of_time(words, language) or any(said.seconds(word) for word in words.split()):
        return False
    return timer_words(language).never_named.isdisjoint(said.said(words))


def _bare(words: Sequence[str], said: Spanned, language: str) -> list[str]:
    """Without articles, and without what stands for the timer behind: "the pasta one", "the tea timer"."""
    known = timer_words(language)
    bare = without_article(list(words), language)
    while bare and (said.said(bare[-1])[-1] in stand_ins(language) or bare[-1] in known.kinds):
        bare = bare[:-1]
    return bare


def which(words: str, said: Spanned, language: str) -> Which | None:
    """None where no one is named; what is said of days is not understood, and is a name that nobody has."""
    if not words:
        return None
    bare = _bare(words.split(), said, language)
    spoken = said.written(said.said(" ".join(bare)), language)
    if not bare:
        return None
    if len(bare) == 1 and (span := said.spans.get(bare[0])):
        if span.seconds is not None or (span.moment and span.moment.clock):
            number = whole_of(span.words, language)
            times = tuple(span.moment.times()) if span.moment else ()
            return Which(number=number, seconds=span.seconds, times=times, written=spoken)
        return Which(name=spoken, written=spoken)
    if place := timer_words(language).places.whole(bare):
        return Which(place="next" if place.meaning == "next" else "last", written=spoken)
    if (nth := ordinal_of(bare, language)) is not None:
        return Which(place=nth, written=spoken)
    if (number := whole_of(said.said(" ".join(bare)), language)) is not None:
        return Which(number=number, written=spoken)
    return Which(name=spoken, written=spoken)
