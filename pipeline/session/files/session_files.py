"""The files of a session: what opens them, what is said of that, and what answers for them."""

from __future__ import annotations

import dataclasses
import functools
import mimetypes
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import anyio

from config.errors import EngineError, FileError, RecordingError
from config.runtime.clean import clean, joined
from config.runtime.clock import FastLoop, in_thread
from config.settings.model import Settings
from config.settings.paths import documents_dir
from pipeline.conversation.assistant import Assistant
from pipeline.events import FileOpened
from pipeline.files.base import Element, FileContent, Place
from pipeline.files.left_out import LeftOut, left_out_told
from pipeline.files.open_files import OpenFile, OpenFiles, Opening
from pipeline.llm.base import Llm
from pipeline.llm.fallback import remote_hosts
from pipeline.session.files.code import SessionCode
from pipeline.session.files.tables import SessionTables
from vision.images.names import shown_name
from voice.stt.events import FinalTranscript

if TYPE_CHECKING:
    from pipeline.files.reading.skill import FilesSkill
    from pipeline.files.reading.tools import FileTools
    from pipeline.skills.answer import SkillRequest
    from pipeline.tools.base import Tool

SETTLED_S = 20.0
"""So long a model's answer waits for a file that is being opened."""


class SessionFiles:
    """``llm``: who answers, None for the skills. ``pictured``: whether a picture is shown; ``goes_on``: more
    is asked than one question.

    A skill (``pipeline.skills.answer.Skill``) of which nothing is imported before something is said.
    """

    def __init__(
        self,
        settings: Settings,
        llm: Llm | None,
        pictured: Callable[[], bool],
        *,
        goes_on: bool = True,
    ) -> None:
        self._settings = settings
        self._llm = llm
        self.tables = SessionTables(self.paths, settings.tools.save_folder)
        self._pictured = pictured
        self._goes_on = goes_on
        self.open = OpenFiles(self._read, prepare=self._prepare)

    @functools.cached_property
    def _tools(self) -> FileTools:
        from pipeline.files.reading.tools import FileTools

        return FileTools(self.open, self._folders, _can_be_opened, self._hosts, self.tables.of)

    @functools.cached_property
    def _skill(self) -> FilesSkill:
        from pipeline.files.reading.skill import FilesSkill

        def alone() -> bool:
            return self._llm is None

        return FilesSkill(self._tools, alone=alone, pictured=self._pictured, goes_on=self._goes_on)

    async def _read(self, path: Path) -> FileContent:
        """Raises ``FileError``. A table is loaded as well, to be computed with."""
        from pipeline.files.convert.read import read_content

        try:
            content = await read_content(path, self._heard)
        except (RecordingError, EngineError) as error:
            raise FileError(error.failed, todo=error.todo) from None
        if content.kind != "table":
            return content
        if package := self.tables.missing():
            lacks = LeftOut("computed", {"package": package})
            return dataclasses.replace(content, left_out=(*content.left_out, lacks))
        await self.tables.load(path)
        return content

    async def _heard(self, path: Path) -> Sequence[Element]:
        """What is said in a recording, as fast as it can be heard: on a clock of its own that skips waits."""
        said = await in_thread(_transcribed, self._settings, path)
        return [Element(clean(each.text), Place(at_s=each.speech_start)) for each in said]

    def _prepare(self, file: OpenFile) -> None:
        self._tools.prepare(file)

    def _folders(self) -> Sequence[Path]:
        """Where a file is looked for by its name: the person's documents, and what a model may read."""
        return [*(Path(folder).expanduser() for folder in self._settings.tools.folders), documents_dir()]

    def _hosts(self) -> Sequence[str]:
        return list(remote_hosts(self._llm)) if self._llm else ()

    async def begin(self, files: Sequence[Path], *, first: bool) -> None:
        """``first``: all are open when this returns. Raises ``FileError`` for one that is not there, or then
        cannot be opened.
        """
        all_there(files)
        for path in files:
            if first:
                await self.open.add(path)
            else:
                self.open.begin(path).aside = True

    def paths(self) -> list[Path]:
        """Of all that are open."""
        return [file.path for file in self.open.all]

    # The skill -----------------------------------------------------------------------------------

    @property
    def tools(self) -> tuple[Tool, ...]:
        return self._skill.tools

    def parse(self, text: str, language: str) -> SkillRequest | None:
        return self._skill.parse(text, language)

    def guess(self, text: str, language: str) -> SkillRequest | None:
        return self._skill.guess(text, language)

    # What is told of them ------------------------------------------------------------------------

    async def tell_llm(self, question: str, language: str) -> Sequence[str]:
        """What it is to know of all that are open, for this question. Waits for what is being opened."""
        await self.open.settled(SETTLED_S)
        if self._llm is None or not self.open.all:
            return ()
        from pipeline.files.reading.told import tell_file, tell_found

        tables = await self.tables.tell_llm()
        searches = self._llm.capabilities.calls_tools
        told = [tell_file(file, searches=searches) for file in self.open.all]
        for file in () if searches else self.open.all:
            told += await in_thread(tell_found, file, self._tools.index(file), question, language)
        return [*told, *tables]

    def tell_by(self, assistant: Assistant) -> Callable[[Opening], Awaitable[None]]:
        """Of each that was opened: an event, and, where nobody waited for the answer, a sentence."""

        self.tables.show_by(assistant)

        async def tell(opening: Opening) -> None:
            if opening.file:
                content = opening.file.content
                name, left_out = opening.file.name, left_out_told(content.left_out, "en")
                assistant.notify(
                    FileOpened(
                        at=assistant.now(), turn=-1, file=name, kind=clean(content.kind), pages=content.pages,
                        left_out=left_out, sent_to=tuple(map(clean, self._hosts())),
                    )
                )  # fmt: skip
                if opening.aside:
                    await assistant.announcer.say(
                        self._sentence(opening, opening.language or assistant.language)
                    )
            elif opening.error and opening.aside:
                error = opening.error
                kept = "The talk goes on without it."
                await assistant.regret(-1, FileError(error.failed, kept=kept, todo=error.todo))

        return tell

    def _sentence(self, opening: Opening, language: str) -> str:
        from pipeline.files.reading.answers import say_outcome

        opened = self._tools.opened(opening)
        return say_outcome(opened, language) if opened else ""


def _transcribed(settings: Settings, path: Path) -> list[FinalTranscript]:
    from pipeline.session.transcript import transcribed

    return anyio.run(transcribed, settings, str(path), backend_options={"loop_factory": FastLoop})


def _can_be_opened(path: Path) -> bool:
    from pipeline.files.convert.registry import known_formats

    suffix = path.suffix.casefold()
    sounds = (mimetypes.guess_type(path.name)[0] or "").startswith("audio/")
    return sounds or any(suffix in each.suffixes for each in known_formats().values())


class FilesAndCode:
    """As ``pipeline.conversation.reply.FilesToldOf``: with the lines of code that a question is about."""

    def __init__(self, files: SessionFiles, code: SessionCode) -> None:
        self._files = files
        self._code = code

    @property
    def opening(self) -> bool:
        return bool(self._files.open.opening)

    async def settled(self, most_s: float) -> None:
        await self._files.open.settled(most_s)

    def opens(self, language: str) -> str:
        from pipeline.files.reading.answers import say_outcome
        from pipeline.files.reading.outcomes import Done

        names = joined((shown_name(path.name) for path in self._files.open.opening), ", ")
        return say_outcome(Done("opening", names), language) if names else ""

    async def tell(self, question: str, language: str) -> Sequence[str]:
        of_files = await self._files.tell_llm(question, language)
        return [*of_files, *await self._code.tell_llm(question, language)]


def all_there(files: Iterable[Path]) -> None:
    """Raises ``FileError`` for one that is not, before anything begins."""
    for path in files:
        if not path.exists():
            name = shown_name(str(path))
            raise FileError(f"There is no file {name}.", todo="Look for a slip in it, or name another.")


_SHOWN = frozenset({".pdf", ".svg"})
"""Of the files with text in them those that are looked at as pictures are."""


def documents_among(names: Iterable[str]) -> list[Path]:
    """The files that are told of by what stands in them, and not by how they look."""
    paths = [Path(name) for name in names if "://" not in name]
    return [path for path in paths if path.suffix.casefold() not in _SHOWN and _is_document(path)]


def _is_document(path: Path) -> bool:
    """By its first bytes, whatever it is called."""
    from pipeline.files.convert.registry import format_of
    from pipeline.files.convert.unreadable import RECORDING, kind_of
    from pipeline.files.formats.shared.look import looked_at

    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            look = looked_at(file, path.suffix)
    except OSError:
        return False
    return format_of(look) is not None or kind_of(look) == RECORDING
