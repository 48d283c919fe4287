"""The files that are open in a conversation. Opened beside the talk: nobody is kept from speaking by it."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from config.errors import FileError
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from pipeline.files.base import FileContent, Kind
from vision.images.names import shown_name

_log = logging.getLogger(__name__)
Read = Callable[[Path], Awaitable[FileContent]]
_MOST_WAITING = 100
"""More files are not named in one breath."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenFile:
    path: Path
    content: FileContent
    number: int
    """In the order in which they were named: 1, 2, ..."""

    @property
    def name(self) -> CleanText:
        """As it is said and shown."""
        return shown_name(self.content.name, self.path.suffix or "the file")

    @property
    def kind(self) -> Kind:
        return self.content.kind


@dataclass(slots=True, eq=False)
class Opening:
    """One that is being opened, or was: then it has a ``file`` or an ``error``."""

    path: Path
    number: int
    aside: bool = False
    """Whoever asked for it no longer waits: it is told when nobody speaks."""
    language: str = ""
    """In which it was asked for."""
    file: OpenFile | None = None
    error: FileError | None = None
    done: anyio.Event = field(default_factory=anyio.Event)


async def _untold(opening: Opening) -> None:
    pass


class OpenFiles:
    """``read`` gets the content out of a file. ``prepare``: what else takes time with one, done in a thread
    before it counts as open. ``tell`` is told of each that was opened, or could not be.
    """

    def __init__(
        self,
        read: Read,
        *,
        prepare: Callable[[OpenFile], object] = lambda file: None,
        tell: Callable[[Opening], Awaitable[None]] = _untold,
    ) -> None:
        self._read = read
        self._prepare = prepare
        self.tell = tell
        self._openings: list[Opening] = []
        self._files: list[OpenFile] = []
        self._waiting: deque[Opening] = deque()
        self._begins = anyio.Event()

    @property
    def all(self) -> tuple[OpenFile, ...]:
        """In the order in which they were named."""
        return tuple(sorted(self._files, key=lambda file: file.number))

    @property
    def latest(self) -> OpenFile | None:
        """That was opened or spoken of."""
        return self._files[-1] if self._files else None

    def turn_to(self, file: OpenFile) -> None:
        """It is spoken of: "it" is this one from now on."""
        if file in self._files:
            self._files.remove(file)
            self._files.append(file)

    @property
    def opening(self) -> tuple[Path, ...]:
        """Those that are not open yet."""
        return tuple(each.path for each in self._openings if not each.done.is_set())

    @property
    def known(self) -> tuple[Path, ...]:
        """All that were ever named, also those that are closed again."""
        return tuple(dict.fromkeys(each.path for each in self._openings))

    def begin(self, path: Path) -> Opening:
        """Have it opened by ``run``; one that is open is read anew. Raises ``FileError`` where too many
        wait.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise FileError("Too many files are being opened.", todo="Please wait until they are.")
        opening = self._begun(path)
        self._waiting.append(opening)
        self._begins.set()
        return opening

    async def add(self, path: Path) -> OpenFile:
        """Opened now. Raises ``FileError``."""
        opening = self._begun(path)
        await self._open(opening)
        if opening.error:
            raise opening.error
        assert opening.file
        return opening.file

    def close(self, file: OpenFile) -> None:
        if file in self._files:
            self._files.remove(file)

    async def settled(self, most_s: float) -> None:
        """Until all are open that were named, or so long."""
        with anyio.move_on_after(most_s):
            for each in tuple(self._openings):
                await each.done.wait()

    async def run(self) -> None:
        """Opens what was begun, one after the other. Runs until cancelled."""
        while True:
            await self._begins.wait()
            self._begins = anyio.Event()
            while self._waiting:
                await self._open(self._waiting.popleft())

    def _begun(self, path: Path) -> Opening:
        numbers = {each.path: each.number for each in self._openings}
        opening = Opening(path, numbers.get(path, len(numbers) + 1))
        self._openings.append(opening)
        return opening

    async def _open(self, opening: Opening) -> None:
        try:
            content = await self._read(opening.path)
            file = OpenFile(opening.path, content, opening.number)
            await in_thread(self._prepare, file)
            self._files = [*(each for each in self._files if each.number != file.number), file]
            opening.file = file
        except FileError as error:
            opening.error = error
        except Exception as error:  # a library's own: the conversation goes on
            _log.warning("%s could not be opened: %s.", opening.path.name, type(error).__name__)
            _log.debug("It failed here:", exc_info=True)
            opening.error = FileError(
                f"{shown_name(opening.path.name)} could not be opened ({type(error).__name__}).",
                todo="Look whether another program can open it.",
            )
        finally:
            opening.done.set()
        await self.tell(opening)
