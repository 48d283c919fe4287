"""What is asked of days: which day it is, when a feast is, how many days there are until then."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from config.language.data import DEFAULT, table
from config.language.lexicon import Lexicon
from config.language.normalise import normalise
from config.language.sentences import Sentences
from config.language.words import find, joined, sentences_apart, words_in
from pipeline.skills.answer import SkillRequest
from pipeline.skills.dates import Day
from pipeline.skills.when.calendar import NamedDay, read_day

_SENTENCES = (
    "until_weeks", "until", "since", "which", "tomorrow", "when", "year", "month", "week", "century",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@functools.cache
def _questions(language: str) -> Sentences:
    tables = table(language, "calendar")
    asked = {name: tables["questions"][name] for name in _SENTENCES}
    return sentences_apart(asked, tables.get("rules"))


@functools.cache
def _words(language: str, name: str) -> frozenset[str]:
    said = table(language, "calendar")["questions"][name]
    return frozenset(word for each in said for word in words_in(each, language))


@functools.cache
def _on(language: str) -> Lexicon[bool]:
    return Lexicon([(text, True) for text in table(language, "calendar")["questions"]["on"]])


@functools.cache
def _proper(language: str) -> Mapping[str, str]:
    """Names of days, months and feasts as they are written; "year" is one only in "New Year"."""
    tables = table(language, "calendar")
    common = {word for each in tables["years"].values() for text in each for word in words_in(text, language)}
    texts = [text for feast in tables["feasts"] for text in feast["say"]]
    texts += [text for name in ("weekdays", "months") for each in tables[name].values() for text in each]
    words = {normalise(word): word for text in texts for word in _WORD.findall(text)}
    return {plain: word for plain, word in words.items() if plain != word and plain not in common}


def _asked(words: Sequence[str], language: str, text: str) -> str:
    """The name of a day as it was written, with the capitals and accents that it has."""
    found = _on(language).longest(words)
    bare = list(words[found.end if found and found.end < len(words) else 0 :])
    proper = _proper(language)
    kept = find(bare, text, language)
    return joined(replace(each, word=proper.get(each.plain, each.word)) for each in kept)


def parse(
    words: Sequence[str], now: datetime, language: str = DEFAULT, text: str = ""
) -> SkillRequest | None:
    """None when it does not ask for a day or a date. ``text``: as it was written."""
    if not _questions(language).may_match(words):
        return None
    for name, slots in _questions(language).readings(" ".join(words)):
        if request := _read(name, slots.get("day", "").split(), words, now.date(), language, text):
            return request
    return None


def _read(
    name: str, day: list[str], words: Sequence[str], today: date, language: str, text: str
) -> SkillRequest | None:
    if name in ("year", "month", "week", "century"):
        return _request(today, today, lambda found: found.part(name, language))
    past = name == "since" or not _words(language, "past").isdisjoint(words)
    named = read_day(day, language) if day else NamedDay("tomorrow" if name == "tomorrow" else "today", {})
    meant = named.on(today, past=past) if named else None
    if named is None or meant is None or (name == "when" and named.form not in ("feast", "date")):
        return None
    asked = _asked(day, language, text)
    say: Callable[[Day], str] = {
        "until": lambda found: found.between(asked, language, past=past, weeks=False),
        "until_weeks": lambda found: found.between(asked, language, past=past, weeks=True),
        "since": lambda found: found.between(asked, language, past=True, weeks=False),
        "when": lambda found: (found.named if found.days < 0 else found.on)(asked, language),
    }.get(name, lambda found: found.named(asked, language))
    return _request(meant, today, say)


def _request(day: date, today: date, say: Callable[[Day], str]) -> SkillRequest:
    return SkillRequest("get_date", {} if day == today else {"date": day.isoformat()}, certain=True, say=say)
