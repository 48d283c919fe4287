"""Who corrects a time while saying it means the second: "for five, no wait, seven minutes"."""

from __future__ import annotations

from dataclasses import replace

from pipeline.skills.durations import duration_at
from pipeline.skills.timer_requests.words import timer_words
from pipeline.skills.when.moment import Moment
from pipeline.skills.when.spans import Span, Spanned


def corrected(said: Spanned, language: str) -> Spanned:
    """The same without times that were taken back by one that stands right behind them."""
    words, corrections = said.words, timer_words(language).corrections
    for at, word in enumerate(words[:-2]):
        found = corrections.longest(words, at + 1) if word in said.spans else None
        if found is None or found.end == len(words) or words[found.end] not in said.spans:
            continue
        meant = _meant(said.spans[word], said.spans[words[found.end]], language)
        if meant:
            name = f"@{meant.kind}{len(said.spans)}"
            rest = (*words[:at], name, *words[found.end + 1 :])
            return corrected(replace(said, words=rest, spans={**said.spans, name: meant}), language)
    return said


def _meant(first: Span, second: Span, language: str) -> Span | None:
    """None where the second is of another sort."""
    if second.seconds is not None and (first.seconds is not None or first.kind == "w"):
        return second
    if first.seconds is not None and second.kind == "w":  # "five minutes, no, ten"
        words = (*second.words, first.words[-1])
        read = duration_at(words, 0, language)
        return Span(words, read[0], None) if read and read[1] == len(words) else None
    if first.moment and second.moment and first.seconds is None and second.seconds is None:
        return replace(second, moment=_joined(first.moment, second.moment))
    return None


def _joined(first: Moment, second: Moment) -> Moment:
    """ "Tomorrow at seven, no, half past seven" is tomorrow."""
    return Moment(
        second.clock or first.clock, second.half or first.half, second.day or first.day,
        second.repeat or first.repeat, second.literal if second.clock else first.literal, sure=True,
    )  # fmt: skip
