"""Files opened by their names, of those named before and in folders; of several it is asked which."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from pipeline.files.open_files import OpenFiles
from pipeline.files.reading.names import best, files_in, wanted
from pipeline.files.reading.skill import FilesSkill
from pipeline.files.reading.tools import FileTools
from pipeline.session.run import run_async
from pipeline.tools.registry import Toolbox
from tests.pipeline.files.reading.conftest import LEASE, content_of
from tests.tables import for_each

NAMES = [
    "Annual Report 2025.docx",
    "annual-report-2024.docx",
    "Mietvertrag_final.pdf",
    "lease.md",
    "recipe soup.txt",
]


@for_each(
    ("said", "language", "found"),
    [
        ("the lease", "en", ["lease.md"]),
        ("lease dot md", "en", ["lease.md"]),
        ("the annual report of 2024", "en", ["annual-report-2024.docx"]),
        ("annual report", "en", ["Annual Report 2025.docx", "annual-report-2024.docx"]),
        ("den Mietvertrag", "de", ["Mietvertrag_final.pdf"]),
        ("the lees", "en", []),
        ("soup recipe", "en", ["recipe soup.txt"]),
        ("the contract", "en", []),
        ("recette", "fr", []),
    ],
)
def test_a_name_is_found_as_it_is_said(said: str, language: str, found: list[str]) -> None:
    assert best(wanted(said, language), NAMES, str) == found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    (made / "old" / ".cache").mkdir(parents=True)
    for name in (
        "lease.md",
        "old/lease of 2019.md",
        ".lease.md",
        "old/.cache/lease.md",
        "lease.pem",
        "id_rsa.md",
    ):
        (made / name).write_text("x")
    (tmp_path / "elsewhere.md").write_text("x")
    (made / "link.md").symlink_to(tmp_path / "elsewhere.md")
    (made / "loop").symlink_to(made)
    os.mkfifo(made / "pipe.md")
    return made


def test_hidden_files_keys_links_and_pipes_are_not_found(folder: Path) -> None:
    found = {path.relative_to(folder).as_posix() for path in files_in([folder], lambda path: True)}
    assert found == {"lease.md", "old/lease of 2019.md"}


def test_what_holds_keys_is_never_found(tmp_path: Path) -> None:
    names = (".env", "secret.pem", "id_ed25519", "passwords.kdbx", "server.KEY", "cookies.sqlite", "my.gpg")
    for name in names:
        (tmp_path / name).write_text("x")
    assert list(files_in([tmp_path, tmp_path / "nowhere"], lambda path: True)) == []


def talk(folder: Path, *lines: str, slow_s: float = 0.0) -> tuple[list[str], OpenFiles]:
    """What is answered, the files being opened beside it."""

    async def read(path: Path) -> Any:
        await anyio.sleep(slow_s)
        return content_of(path.name, LEASE)

    files = OpenFiles(read)
    skill = FilesSkill(FileTools(files, lambda: [folder], lambda path: path.suffix == ".md"))
    box = Toolbox(lambda: skill.tools)

    async def conversation() -> list[str]:
        said = list[str]()
        async with anyio.create_task_group() as beside:
            beside.start_soon(files.run)
            for line in lines:
                request = skill.parse(line, "en")
                said.append(request.answer(await box.run(request.call)) if request else "")
            beside.cancel_scope.cancel()
        return said

    said = list[str]()

    async def all_of_it() -> None:
        said.extend(await conversation())

    run_async(all_of_it, fast=True)
    return said, files


def test_a_file_is_opened_by_its_name_and_of_several_one_is_chosen(folder: Path) -> None:
    (folder / "old" / "notes one.md").write_text("x")
    (folder / "notes two.md").write_text("x")
    said, files = talk(
        folder, "Open the lease.", "open the notes", "the second one", "what files are open", "open the moon"
    )
    assert said[0].startswith("lease.md is open: a document, 4 pages.")
    assert said[1] == "There are 2: notes two.md and notes one.md. Which one?"
    assert said[2].startswith("notes one.md is open")
    assert said[3] == "Open are: lease.md and notes one.md."
    assert said[4] == "I find no file called “the moon”."
    assert [path.name for path in files.known] == ["lease.md", "notes one.md"]


def test_what_takes_long_is_opened_beside_the_talk_and_waited_for_by_a_question(folder: Path) -> None:
    said, files = talk(folder, "open the lease", "how many pages does it have", slow_s=1.3)
    assert said[0] == "I am opening lease.md."
    assert said[1].startswith("lease.md is a document, 4 pages")
    assert files.opening == ()


def test_one_that_is_closed_or_opened_again_keeps_its_number(folder: Path) -> None:
    said, files = talk(
        folder, "open the lease", "close it", "open the lease", "open the lease", "read page 3"
    )
    assert [file.number for file in files.all] == [1]
    assert said[4].startswith("Chapter Two: Notice")


def test_what_a_library_does_wrong_is_a_sentence(folder: Path, desk: Callable[..., Any]) -> None:
    async def breaks(path: Path) -> Any:
        raise ZeroDivisionError(path)

    files = OpenFiles(breaks)
    tools = FileTools(files, lambda: [folder], lambda path: True)

    async def opened() -> Any:
        async with anyio.create_task_group() as beside:
            beside.start_soon(files.run)
            call = FilesSkill(tools).parse("open the lease", "en")
            assert call is not None
            result = await Toolbox(lambda: tools.tools).run(call.call)
            beside.cancel_scope.cancel()
        return result

    result = anyio.run(opened)
    assert result.failed
    assert result.text.startswith("lease.md could not be opened (ZeroDivisionError).")
