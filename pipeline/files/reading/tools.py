"""The tools of the open files: told of, searched, read; for a model and for what is asked without one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio

from config.runtime.clean import clean
from config.runtime.clock import in_thread
from pipeline.files.open_files import OpenFile, OpenFiles, Opening
from pipeline.files.reading.index import Hit, Index
from pipeline.files.reading.names import best, chosen, files_in, resolved, wanted
from pipeline.files.reading.outcomes import (
    About,
    Done,
    Found,
    NotProse,
    Open,
    Opened,
    Outcome,
    Quote,
    TableSize,
    Which,
    about,
)  # fmt: skip
from pipeline.files.reading.outline import has_text
from pipeline.files.reading.parts import PARTS, Part, PartAsked, Reader
from pipeline.tables.base import Table
from pipeline.tools.base import Tool, ToolError, ToolResult
from vision.images.names import shown_name

WAITS_S = 30.0
"""So long an answer waits for a file that is being opened."""
AT_ONCE_S = 1.0
"""What takes longer to open is told of later."""
MOST_QUOTES = 12
_MOST_NAMED = 5
_FILE = {"type": "string", "description": "Its name or number; the latest when left out."}
_LANGUAGE = {"type": "string", "description": "Of the words: en, de, fr, es, it."}
_LIST = "Tells which files are open: kind, length, headings."
_SEARCH = (
    "Finds the places in an open file in which words stand, with page, slide, line or heading. Search before "
    "you say what stands in a long file, or that something does not; if it finds nothing, with other words."
)
_READ = "Reads a part of an open file, word for word: of a long one a page, or what stands under a heading."


def _no_tables(path: Path) -> Sequence[Table]:
    return ()


class FileTools:
    """``folders``: where a file is looked for that is opened by its name. ``takes``: whether one of that name
    can be opened. ``sent_to``: the hosts that a question goes to. ``tables_of``: those that an open file is.
    Made for one conversation.
    """

    def __init__(
        self,
        files: OpenFiles,
        folders: Callable[[], Sequence[Path]],
        takes: Callable[[Path], bool],
        sent_to: Callable[[], Sequence[str]] = tuple,
        tables_of: Callable[[Path], Sequence[Table]] = _no_tables,
    ) -> None:
        self.files = files
        self._folders = folders
        self._takes = takes
        self._sent_to = sent_to
        self._tables_of = tables_of
        self._reader = Reader()
        self._indexes: dict[int, Index] = {}
        self.choices: tuple[Path, ...] = ()
        """Of which a person was asked to choose one."""
        self.tools = tuple(self._tools())

    def _tools(self) -> Iterator[Tool]:
        def here() -> bool:
            return bool(self.files.all or self.files.opening)

        def never() -> bool:
            """Which files are open is the person's to say."""
            return False

        words = {"type": "string", "description": "3 to 6, as they may stand there"}
        searched = {"words": words, "file": _FILE, "language": _LANGUAGE}
        number = {"type": "integer", "minimum": -1, "description": "of the page, chapter ...; -1: the last"}
        read = {
            "part": {"type": "string", "enum": list(PARTS)}, "number": number, "file": _FILE,
            "to": {"type": "integer", "description": "the last of several"}, "heading": {"type": "string"},
            "language": _LANGUAGE,
        }  # fmt: skip
        opened = {"name": {"type": "string"}, "language": _LANGUAGE}
        closed = {"file": _FILE, "all": {"type": "boolean"}}
        yield _tool("list_documents", _LIST, {"file": _FILE}, self._list, here)
        yield _tool("search_document", _SEARCH, searched, self._search, here, "words")
        yield _tool("read_document", _READ, read, self._read, here)
        yield _tool("open_document", "Opens a file by its name.", opened, self._open, never, "name")
        yield _tool("close_document", "Closes an open file, or all.", closed, self._close, never)

    # What is open --------------------------------------------------------------------------------

    def named(self, said: str, language: str = "en") -> OpenFile | None:
        """The open one that is meant, by its number, its name, or as the latest."""
        if not said:
            return self.files.latest
        if said.isdecimal():
            return next((file for file in self.files.all if file.number == int(said)), None)
        return resolved(said, self.files.all, language)

    async def _file(self, said: str) -> OpenFile:
        """Raises ``ToolError`` where it is not open."""
        await self.files.settled(WAITS_S)
        if file := self.named(said):
            self.files.turn_to(file)
            return file
        names = ", ".join(each.name for each in self.files.all) or "none"
        raise ToolError(f"There is no such file open. Open are: {names}.")

    async def _list(self, file: str = "") -> ToolResult:
        await self.files.settled(WAITS_S)
        files = (await self._file(file),) if file else self.files.all
        return _result(Open(await in_thread(lambda: tuple(map(self.about, files)))))

    def about(self, file: OpenFile) -> About:
        """What it is, with the size of its tables."""
        found = self._tables_of(file.path)
        sizes = (
            TableSize(table.source, table.rows, tuple(column.name for column in table.columns), table.notes)
            for table in found
        )
        return about(file.name, file.content, tuple(sizes))

    # Searching and reading -----------------------------------------------------------------------

    def prepare(self, file: OpenFile) -> None:
        """Index it. Blocking."""
        self._indexes[file.number] = Index(file.content)

    def index(self, file: OpenFile) -> Index:
        """Blocking, where it was not prepared."""
        if file.number not in self._indexes:
            self.prepare(file)
        return self._indexes[file.number]

    async def _search(self, words: str, file: str = "", language: str = "en") -> ToolResult:
        one = await self._file(file)
        others = () if file else tuple(each for each in reversed(self.files.all) if each is not one)
        return _result(await in_thread(self.found, one, words, language, others))

    def found(self, file: OpenFile, words: str, language: str, others: Sequence[OpenFile] = ()) -> Found:
        """Where it stands; ``others`` are searched too, where it does not stand in ``file``. Blocking."""
        first = self._found_in(file, words, language)
        for other in () if first.whole else others:
            if (found := self._found_in(other, words, language)).whole:
                return replace(found, quotes=tuple(replace(each, file=other.name) for each in found.quotes))
        return first

    def _found_in(self, file: OpenFile, words: str, language: str) -> Found:
        index, content = self.index(file), file.content
        hits = index.search(words, language, MOST_QUOTES)
        quotes, whole = tuple(_quote(index, hit) for hit in hits), bool(hits) and hits[0].whole
        count = index.count(words, language) if whole else 0
        more = len(quotes) == MOST_QUOTES
        read = content.left_out, has_text(content)
        return Found(file.name, file.kind, words, quotes, whole, count, *read, more)

    async def _read(
        self,
        part: Part = "all",
        number: int = 0,
        to: int = 0,
        heading: str = "",
        file: str = "",
        language: str = "en",
    ) -> ToolResult:
        one = await self._file(file)
        part = "heading" if heading and part == "all" else part

        def find(words: str, language: str) -> int | None:
            hits = self.index(one).search(words, language, 1)
            return hits[0].sentence.element if hits and hits[0].whole else None

        if one.kind == "table" and part != "line":
            return _result(NotProse(self.about(one)))
        asked = PartAsked(part, number, to, heading, language)
        return _result(await in_thread(self._reader.part, one, asked, find))

    # Opening and closing -------------------------------------------------------------------------

    async def _open(self, name: str, language: str = "en") -> ToolResult:
        paths = await in_thread(self._paths, name, language)
        if len(paths) > 1:
            self.choices = tuple(paths[:_MOST_NAMED])
            return _result(Which(tuple(shown_name(path.name) for path in self.choices), len(paths)))
        self.choices = ()
        if not paths:
            return replace(_result(Done("no_such", clean(name))), failed=True)
        opening = self.files.begin(paths[0])
        opening.language = language
        with anyio.move_on_after(AT_ONCE_S):
            await opening.done.wait()
        opening.aside = not opening.done.is_set()
        if opening.error:
            raise opening.error
        return _result(self.opened(opening) or Done("opening", shown_name(paths[0].name)))

    def opened(self, opening: Opening) -> Opened | None:
        """None: it is not yet."""
        if opening.file is None:
            return None
        return Opened(self.about(opening.file), tuple(self._sent_to()))

    def _paths(self, name: str, language: str) -> list[Path]:
        """Those that are named so: of the ones to choose from, of those named before, or in the folders."""
        if self.choices and (meant := chosen(name, self.choices, language)):
            return meant
        words = wanted(name, language)
        known = best(words, self.files.known, lambda path: path.name)
        return known or best(words, files_in(self._folders(), self._takes), lambda path: path.name)

    async def _close(self, file: str = "", all: bool = False) -> ToolResult:
        closed = self.files.all if all else (await self._file(file),)
        for each in closed:
            self.files.close(each)
            if index := self._indexes.pop(each.number, None):
                index.close()
        return _result(Done("closed_all") if all else Done("closed", closed[0].name))


def _tool(
    name: str,
    description: str,
    properties: dict[str, Any],
    run: Callable[..., Any],
    available: Callable[[], bool],
    *required: str,
) -> Tool:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return Tool(name, description, schema, risk="read", run=run, available=available)


def _result(outcome: Outcome) -> ToolResult:
    """What is in it comes from a file: no model is to obey it."""
    return ToolResult(clean(outcome.text), value=outcome, untrusted=True)


def _quote(index: Index, hit: Hit) -> Quote:
    """A heading is quoted with what follows it."""
    text, following = hit.sentence.text, hit.number + 1
    if hit.sentence.is_heading and following < len(index.sentences):
        text = clean(f"{text}: {index.sentences[following].text}")
    elif hit.after:
        text = index.sentences[hit.number - 1].text + " " + text
    return Quote(text, hit.sentence.place, hit.near, index.around(hit.number))
