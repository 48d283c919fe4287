"""What a question gave, as it is shown: texts that fit on a screen."""

from __future__ import annotations

from datetime import datetime, time

from config.runtime.clean import EMPTY, CleanText, clean, clean_line
from pipeline.events import TableShown
from pipeline.tables.base import QueryResult, Value

MOST_ROWS = 50
_LONGEST = 40


def is_table(found: QueryResult) -> bool:
    """Whether there is more to see than what is said in a sentence."""
    return len(found.rows) > 1 and bool(found.columns)


def shown_event(found: QueryResult, at: float) -> TableShown:
    """Of no turn: it stands beside the answer."""
    rows = tuple(tuple(map(shown_value, row)) for row in found.rows[:MOST_ROWS])
    columns = tuple(clean_line(name, _LONGEST) for name in found.columns)
    return TableShown(at=at, turn=-1, columns=columns, rows=rows, count=found.count)


def shown_value(value: Value) -> CleanText:
    """In one line; nothing for what is not there."""
    if value is None:
        return EMPTY
    if isinstance(value, datetime):
        return clean(value.date().isoformat() if value.time() == time() else value.isoformat(" "))
    if isinstance(value, float):
        return clean(f"{value:.10g}")
    return clean_line(str(value), _LONGEST)
