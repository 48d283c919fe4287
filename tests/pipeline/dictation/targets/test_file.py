"""The end of a file: exact, whole or not at all, ours alone while it is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from config.errors import TargetError
from config.runtime.clean import clean
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.targets.file import File
from pipeline.dictation.targets.open import open_target

pytestmark = pytest.mark.anyio

TEXT = "Grüße, “Ada” 北京 🎉\n\nZweiter Absatz."


async def test_each_text_is_lines_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(b"no newline at the end")
    target = open_target(f"file:{path}")
    for text in (TEXT, "More.\n", "Last."):
        await target.deliver(clean(text))
    assert path.read_text("utf-8") == f"no newline at the end\n{TEXT}\nMore.\nLast.\n"


async def test_the_receipt_proves_what_was_written_and_survives_json(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    target = open_target(f"file:{path}")
    await target.deliver(clean("first"))
    told: list[Receipt] = []
    receipt = await target.deliver(clean(TEXT), told.append)
    assert told == [receipt]
    again = Receipt.from_json(receipt.as_json())
    assert again == receipt
    assert path.read_bytes()[again.offset : again.offset + again.length] == f"{TEXT}\n".encode()
    assert await open_target(receipt.target).arrived(again) is True


async def test_taken_back_while_it_is_the_tail_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before")
    target = File(path)
    receipt = await target.deliver(clean("hello"))
    await target.take_back(receipt)
    assert path.read_bytes() == b"before"
    with pytest.raises(TargetError, match="changed since"):
        await target.take_back(receipt)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b"more\n"), "was added"),
        (lambda path: path.write_bytes(b"bEfore\nhellO\n"), "changed since"),
        (lambda path: path.write_bytes(b""), "changed since"),
        (lambda path: path.unlink(), "could not be|cannot be|not there"),
    ],
)
async def test_not_taken_back_after_a_change(tmp_path: Path, then: object, said: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"before\n")
    target = File(path)
    receipt = await target.deliver(clean("hello"))
    then(path)  # type: ignore[operator]
    after = path.read_bytes() if path.exists() else None
    with pytest.raises(TargetError, match=said):
        await target.take_back(receipt)
    assert (path.read_bytes() if path.exists() else None) == after


async def test_a_file_that_was_deleted_meanwhile_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    target = File(path)
    await target.deliver(clean("one"))
    path.unlink()
    await target.deliver(clean("two"))
    assert path.read_text() == "two\n"


async def test_a_folder_that_was_deleted_meanwhile_is_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    target = File(folder / "a.txt")
    await target.deliver(clean("one"))
    (folder / "a.txt").unlink()
    folder.rmdir()
    with pytest.raises(TargetError, match=r"its folder is not there\. The text is kept.* Make the folder"):
        await target.deliver(clean("two"))


async def test_a_file_replaced_while_it_is_locked_gets_the_text(tmp_path: Path) -> None:
    """An editor saves between our look and our writing: the text is in the file that has the name."""
    path = tmp_path / "a.txt"
    path.write_text("old\n")

    def save(receipt: Receipt) -> None:
        told.append(receipt)
        if len(told) == 1:
            other = tmp_path / "saved"
            other.write_text("new and longer\n")
            os.replace(other, path)

    told: list[Receipt] = []
    receipt = await File(path).deliver(clean("dictated"), save)
    assert path.read_text() == "new and longer\ndictated\n"
    assert receipt == told[-1]
    assert len(told) == 2


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", "is a folder"),
        ("no/such/a.txt", "its folder is not there"),
        ("a.txt/b.txt", "its folder is not there"),
    ],
)
async def test_what_cannot_be_written_is_a_sentence(tmp_path: Path, where: str, said: str) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(TargetError, match=said) as told:
        await File(tmp_path / where).deliver(clean("x"))
    assert "The text is kept" in str(told.value)


async def test_a_pipe_that_nobody_reads_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with anyio.fail_after(5):
        with pytest.raises(TargetError, match="nobody reads"):
            await File(tmp_path / "pipe").deliver(clean("x"))


async def test_a_full_disk_is_told_of() -> None:
    with pytest.raises(
        TargetError, match=r"the disk is full\. The text is kept, and none of it was written\."
    ):
        await File(Path("/dev/full")).deliver(clean("x" * 10_000))


def run(program: str, path: Path) -> str:
    command = [sys.executable, "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


LIMITED = """
import resource, sys, anyio
from pathlib import Path
from config.errors import TargetError
from pipeline.dictation.targets.file import File
sys.dont_write_bytecode = True  # a part of it would break later runs
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
async def main():
    target = File(Path(sys.argv[1]))
    try:
        await target.deliver("y" * 5000)
    except TargetError as error:
        print(error)
    await target.deliver("short")
anyio.run(main)
"""


def test_half_a_text_is_none(tmp_path: Path) -> None:
    """The file may grow to 1000 bytes: the first part of the text is written, and taken away again."""
    path = tmp_path / "a.txt"
    path.write_text("before\n")
    said = run(LIMITED, path)
    assert "may not grow further. The text is kept, and none of it was written." in said
    assert path.read_text() == "before\nshort\n"


READ_ONLY = """
import os, sys, anyio
from pathlib import Path
from config.errors import TargetError
from pipeline.dictation.targets.file import File
target = File(Path(sys.argv[1]))
anyio.run(target.program)  # all is imported before it is nobody
if os.getuid() == 0:
    os.setuid(65534)
try:
    anyio.run(target.deliver, "x")
except TargetError as error:
    print(error)
"""


def test_a_read_only_file_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before\n")
    path.chmod(0o444)
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)  # pytest's own folders, so that nobody gets there
    said = run(READ_ONLY, path)
    assert f"{path} may not be written to. The text is kept" in said
    assert path.read_text() == "before\n"


WRITER = """
import sys, anyio
from pathlib import Path
from pipeline.dictation.targets.file import File
async def main():
    target = File(Path(sys.argv[1]))
    for n in range(50):
        receipt = await target.deliver(f"{sys.argv[2]} {n} " + sys.argv[2] * 300)
        print(receipt.as_json(), flush=True)
anyio.run(main)
"""


def test_two_dictations_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.PIPE, text=True)
        for name in "ab"
    ]
    receipts = [json.loads(line) for writer in writers for line in writer.communicate()[0].splitlines()]
    written = path.read_bytes()
    assert len(receipts) == 100
    assert sum(receipt["length"] for receipt in receipts) == len(written)
    for receipt in receipts:
        mine = written[receipt["offset"] : receipt["offset"] + receipt["length"]]
        assert mine.decode() == receipt["text"] + "\n"


@pytest.mark.parametrize("part", [0, 3, 6])
async def test_after_a_crash_it_is_known_whether_a_text_arrived(tmp_path: Path, part: int) -> None:
    """Killed after ``part`` bytes of six: what is there of it goes, and it did not arrive; or it did."""
    path = tmp_path / "a.txt"
    path.write_text("before\n")
    target = File(path)

    class KilledError(Exception):
        pass

    told: list[Receipt] = []

    def crash(receipt: Receipt) -> None:
        told.append(receipt)
        with path.open("ab") as file:
            file.write(b"hello\n"[:part])
        raise KilledError

    with pytest.raises(KilledError):
        await target.deliver(clean("hello"), crash)
    assert await target.arrived(told[0]) is (part == 6)
    assert path.read_text() == ("before\nhello\n" if part == 6 else "before\n")


async def test_another_text_at_that_place_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    target = File(path)
    receipt = await target.deliver(clean("hello"))
    path.write_text("hell")
    path.write_text("help me, somebody else\n")
    assert await target.arrived(receipt) is False
    assert path.read_text() == "help me, somebody else\n"
    path.unlink()
    assert await target.arrived(receipt) is False
