"""The tables of a session: those of its open files, what computes with them, where that is saved."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.tables.base import QueryResult, Table

if TYPE_CHECKING:
    from pipeline.conversation.assistant import Assistant
    from pipeline.skills.answer import SkillRequest
    from pipeline.tables.process import TableProcess
    from pipeline.tables.questions.skill import TableQuestions
    from pipeline.tables.tools import SavedFile
    from pipeline.tools.base import Tool


class SessionTables:
    """``opened``: the files that are open; those of one that was closed are no longer asked. ``save_folder``:
    the setting. A skill (``pipeline.skills.answer.Skill``) and the ``Tables`` that it asks.
    """

    def __init__(self, opened: Callable[[], Iterable[Path]], save_folder: str) -> None:
        self._opened = opened
        self._save_folder = save_folder
        self._of: dict[Path, tuple[Table, ...]] = {}
        self._assistant: Assistant | None = None

    # Tables --------------------------------------------------------------------------------------

    @functools.cached_property
    def _process(self) -> TableProcess:
        from pipeline.tables.process import TableProcess

        return TableProcess()

    @property
    def loaded(self) -> tuple[Table, ...]:
        return tuple(table for path in self._opened() for table in self.of(path))

    def of(self, path: Path) -> tuple[Table, ...]:
        """Those of an open file."""
        return self._of.get(path, ())

    def missing(self) -> str:
        """The package without which nothing is computed; empty: it is here."""
        return self._process.missing()

    async def load(self, path: Path) -> tuple[Table, ...]:
        """Raises ``FileError``."""
        self._of[path] = await self._process.load(path)
        return self._of[path]

    async def query(self, sql: str) -> QueryResult:
        return await self._process.query(sql)

    async def query_from(self, sql: str, skip: int) -> QueryResult:
        return await self._process.query_from(sql, skip)

    def close(self) -> None:
        if self._of:
            self._process.close()

    # The skill -----------------------------------------------------------------------------------

    @functools.cached_property
    def _questions(self) -> TableQuestions:
        from pipeline.tables.questions.skill import TableQuestions

        return TableQuestions(self)

    @property
    def tools(self) -> tuple[Tool, ...]:
        from pipeline.tables.tools import TableTools

        return *self._questions.tools, *TableTools(self, _Saving(self._save_folder), self._show).tools

    def show_by(self, assistant: Assistant) -> None:
        """What a model's questions give is told of as an event, to be seen."""
        self._assistant = assistant

    def _show(self, found: QueryResult) -> None:
        from pipeline.tables.shown import shown_event

        if self._assistant:
            self._assistant.notify(shown_event(found, self._assistant.now()))

    def parse(self, text: str, language: str) -> SkillRequest | None:
        return self._questions.parse(text, language) if self._of else None

    async def tell_llm(self) -> Sequence[str]:
        """What a model is to know of each: its name in SQL, columns, values of each."""
        if not self.loaded:
            return ()
        from pipeline.tables.note import table_note

        return [await table_note(self, table) for table in self.loaded]


class _Saving:
    """As ``pipeline.tables.tools.Save``: into the folder for what is saved, and over nothing."""

    def __init__(self, setting: str) -> None:
        self._setting = setting

    @property
    def folder(self) -> Path:
        from pipeline.tools.files.save_text import save_folder

        return save_folder(self._setting)

    def name(self, wanted: str, suffix: str) -> str:
        from pipeline.tools.files.save_text import file_name

        return Path(file_name(wanted)).stem + suffix

    def __call__(self, wanted: str, suffix: str, content: bytes) -> SavedFile:
        from pipeline.tables.tools import SavedFile
        from pipeline.tools.files.save_text import take_away, write_new

        file, written = write_new(self.folder, self.name(wanted, suffix), content)
        return SavedFile(file, lambda: take_away(file, written))
