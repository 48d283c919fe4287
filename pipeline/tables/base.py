"""Tables as values: their columns, and what a question to them gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal, Protocol

from config.runtime.clean import EMPTY, CleanText

Value = None | bool | int | float | Decimal | CleanText | date | datetime | time | timedelta
ColumnType = Literal["number", "text", "date", "time", "truth", "other"]


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` as it stands in the file; SQL names it so too, in double quotes."""

    name: CleanText
    type: ColumnType
    sql_type: str
    unit: CleanText = EMPTY
    """Of its numbers, as the file writes it (“€”, “%”: 12 % is 12), or the time zone of its times."""


NoteKey = Literal[
    "western",
    "quotes",
    "cut",
    "above",
    "total",
    "missing",
    "numbers_two_ways",
    "dates_two_ways",
    "dates_unlike",
    "zones",
    "units",
    "stray_number",
    "stray_date",
    "more",
]
"""Keys of ``LANGUAGE/charts.toml``, ``[notes]``."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a person should know of how a table was read."""

    key: NoteKey
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One that is loaded. ``name`` is what SQL calls it: letters, digits and _, made of the file's name."""

    name: str
    source: CleanText
    """The file it came from, without its folders; of a workbook with the sheet behind it."""
    columns: tuple[Column, ...]
    rows: int
    left_out: CleanText
    """What could not be read, or was too much, as a sentence; empty: nothing. In English, for a model: in
    the person's language ``notes_told`` (``pipeline.tables.notes``) says it.
    """
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryResult:
    """``rows`` are the first of ``count``."""

    columns: tuple[CleanText, ...]
    rows: tuple[tuple[Value, ...], ...]
    count: int


class Tables(Protocol):
    """The tables of one conversation. What is asked of them runs in a process of its own, which is bounded in
    time and memory, and ended when it does not answer.
    """

    @property
    def loaded(self) -> tuple[Table, ...]:
        """The latest last."""
        ...

    async def load(self, path: Path) -> tuple[Table, ...]:
        """Those of a file: of a workbook one a sheet. Raises ``FileError``."""
        ...

    async def query(self, sql: str) -> QueryResult:
        """Exactly one SELECT. Raises ``QueryError`` with a sentence that says what was wrong with it."""
        ...
