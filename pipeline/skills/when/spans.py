"""A sentence in which times stand as such: what is then matched with templates is short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.language.words import find, joined, stand_ins
from pipeline.skills.durations import begins_unit, duration_at
from pipeline.skills.when.calendar import speaks_of_time
from pipeline.skills.when.moment import Moment, moment_at
from pipeline.skills.when.number_slots import begins_number

DURATION = r"@[db]\d+"
MOMENT = r"@[mwb]\d+"
NUMBER = r"@w\d+"
"""Patterns of the words that stand for them: ``@d0`` a length of time, ``@m0`` a moment, ``@w0`` a number
that may be a time of day, ``@b0`` what may be either ("sept heures").
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Words that are a length of time, a moment, or may be either."""

    words: tuple[str, ...]
    seconds: float | None
    moment: Moment | None

    @property
    def kind(self) -> str:
        if self.moment is None or self.seconds is not None:
            return "d" if self.moment is None else "b"
        return "m" if self.moment.sure else "w"


@dataclass(frozen=True, slots=True)
class Spanned:
    """The words of a sentence, with ``@m0`` and the like in the place of its spans."""

    words: tuple[str, ...]
    spans: Mapping[str, Span]
    text: str = ""
    """As it was written."""

    @property
    def plain(self) -> str:
        """What is matched with templates."""
        return " ".join(self.words)

    @property
    def has_numbers(self) -> bool:
        """Whether there are some that may be times, or mere numbers."""
        return any(span.kind == "w" for span in self.spans.values())

    def without_numbers(self) -> Spanned:
        """Numbers stand as words again: "cancel the two"."""
        spans = {name: span for name, span in self.spans.items() if span.kind != "w"}
        words = (each for word in self.words for each in (self.said(word) if word not in spans else [word]))
        return Spanned(tuple(words), spans, self.text)

    def speaks_of_time(self, words: str, language: str) -> bool:
        """Whether a part of it names a moment, or what none is read from: it is no name then."""
        parts = words.split()
        return any(part.startswith("@m") for part in parts) or speaks_of_time(self.said(words), language)

    def written(self, words: list[str], language: str) -> str:
        """Words of it with their accents and capitals."""
        return joined(find(words, self.text, language)) if words else ""

    def said(self, words: str) -> list[str]:
        """A part of it as it was said."""
        spans = self.spans
        return [each for word in words.split() for each in (spans[word].words if word in spans else (word,))]

    def moment(self, words: str) -> Moment | None:
        span = self.spans.get(words)
        return span.moment if span else None

    def seconds(self, words: str) -> float | None:
        span = self.spans.get(words)
        return span.seconds if span else None


class _Finder:
    """The spans of one sentence."""

    def __init__(self, words: Sequence[str], language: str) -> None:
        self._words = words
        self._language = language
        units = (at for at, word in enumerate(words) if begins_unit(word, language))
        self._last_unit = max(units, default=-1)
        """No length of time begins behind it."""

    def at(self, at: int) -> tuple[Span, int] | None:
        """The longer of both; both, where they are as long."""
        length, moment = self._length(at), moment_at(self._words, at, self._language)
        if length is None and moment is None:
            return None
        if moment and any(self._longer(inner, moment[1]) for inner in range(at + 1, moment[1])):
            moment = None  # "by five minutes" is not at five
        end = max((read[1] for read in (length, moment) if read), default=at)
        if end == at:
            return None
        seconds = length[0] if length and length[1] == end else None
        meant = moment[0] if moment and moment[1] == end else None
        return Span(tuple(self._words[at:end]), seconds, meant), end

    def _length(self, at: int) -> tuple[float, int] | None:
        """Not "one minute one", which is not the one of 61 seconds."""
        if at > self._last_unit or not begins_number(self._words[at], self._language):
            return None
        end = len(self._words) - (self._words[-1] in stand_ins(self._language))
        return duration_at(self._words[:end], at, self._language)

    def _longer(self, at: int, end: int) -> bool:
        length = self._length(at)
        return length is not None and length[1] > end


def spanned(words: Sequence[str], language: str, text: str = "") -> Spanned:
    """``text``: as it was written."""
    finder, out, spans = _Finder(words, language), list[str](), dict[str, Span]()
    at = 0
    while at < len(words):
        read = finder.at(at)
        if read is None:
            out.append(words[at])
            at += 1
            continue
        name = f"@{read[0].kind}{len(spans)}"
        spans[name], at = read
        out.append(name)
    return Spanned(tuple(out), spans, text)
