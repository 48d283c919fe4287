"""Whole files through the process that reads them: each package once, what must end, what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.errors import FileError
from config.language.data import languages
from config.runtime.clean import clean
from pipeline.files.base import Element, FileContent, Place
from pipeline.files.convert.read import _refused, read_content
from pipeline.files.convert.registry import known_formats
from pipeline.files.formats.shared import worker
from pipeline.files.left_out import REASONS, LeftOut, left_out_told
from tests.pipeline.files.samples import docx, epub, opendocument, paragraph, pptx, shape, xlsx
from tests.tables import for_each
from tests.vision.samples import pdf, words

pytestmark = pytest.mark.anyio


async def read(folder: Path, name: str, data: bytes) -> FileContent:
    (folder / name).write_bytes(data)
    return await read_content(folder / name)


async def test_a_pdf_has_its_pages_and_tells_of_those_that_are_pictures(tmp_path: Path) -> None:
    pages = [words("Dear Ann,", "the boiler is fixed."), "0 0 100 100 re f", words("Yours,")]
    content = await read(tmp_path, "letter.pdf", pdf(pages))
    assert (content.kind, content.pages) == ("document", 3)
    assert [(" ".join(each.text.split()), each.place.page) for each in content.elements] == [
        ("Dear Ann, the boiler is fixed.", 1),
        ("Yours,", 3),
    ]
    assert content.left_out == (LeftOut("page", {"pages": "2"}),)


async def test_what_other_packages_read(tmp_path: Path) -> None:
    book = await read(tmp_path, "a.epub", epub("<h1>One</h1><p>first</p>", "<h1>Two</h1><p>last</p>"))
    assert (book.kind, book.title) == ("book", "A book")
    assert [(str(each.text), each.place.headings) for each in book.elements if not each.level] == [
        ("first", ("One",)),
        ("last", ("Two",)),
    ]
    sheets = await read(tmp_path, "a.xlsx", xlsx(("Money", [["Ann", 1.5], ["Bob", 2]]), ("Empty", [])))
    assert [(str(each.text), each.place) for each in sheets.elements] == [
        ("Ann; 1.5", Place(line=1, headings=(clean("Money"),))),
        ("Bob; 2", Place(line=2, headings=(clean("Money"),))),
    ]
    import duckdb

    duckdb.connect().execute(f"COPY (SELECT 'Ann' AS name, 3 AS sum) TO '{tmp_path / 'a.parquet'}'")
    assert [str(each.text) for each in (await read_content(tmp_path / "a.parquet")).elements] == [
        "name; sum",
        "Ann; 3",
    ]


async def test_the_same_from_the_process_as_here(tmp_path: Path) -> None:
    for name, data, text in [
        ("a.docx", docx(paragraph("a")), "a"),
        ("a.pptx", pptx(shape("b")), "b"),
        ("a.odt", opendocument("text", "<text:p>c</text:p>"), "c"),
        ("a.txt", b"d", "d"),
    ]:
        content = await read(tmp_path, name, data)
        assert ([str(each.text) for each in content.elements], content.left_out) == ([text], ())
        place = content.elements[0].place
        assert bool(place.page) + bool(place.line) + bool(place.paragraph) == 1


async def test_what_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    far = xlsx(("Far", [["x"]]), far="XFD1048576")
    assert len(far) < 5_000
    with pytest.raises(FileError, match="takes too long or too much memory"):
        await read(tmp_path, "far.xlsx", far)


def test_the_process_may_neither_write_nor_grow_nor_import_of_ours(tmp_path: Path) -> None:
    """What it can do once it is confined, tried in it."""
    program = f"""
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("worker", {str(worker.__file__)!r})
worker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(worker)
worker.confine()
worker.only_formats()
def fails(work):
    try:
        work()
    except (MemoryError, OSError, ImportError) as error:
        return type(error).__name__
def write():
    with open({str(tmp_path / "x")!r}, "wb", 0) as file:
        file.write(b"x")
def ours():
    import pipeline.files.base
print(json.dumps([fails(write), fails(lambda: bytes(1_200_000_000)), fails(ours)]))
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == ["OSError", "MemoryError", "ModuleNotFoundError"]


async def test_a_long_text_is_read_as_far_as_is_told(tmp_path: Path) -> None:
    content = await read(tmp_path, "one line.txt", b"word " * 4_000_001)
    assert [left.reason for left in content.left_out] == ["megabytes"]
    assert max(len(each.text) for each in content.elements) <= 4_000
    assert {each.place.line for each in content.elements} == {1}
    assert sum(each.text.count("word") for each in content.elements) == 4_000_000


async def test_only_a_regular_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "\u202eevil.txt").write_bytes(b"\0\1\2\3" * 9)
    os.mkfifo(tmp_path / "pipe.txt")
    for name, said in [
        ("none.txt", "There is no file"),
        ("link.txt", "is a link, and is not followed. Open what it leads to: .*real.txt"),
        ("empty.txt", "is empty"),
        ("pipe.txt", "is no file"),
        (".", "is a folder"),
        ("a\0b", "cannot be read"),
        ("\u202eevil.txt", "^evil.txt is of no kind that can be read"),
    ]:
        with pytest.raises(FileError, match=said):
            await read_content(tmp_path / name)
    with pytest.raises(FileError, match="is no file"):
        await read_content(Path("/dev/zero"))


async def test_a_recording_is_heard_by_whoever_can(tmp_path: Path) -> None:
    (tmp_path / "talk.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt ")

    async def hears(path: Path) -> list[Element]:
        return [Element(clean(path.stem), Place(at_s=1.5))]

    content = await read_content(tmp_path / "talk.wav", hears)
    assert (content.kind, content.elements) == ("recording", (Element(clean("talk"), Place(at_s=1.5)),))
    with pytest.raises(FileError, match="is a recording"):
        await read_content(tmp_path / "talk.wav")


@for_each(
    ("why", "said"),
    [
        ("missing", "a.epub cannot be read without the package kreuzberg.* install"),
        ("locked", "locked with a password. Save a copy without it"),
        ("unsafe", "was not opened. Ask"),
        ("large", "unpacks to too much"),
        ("damaged", "is damaged"),
    ],
)
def test_each_refusal_says_what_to_do(why: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        raise _refused(why, clean("a.epub"), known_formats()["books.epub"])


def test_what_was_left_out_is_said_in_each_language() -> None:
    values = {"count": 7, "pages": "1-3", "encoding": "Latin-1", "package": "duckdb"}
    for language in languages():
        for reason in sorted(REASONS):
            assert left_out_told([LeftOut(reason, values)], language)  # type: ignore[arg-type]
    assert left_out_told([], "en") == ""
