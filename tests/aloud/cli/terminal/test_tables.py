"""Tables on a screen, and for who hears them."""

from __future__ import annotations

import io
import json

from aloud.cli.terminal.renderers import PlainLines, json_lines
from aloud.cli.terminal.tables import table_lines
from config.runtime.clean import clean
from pipeline.tables.base import QueryResult
from pipeline.tables.shown import is_table, shown_event


def result(rows: int, columns: int = 2, *, word: str = "Nord") -> QueryResult:
    names = tuple(clean(f"c{at}") for at in range(columns))
    return QueryResult(names, tuple((clean(word), *range(1, columns)) for _ in range(rows)), rows)


def test_it_stands_in_columns_where_it_fits_and_in_sentences_where_not() -> None:
    assert table_lines(shown_event(result(2), 0.0), 80) == ["c0    c1", "Nord  1", "Nord  1"]
    wide = table_lines(shown_event(result(2, 40), 0.0), 80)
    assert wide[0].startswith("c0 Nord, c1 1, ")
    for columns in range(1, 30):
        for line in table_lines(shown_event(result(2, columns, word="as long as a cell is"), 0.0), 80):
            assert len(line) <= 80 or line.endswith(".")


def test_who_hears_it_hears_a_line_a_row_and_how_many_more() -> None:
    out = io.StringIO()
    view = PlainLines(out)
    view(shown_event(result(70), 1.0))
    lines = out.getvalue().splitlines()
    assert lines[0] == "c0 Nord, c1 1."
    assert len(lines) == 21
    assert lines[-1] == "50 more rows."


def test_what_is_in_the_file_cannot_steer_the_terminal() -> None:
    out = io.StringIO()
    PlainLines(out)(
        shown_event(QueryResult((clean("a\x1b]0;x\x07"),), ((clean("b\nc\u202e"),), (None,)), 2), 0.0)
    )
    assert out.getvalue() == "a]0;x b c.\na]0;x empty.\n"
    written = io.StringIO()
    json_lines(written)(shown_event(result(2), 1.0))
    told = json.loads(written.getvalue())
    assert told == {
        "event": "table_shown",
        "at": 1.0,
        "turn": -1,
        "columns": ["c0", "c1"],
        "rows": [["Nord", "1"]] * 2,
        "count": 2,
    }


def test_one_number_is_no_table() -> None:
    assert not is_table(result(1))
    assert is_table(result(2))
