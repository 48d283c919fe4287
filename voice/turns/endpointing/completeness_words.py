"""The words and patterns by which ``voice.turns.endpointing.completeness`` tells how a preflight reads:
``LANGUAGE/endpointing.toml``. Nothing of them is read or compiled before it is asked for.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from config.language.data import languages, table, table_if_any
from config.language.numbers import figures

_TELLING = ("dangling", "prepositions", "wh", "wh_first", "openers", "known_by")
_LISTED = (*_TELLING, "may_end_asked", "shared")


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is known of a language's sentences beyond its little words: sets of words, and patterns over the
    plain words. What each is for stands beside it in the table.
    """

    courtesy: frozenset[str]
    answers: frozenset[str]
    auxiliaries: frozenset[str]
    refusing: frozenset[str]
    be: frozenset[str]
    bare_auxiliaries: frozenset[str]
    asked_for: frozenset[str]
    subjects: frozenset[str]
    begin: frozenset[str]
    lonely: frozenset[str]
    not_last_subjects: frozenset[str]
    owners: frozenset[str]
    articles: frozenset[str]
    lone_owners: frozenset[str]
    before_lone_owners: frozenset[str]
    before_adverb: frozenset[str]
    adverbs: frozenset[str]
    adverb_ending: frozenset[str]
    not_adverbs: frozenset[str]
    comparing: frozenset[str]
    comparisons: frozenset[str]
    before_wh: frozenset[str]
    pronouns: frozenset[str]
    objectless: frozenset[str]
    opener_waits: frozenset[str]
    particles: frozenset[str]
    strands_only: frozenset[str]
    like: frozenset[str]
    doing_ending: frozenset[str]
    stranding_verbs: frozenset[str]
    broke: frozenset[str]
    happens: re.Pattern[str]
    phrase: re.Pattern[str]
    clause: re.Pattern[str]
    echoes: re.Pattern[str]
    short_answer: re.Pattern[str]
    known_be: re.Pattern[str]
    strands: re.Pattern[str]
    to: re.Pattern[str]
    whole_preposition: re.Pattern[str]
    asks_time: re.Pattern[str]
    whole_auxiliary: re.Pattern[str]
    lacks_object: re.Pattern[str]
    extendable: re.Pattern[str]
    wish: re.Pattern[str]
    situation: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class EndpointingWords:
    """Those of one language; of one without a folder, none."""

    dangling: frozenset[str]
    prepositions: frozenset[str]
    may_end_asked: frozenset[str]
    wh: frozenset[str]
    wh_first: frozenset[str]
    openers: frozenset[str]
    known_by: frozenset[str]
    shared: frozenset[str]
    particle_verbs: frozenset[str]
    not_particles: frozenset[tuple[str, ...]]
    tie_rank: int
    grammar: Grammar | None
    known: frozenset[str]
    """All words by which the language is known."""


@dataclass(frozen=True, slots=True)
class SharedWords:
    """Of all languages together: who says "danke" or "un momento" has said it in any conversation."""

    whole: frozenset[str]
    digits: frozenset[str]
    not_moments: frozenset[str]
    thinking: re.Pattern[str]
    moment: re.Pattern[str]
    hesitation: re.Pattern[str]
    long_answer: re.Pattern[str]
    """Over a question as it is written, in any case."""
    address_done: re.Pattern[str]
    grammars: tuple[Grammar, ...]


@functools.cache
def words_in(language: str) -> EndpointingWords:
    """``language``: ISO 639-1."""
    entries = table_if_any(language, "endpointing")
    sets = {name: frozenset(entries.get(name, "").split()) for name in _LISTED}
    return EndpointingWords(
        **sets,
        particle_verbs=frozenset(entries.get("particle_verbs", "").split()),
        not_particles=frozenset(tuple(pair.split()) for pair in entries.get("not_particles", ())),
        tie_rank=entries.get("tie_rank", 0),
        grammar=_grammar(entries["rules"]) if "rules" in entries else None,
        known=frozenset().union(*(sets[name] for name in _TELLING)),
    )


def of(kind: str, language: str) -> frozenset[str]:
    """One of the sets of words."""
    found: frozenset[str] = getattr(words_in(language), kind)
    return found


@functools.cache
def in_any_language() -> SharedWords:
    """Their patterns are compiled at the first call."""

    def every(name: str) -> Iterator[str]:
        for language in languages():
            entries = table(language, "endpointing")[name]
            yield from entries.split() if isinstance(entries, str) else entries

    def one_of(name: str) -> str:
        return f"(?:{'|'.join(dict.fromkeys(every(name)))})"

    return SharedWords(
        whole=frozenset(every("whole")),
        digits=frozenset(every("digits")).union(*map(figures, languages())),
        not_moments=frozenset(every("not_moments")),
        thinking=re.compile(rf"(?:^|.* ){one_of('thinking')}"),
        moment=re.compile(
            rf"(?:{one_of('moment_before')} )*(?:{one_of('moment_articles')} )?{one_of('moments')}"
            rf"(?: {one_of('moment_after')})?"
        ),
        hesitation=re.compile(rf"(?:^|.* ){one_of('hesitations')}"),
        long_answer=re.compile(rf"\b{one_of('long_answers')}\b", re.IGNORECASE),
        address_done=re.compile(rf".*\b{one_of('dots')} {one_of('domains')}"),
        grammars=tuple(grammar for each in languages() if (grammar := words_in(each).grammar)),
    )


def _grammar(entries: Mapping[str, Any]) -> Grammar:
    """Raises ``KeyError`` for what is missing: a mistake of ours."""
    before = "|".join(entries["situation_before"].split())
    situation = rf"(?:(?:{before}) )*(?:{'|'.join(entries['situation'])})"
    whole = {**entries, "situation": [situation]}
    return Grammar(**{each.name: _set_or_pattern(whole[each.name]) for each in fields(Grammar)})


def _set_or_pattern(entry: str | list[str]) -> Any:
    return frozenset(entry.split()) if isinstance(entry, str) else re.compile("|".join(entry))
