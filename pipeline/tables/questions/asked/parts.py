"""What the words of a question to a table say, before it is plain what all of them together ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from pipeline.tables.questions.question import Where

Operation = Literal[
    "sum", "mean", "median", "largest", "smallest", "latest", "earliest", "most", "fewest",
    "count", "distinct", "share", "difference",
]  # fmt: skip


Top = Literal["top", "bottom", "first", "last"]
TOPS: tuple[Top, ...] = get_args(Top)


class NoQuestionError(Exception):
    """A word has no place in a question to a table: it is about something else."""


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """``names``: all that it may be; ``said``: what was said for it."""

    names: tuple[str, ...]
    said: str
    beside: bool = False
    """The same word also says what is computed: "the total" of the column Total."""

    @property
    def name(self) -> str:
        """As it stands in the table; what was said, where that may be several."""
        return self.names[0] if len(self.names) == 1 else self.said


@dataclass(slots=True)
class Parts:
    """Filled while the words are gone through."""

    operations: list[Operation] = field(default_factory=list)
    columns: list[NamedColumn] = field(default_factory=list)
    """Those that are in no other part."""
    where: list[Where] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)
    """What stands between two conditions: ``and``, ``or``."""
    by: list[NamedColumn] = field(default_factory=list)
    period: str = ""
    sort: NamedColumn | None = None
    descending: bool | None = None
    top: Top | None = None
    limit: int = 0
    row: int = 0
    compare: tuple[str, ...] = ()
    nouns: set[str] = field(default_factory=set)
    """``rows``, ``things``, ``columns``, ``column``, ``table``, ``show``, ``describe``, ``which``."""
    unknown_column: str = ""
    """What is to be computed, where no column is called so."""
    named: bool = False
    follows: bool = False

    @property
    def is_addition(self) -> bool:
        """Whether it can do no more than change a question: "by month", "for Berlin"."""
        told = (
            self.operations or self.columns or self.nouns or self.compare or self.row or self.unknown_column
        )
        return not told
