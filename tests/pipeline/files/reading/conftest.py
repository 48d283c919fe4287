"""A conversation's open files, opened from texts with a reader of the tests' own: no process, no disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import anyio
import pytest

from config.errors import FileError
from config.runtime.clean import clean
from pipeline.files.base import Element, FileContent, Kind, Place
from pipeline.files.left_out import LeftOut
from pipeline.files.open_files import OpenFiles
from pipeline.files.reading.skill import FilesSkill
from pipeline.files.reading.tools import FileTools
from pipeline.tools.registry import Toolbox


def content_of(
    name: str, text: str, kind: Kind = "document", left_out: Sequence[LeftOut] = ()
) -> FileContent:
    """Of Markdown: ``#`` begins a heading, ``%%`` a page; lines are numbered where there are no pages."""
    elements, headings, page, line = list[Element](), list[str](), 1, 1
    paged = "%%" in text
    for block in text.split("\n\n"):
        if block == "%%":
            page += 1
            continue
        level = len(block) - len(block.lstrip("#"))
        plain = block.lstrip("# ")
        if level:
            headings = [*headings[: level - 1], plain]
        place = Place(
            page=page if paged else 0, line=0 if paged else line, headings=tuple(map(clean, headings))
        )
        elements.append(Element(clean(plain), place, level))
        line += block.count("\n") + 2
    return FileContent(clean(name), kind, tuple(elements), page if paged else 0, left_out=tuple(left_out))


class Desk:
    """``contents``: by name, what is in the files that can be opened; those of ``opened`` are."""

    def __init__(
        self, contents: Sequence[FileContent], opened: Sequence[str] = (), *, alone: bool = True
    ) -> None:
        self._contents = {str(each.name): each for each in contents}
        self.files = OpenFiles(self._read)
        self.tools = FileTools(self.files, list, lambda path: True, lambda: () if alone else ("llm.example",))
        self.skill = FilesSkill(self.tools, alone=lambda: alone)
        self.box = Toolbox(lambda: self.skill.tools)
        self._opened = opened or [str(each.name) for each in contents]

    async def _read(self, path: Path) -> FileContent:
        if path.name not in self._contents:
            raise FileError(f"There is no file {path.name}.")
        return self._contents[path.name]

    def talk(self, *lines: str, language: str = "en") -> list[list[str]]:
        """What is answered to each: paragraphs; [] where it is not for the files."""

        async def all_of_it() -> list[list[str]]:
            for name in self._opened:
                await self.files.add(Path(name))
            return [await self._answer(line, language) for line in lines]

        return anyio.run(all_of_it)

    async def _answer(self, line: str, language: str) -> list[str]:
        request = self.skill.parse(line, language) or self.skill.guess(line, language)
        if request is None:
            return []
        result = await self.box.run(request.call)
        return [*request.read(result)] or [request.answer(result)]


@pytest.fixture(scope="session")
def desk() -> Callable[..., Desk]:
    return Desk


LEASE = """# Lease of the flat

This lease is made between Mrs Okafor and Mr Lindqvist. It begins on 1 March.

%%

## Chapter One: Rent

The rent is 840 euros a month. It is due on the third working day.

Heating is included in the rent.

%%

## Chapter Two: Notice

The tenant may give notice of three months. The landlord must give six months' notice, in writing.

Notice by e-mail is not enough, and a well-\nknown exception does not exist.

%%

## Chapter Three: Pets

A cat may be kept. Dogs need the landlord's consent."""
