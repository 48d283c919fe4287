"""What is asked of code, read out of an utterance. Pure; what it is asked of is looked at elsewhere."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from config.language.courtesy import undress
from config.language.data import known, languages, table
from config.language.normalise import normalise
from config.language.number_words import read_ordinal, whole_number
from config.language.sentences import Sentences, sentences

_LONGEST = 120
"""Letters. Nothing that is asked of code is longer."""
_MOST_LINE = 10_000_000
_OF_FILES = frozenset({"save", "save_it", "changed_in", "git"})
"""What names a file or a folder."""
_MARKS = ".,!?;:\"'…„“”«»¡¿’‘() "
LAST = -1
"""The number of what is named as the last."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part is meant. ``kind``: ``line``, ``whole``, ``named``, or what an outline calls it. ``first``
    and ``last``: lines; ``number``: the how manieth; 0: none was said.
    """

    kind: str
    name: str = ""
    number: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind``: one of ``[sentences]``, or ``walk.`` and one of ``[walk]``."""

    kind: str
    language: str
    part: Part | None = None
    number: int = 0
    name: str = ""
    """Of a function or a file, as it was said."""


@dataclass(frozen=True, slots=True)
class _Known:
    language: str
    asked: Sentences
    walk: Sentences
    parts: Sentences


@functools.cache
def _of(language: str) -> _Known:
    data = table(language, "code")
    rules = data["rules"]
    asked, walk, parts = (sentences(data[name], rules) for name in ("sentences", "walk", "parts"))
    return _Known(language, asked, walk, parts)


def readings(text: str, first: Sequence[str], *, walks: bool) -> Iterator[Asked]:
    """What it may mean, in the languages of ``first`` before the others. ``walks``: a review is being gone
    through, and short words are about it.
    """
    if len(text) > _LONGEST:
        return
    for language in dict.fromkeys((*map(known, first), *languages())):
        plain = normalise(text, language=language)
        for said in dict.fromkeys((plain, undress(plain, language))):
            for asked in _readings(said, _of(language), walks=walks) if said else ():
                in_file = asked.name and asked.kind in _OF_FILES
                yield replace(asked, name=_as_written(asked.name, text, language)) if in_file else asked


def _as_written(said: str, text: str, language: str) -> str:
    """With the dots and capitals that it has in ``text``."""
    chunks = text.split()
    for at in range(len(chunks)):
        for end in range(len(chunks), at, -1):
            if normalise(" ".join(chunks[at:end]), language=language) == said:
                return " ".join(chunks[at:end]).strip(_MARKS)
    return said


def _readings(said: str, known: _Known, *, walks: bool) -> Iterator[Asked]:
    if walks:
        for kind, slots in known.walk.readings(said):
            if (asked := _asked(f"walk.{kind}", slots, known)) is not None:
                yield asked
    for kind, slots in known.asked.readings(said):
        if (asked := _asked(kind, slots, known)) is not None:
            yield asked


def _asked(kind: str, slots: Mapping[str, str], known: _Known) -> Asked | None:
    """None: what is in a slot cannot be."""
    asked = Asked(kind, known.language, name=slots.get("name", slots.get("file", "")))
    if "part" in slots:
        part = _part(slots["part"], known)
        return replace(asked, part=part) if part else None
    if "from" in slots or "n" in slots or "ordinal" in slots:
        part = _numbers(slots, known.language)
        return replace(asked, part=part, number=part.number or part.first) if part else None
    return asked


def _part(said: str, known: _Known) -> Part | None:
    for kind, slots in known.parts.readings(said):
        numbers = _numbers(slots, known.language)
        if numbers is None and not slots.keys().isdisjoint(("n", "from", "ordinal")):
            continue
        place = numbers or Part("")
        kind = "line" if kind == "lines" else kind.removesuffix("_named")
        return replace(place, kind=kind, name=slots.get("name", ""))
    return None


def _numbers(slots: Mapping[str, str], language: str) -> Part | None:
    """Lines, or the how manieth; None: there are none, or they are no whole numbers."""
    if "from" in slots:
        first, last = (_whole(slots[name], language) for name in ("from", "to"))
        return Part("line", first=min(first, last), last=max(first, last)) if first and last else None
    if "n" in slots:
        number = _whole(slots["n"], language)
        return Part("line", first=number, last=number) if number else None
    if "ordinal" in slots:
        number = _ordinal(slots["ordinal"], language)
        return Part("", number=number) if number else None
    return None


def _whole(said: str, language: str) -> int:
    value = whole_number(said.split(), language)
    return int(value) if value and value.denominator == 1 and 0 < value < _MOST_LINE else 0


def _ordinal(said: str, language: str) -> int:
    words = said.split()
    if said in map(normalise, table(language, "code")["words"]["last"]):
        return LAST
    read = read_ordinal(words, 0, language)
    return read[0] if read and read[1] == len(words) else 0


def file_name_said(said: str, language: str) -> str:
    """“report dot py” and “parse underscore date dot py” as they are written."""
    words = table(language, "code")["words"]
    for name, sign in _SIGNS.items():
        for word in words[name]:
            said = re.sub(rf"(?i)\s+{re.escape(word)}\s+", sign, said)
    return said


_SIGNS = {"dot": ".", "underscore": "_", "dash": "-"}
