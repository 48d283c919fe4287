"""The sentences about timers of each language, compiled: ``config/language/LANGUAGE/timers.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.language.data import table
from config.language.lexicon import Lexicon
from config.language.normalise import normalise
from config.language.numbers import numbers
from config.language.sentences import Sentences
from config.language.words import articles, sentences_apart, words_in
from pipeline.skills.durations import begins_unit
from pipeline.skills.timer_requests.intents import Kind, Place
from pipeline.skills.when.number_slots import begins_number, whole_of
from pipeline.skills.when.spans import DURATION, MOMENT, NUMBER

KINDS: tuple[Kind, ...] = ("timer", "alarm", "reminder")
PLACES: tuple[Place, ...] = ("next", "last", "shortest", "longest", "newest")


@dataclass(frozen=True, slots=True)
class TimerWords:
    """Of one language."""

    sentences: Sentences
    kinds: Mapping[str, Kind]
    """What each kind is called."""
    several: frozenset[str]
    """Of these, those that are more than one."""
    places: Lexicon[Place]
    never_named: frozenset[str]
    doubted: frozenset[str]
    """Negations and conditions: who says them in what is asked may not want it done."""
    ranges: frozenset[str]
    """At an end of what is said, they make of a time another: "before seven"."""
    closed: frozenset[str]
    """No name has them right at the noun: pronouns, conjunctions, verbs of saying."""
    little: frozenset[str]
    """No name ends with these."""
    called: frozenset[str]
    """They stand before what tells which one is meant."""
    ones: frozenset[str]
    """Before these they stand for the timer: "quello da mezz'ora"."""
    behind: frozenset[str]
    """They stand behind that, and are no part of it."""
    told: frozenset[str]
    """What is to be told begins with one of these; empty: with whatever it does."""
    told_behind: frozenset[str]
    """No name ends with these: "the meeting is"."""
    mentioned: frozenset[str]
    """Who says them speaks of a timer, and asks nothing of it."""
    asks: frozenset[str]
    """Behind "remind me" they begin a question."""
    too_long: frozenset[str]
    """Lengths of time that no timer has."""
    more: frozenset[str]
    """They stand between a number and a unit: "two more minutes"."""
    another: Mapping[str, str]
    """What stands for one more, and the one that goes without saying: "another minute"."""
    fillers: frozenset[str]
    left: frozenset[str]
    """Who says them speaks of timers."""
    still: frozenset[str]
    """Who says them of a timer surely asks what is left of it."""
    counted: Sentences
    wakes: Sentences
    """Somebody is to be woken."""
    corrections: Lexicon[bool]
    """Between a time and the one that is meant instead."""
    misheard: frozenset[str]
    """What a recogniser writes for "for"."""


def _words(texts: list[str], language: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in words_in(text, language))


def _joined(texts: list[str], language: str) -> list[str]:
    return [" ".join(words_in(text, language)) for text in texts]


@functools.cache
def timer_words(language: str) -> TimerWords:
    said = table(language, "timers")
    kinds: dict[str, Kind] = {name: kind for kind in KINDS for name in _joined(said["kinds"][kind], language)}
    several = frozenset(_joined(said["kinds"]["several"], language))
    either = _joined(said["kinds"]["either"], language)
    slots = {
        "duration": DURATION, "moment": MOMENT, "moment_too": MOMENT, "misheard": NUMBER, "count": NUMBER,
        "count_too": MOMENT, "counted": DURATION,
        "kind": tuple(kinds), "kinds": (*several, *either),
    }  # fmt: skip
    never, asked, more, doubt = said["never"], said["asked"], said["more"], said["doubt"]
    return TimerWords(
        sentences=sentences_apart(said["sentences"], said["rules"], slots),
        kinds=kinds,
        several=several,
        places=Lexicon([(text, place) for place in PLACES for text in said["places"][place]]),
        never_named=_words(never["named"], language),
        doubted=_words([*doubt["negations"], *doubt["conditions"]], language),
        ranges=_words(doubt["ranges"], language),
        closed=_words(doubt["closed"], language),
        little=_words(never["alone"], language) | articles(language),
        called=_words(said["called"]["words"], language),
        ones=_words(said["called"]["ones"], language),
        behind=_words(said["called"]["behind"], language),
        told=_words(said["told"]["begins"], language),
        told_behind=_words(said["told"]["ends"], language),
        mentioned=_words(said["mentioned"]["words"], language),
        asks=_words(said["mentioned"]["asks"], language),
        too_long=_words(never["too_long"], language),
        more=_words(more["between"], language),
        another=dict(normalise(text).split() for text in more["one"]),
        fillers=_words(asked["fillers"], language),
        left=_words(asked["left"], language),
        still=_words([*asked["left"], *asked["still"]], language),
        corrections=Lexicon([(text, True) for text in said["corrected"]["words"]]),
        misheard=frozenset(_joined(said["misheard"]["words"], language)),
        wakes=sentences_apart({"wake": ["<wake>"]}, said["rules"]),
        counted=sentences_apart({"counted": asked["counted"]}, said["rules"]),
    )


def more_in_front(words: Sequence[str], language: str) -> list[str]:
    """ "Two more minutes" as "more two minutes", "another minute" as "another a minute"."""
    known, out = timer_words(language), list(words)
    if known.more.isdisjoint(words) and known.another.keys().isdisjoint(words):
        return out
    for at in range(len(out) - 1):
        if not begins_unit(out[at + 1], language):
            continue
        pair = next((pair for pair in numbers(language).pairs if (*out[:at][-len(pair) :],) == pair), None)
        if out[at] in known.more and pair:
            out[at - len(pair) : at + 1] = out[at], *pair
        elif out[at] in known.more and at and _counts(out[at - 1], language):
            out[at - 1 : at + 1] = out[at], out[at - 1]
        elif out[at] in known.another:
            return [*out[: at + 1], known.another[out[at]], *out[at + 1 :]]
    return out


def _counts(word: str, language: str) -> bool:
    one = word in numbers(language).article
    return one or (begins_number(word, language) and whole_of([word], language) is not None)
