"""What of a file was not read, or may not be as it was written: why, and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from config.language.data import known, table
from config.runtime.clean import CleanText, clean_line

Reason = Literal[
    "letters",
    "encoding",
    "megabytes",
    "rows",
    "pages",
    "time",
    "long",
    "damaged",
    "page",
    "pictures",
    "nothing",
    "computed",
]
"""Keys of ``LANGUAGE/left_out.toml``."""
REASONS = frozenset(get_args(Reason))


@dataclass(frozen=True, slots=True)
class LeftOut:
    reason: Reason
    values: Mapping[str, int | str] = field(default_factory=dict)
    """What the sentence tells: how many were read, which pages."""


def left_out_told(left_out: Iterable[LeftOut], language: str) -> CleanText:
    """As sentences; empty, when nothing was left out."""
    said = table(known(language), "left_out")
    return clean_line(" ".join(said[each.reason].format(**each.values) for each in left_out), 600)
