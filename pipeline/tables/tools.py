"""What a model may do with the tables that are open: ask in SQL, save what came, draw it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import anyio

from config.errors import QueryError
from config.runtime.clean import CleanText, clean, clean_sentence
from config.runtime.clock import in_thread
from pipeline.tables.base import QueryResult, Tables
from pipeline.tables.charts.chart import KINDS, chart_of
from pipeline.tables.charts.drawing import drawn
from pipeline.tables.charts.wording import Wording
from pipeline.tables.note import result_as_data
from pipeline.tables.shown import is_table
from pipeline.tools.base import Tool, ToolResult, Undo
from vision.images.names import shown_name

MOST_SAVED = 100_000
"""Rows of a table that is saved."""

_SQL = {"type": "string", "minLength": 1, "maxLength": 20_000, "description": "one SELECT, as DuckDB has it"}
_NAME = {"type": "string", "minLength": 1, "maxLength": 200, "description": "of the file: sales by month"}
_QUERY = (
    "Asks the open tables in SQL: exactly one SELECT. Names of columns stand in double quotes. Compute every "
    "figure so, never in your head. Say the number first, and then at most three rows: the person hears you."
)
_SAVE = "Saves what a SELECT gives as a new CSV file. Only when the person asked for a file."
_PLOT = (
    "Draws what a SELECT gives and saves it as a picture: the first column goes along the bottom, each "
    "further one is a series of numbers; a histogram takes one column. What comes back tells the chart in "
    "two sentences: say them as they are."
)


@dataclass(frozen=True, slots=True)
class SavedFile:
    path: Path
    undo: Undo


class Save(Protocol):
    """Keeps a new file in the folder of the person that is for it."""

    @property
    def folder(self) -> Path:
        """Where it goes."""
        ...

    def name(self, wanted: str, suffix: str) -> str:
        """What the file will be called, unless another is."""
        ...

    def __call__(self, wanted: str, suffix: str, content: bytes) -> SavedFile:
        """Blocking. Over nothing. Raises ``FileError``."""
        ...


class LongTables(Tables, Protocol):
    """Of which all rows of an answer can be had."""

    async def query_from(self, sql: str, skip: int) -> QueryResult:
        """As ``query``, behind the first ``skip`` rows."""
        ...


def _nobody(result: QueryResult) -> None:
    pass


class TableTools:
    """``show``: puts a result of several rows where it is seen. ``save``: None where nothing may be saved."""

    def __init__(
        self, tables: LongTables, save: Save | None = None, show: Callable[[QueryResult], None] = _nobody
    ) -> None:
        self._tables = tables
        self._save = save
        self._show = show

    @property
    def tools(self) -> tuple[Tool, ...]:
        asked = self._tool("query_table", _QUERY, {"sql": _SQL}, risk="read", run=self._query)
        if self._save is None:
            return (asked,)
        saved = self._tool(
            "save_table", _SAVE, {"name": _NAME, "sql": _SQL}, risk="write", run=self._saved,
            read_back=self._read_back("save_table"),
        )  # fmt: skip
        kinds = {"type": "string", "enum": [*KINDS]}
        plotted = self._tool(
            "plot", _PLOT, {"kind": kinds, "sql": _SQL, "title": _NAME}, risk="write", run=self._plotted,
            read_back=self._read_back("save_chart"),
        )  # fmt: skip
        return asked, saved, plotted

    def _tool(self, name: str, description: str, properties: dict[str, Any], **more: Any) -> Tool:
        parameters = {"type": "object", "properties": properties, "required": [*properties]}
        return Tool(name, description, parameters, available=lambda: bool(self._tables.loaded), **more)

    def _read_back(self, key: str) -> Callable[[Mapping[str, Any], str], str]:
        def read_back(arguments: Mapping[str, Any], language: str) -> str:
            assert self._save
            name = shown_name(self._save.name(str(arguments.get("name", "")), ".csv"))
            title = shown_name(str(arguments.get("title", "")), otherwise="Chart")
            return Wording(language).say(key, name=name, title=title, place=_called(self._save.folder))

        return read_back

    async def _asked(self, sql: str) -> QueryResult | ToolResult:
        """What went wrong may quote what stands in the table."""
        try:
            return await self._tables.query(sql)
        except QueryError as error:
            return ToolResult(clean(error.told), failed=True, untrusted=True)

    async def _query(self, sql: str) -> ToolResult:
        found = await self._asked(sql)
        if isinstance(found, ToolResult):
            return found
        if is_table(found):
            self._show(found)
        return ToolResult(result_as_data(found), value=found, untrusted=True)

    async def _saved(self, name: str, sql: str) -> ToolResult:
        assert self._save
        found = await self._asked(sql)
        if isinstance(found, ToolResult):
            return found
        rows = [list(row) for row in found.rows]
        while len(rows) < min(found.count, MOST_SAVED):
            more = await self._tables.query_from(sql, len(rows))
            if not more.rows:
                break
            rows += [list(row) for row in more.rows]
        kept = rows[:MOST_SAVED]
        with anyio.CancelScope(shield=True):  # who interrupts it gets a whole file, and can take it back
            file = await in_thread(self._save, name, ".csv", _as_csv(found.columns, kept))

        def told(language: str) -> str:
            words = Wording(language)
            cut = words.say("table_cut", count=found.count, rows=len(kept)) if len(kept) < found.count else ""
            place = _called(file.path.parent)
            said = words.say("table_saved", name=shown_name(file.path.name), place=place, count=len(kept))
            return f"{said} {cut}".strip()

        return ToolResult(clean(told("en")), value=file.path, undo=file.undo, told=told)

    async def _plotted(self, kind: str, sql: str, title: str) -> ToolResult:
        assert self._save
        found = await self._asked(sql)
        if isinstance(found, ToolResult):
            return found
        chart = chart_of(kind, title, found)
        picture = await in_thread(drawn, chart, Wording("en").alternative(chart))
        with anyio.CancelScope(shield=True):
            file = await in_thread(self._save, title, ".png", picture)

        def told(language: str) -> str:
            words = Wording(language)
            saved = words.say("chart_saved", name=shown_name(file.path.name), place=_called(file.path.parent))
            left = words.say("left_out", count=chart.left_out) if chart.left_out else ""
            pie = words.say("pie") if chart.from_pie else ""
            return " ".join(filter(None, (words.gist(chart), left, pie, saved)))

        return ToolResult(clean_sentence(told("en")), value=chart, undo=file.undo, untrusted=True, told=told)


def _called(folder: Path) -> CleanText:
    return shown_name(folder.name or str(folder))


def _as_csv(columns: tuple[CleanText, ...], rows: list[list[Any]]) -> bytes:
    """With a mark by which spreadsheets know that it is UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
