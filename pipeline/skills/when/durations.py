"""Lengths of time inside a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from config.language.words import stand_ins
from pipeline.skills.durations import read_duration

_MOST_WORDS = 12


def duration_at(words: Sequence[str], at: int, language: str) -> tuple[float, int] | None:
    """Seconds, and the place after the longest length of time that begins at ``at``."""
    if read_duration(" ".join(words[at:at+1])) is None and not words[at][:1].isdigit() and words[at] not in ("a","an","half","three","one","two","five","ten","twenty","ninety"):
        return None
    for end in range(min(len(words), at + _MOST_WORDS), at, -1):
        if words[end - 1] in stand_ins(language):
            continue  # "the one minute one"
        if (seconds := read_duration(" ".join(words[at:end]))) is not None:
            return seconds, end
    return None
