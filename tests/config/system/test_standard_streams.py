"""What is written to a reader that is slow, gone or full, and letters that an encoding does not have."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from config.system import standard_streams
from config.system.standard_streams import (
    RawInput,
    RawOutput,
    StandardInputError,
    StandardOutputError,
    check_readable,
    drained,
    without_waiting,
)
from tests.tables import for_each


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        with contextlib.suppress(OSError):  # by the test
            os.close(end)


def text(number: int, encoding: str = "utf-8", errors: str = "nearest") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(RawOutput(number)), encoding, errors)


def fill(number: int) -> int:
    os.set_blocking(number, False)
    count = 0
    while select.select([], [number], [], 0)[1]:
        count += os.write(number, bytes(4096))
    return count


@pytest.mark.parametrize("blocking", [True, False])
def test_nothing_waits_for_a_reader_that_is_behind_and_all_of_it_comes_in_order(
    pipe: tuple[int, int], blocking: bool
) -> None:
    read, write = pipe
    filled = fill(write)
    os.set_blocking(write, blocking)
    out = text(write)
    with without_waiting():
        for number in range(20_000):  # twice what a pipe holds
            print(number, file=out, flush=True)
    came = bytearray()

    def take() -> None:
        while not came.endswith(b"\n19999\nlast\n"):
            came.extend(os.read(read, 65_536))

    reader = threading.Thread(target=take)
    reader.start()
    print("last", file=out, flush=True)  # this one waits
    drained(out)
    reader.join()
    assert came[filled:].decode().split() == [*map(str, range(20_000)), "last"]


def test_a_reader_that_never_reads_is_an_error_and_no_memory_without_an_end(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standard_streams, "MOST_WAITING", 10_000)
    fill(pipe[1])
    out = RawOutput(pipe[1])
    with without_waiting():
        out.write(bytes(8192))
        with pytest.raises(StandardOutputError, match="nobody reads it") as refused:
            out.write(bytes(4096))
    assert not refused.value.broken


def test_a_reader_that_goes_away_while_something_waits_is_told_by_the_next_write(
    pipe: tuple[int, int],
) -> None:
    read, write = pipe
    fill(write)
    out = text(write)
    with without_waiting():
        print("words", file=out, flush=True)
    os.close(read)
    with pytest.raises(StandardOutputError) as refused:
        drained(out)
    assert refused.value.broken
    with pytest.raises(StandardOutputError):
        print("words", file=out, flush=True)
    out.buffer.raw.forgive()  # type: ignore[attr-defined]
    print("words", file=out, flush=True)


@for_each(
    ("path", "flags", "told", "broken"),
    (
        ("/dev/full", os.O_WRONLY, "the disk is full", False),
        (os.devnull, os.O_RDONLY, "it is closed", False),
    ),
)
def test_what_takes_nothing_says_why(path: str, flags: int, told: str, broken: bool) -> None:
    number = os.open(path, flags)
    try:
        with pytest.raises(StandardOutputError) as refused:
            RawOutput(number).write(b"words")
        assert (str(refused.value), refused.value.broken, refused.value.errno) == (told, broken, None)
        assert RawOutput(number, forgiving=True).write(b"words") == 5
    finally:
        os.close(number)


def test_reading_waits_where_the_stream_does_not_and_says_what_cannot_be_read(pipe: tuple[int, int]) -> None:
    read, write = pipe
    os.set_blocking(read, False)
    check_readable(read)

    def write_late() -> None:
        with os.fdopen(os.dup(write), "wb") as file:
            file.write(b"late\n")
        os.close(write)

    late = threading.Timer(0.05, write_late)
    late.start()
    assert io.TextIOWrapper(io.BufferedReader(RawInput(read))).read() == "late\n"
    late.join()
    for path, flags, why in (("/", os.O_RDONLY, "a folder"), (os.devnull, os.O_WRONLY, "closed")):
        number = os.open(path, flags)
        with pytest.raises(StandardInputError, match=f"it is {why}"):
            check_readable(number)
        with pytest.raises(StandardInputError, match=f"it is {why}"):
            RawInput(number).read(1)
        os.close(number)


SAID = "“It’s 5 € – naïve…” 🙂 \udcff"


@for_each(
    ("encoding", "errors", "written"),
    (
        ("utf-8", "nearest", "“It’s 5 € – naïve…” 🙂 \ufffd".encode()),
        ("utf-8", "nearest-or-bytes", "“It’s 5 € – naïve…” 🙂 ".encode() + b"\xff"),
        ("latin-1", "nearest-or-bytes", '"It\'s 5 EUR - naïve..." ? ?'.encode("latin-1")),
        ("ascii", "nearest", b'"It\'s 5 EUR - naive..." ? ?'),
        ("cp1252", "nearest", "“It’s 5 € – naïve…” ? ?".encode("cp1252")),
        ("utf-16-le", "nearest-or-bytes", "“It’s 5 € – naïve…” 🙂 ?".encode("utf-16-le")),
    ),
)
def test_letters_that_an_encoding_does_not_have(encoding: str, errors: str, written: bytes) -> None:
    assert SAID.encode(encoding, errors) == written


def test_a_number_that_is_free_is_no_files(tmp_path: os.PathLike[str]) -> None:
    """What is printed would stand in it; nor does a closed stream end the program."""
    script = """
import os, sys
from config.system.standard_streams import open_all
open_all()
file = open("recording", "wb")
print("words", file=sys.stderr, flush=True)
os.write(file.fileno(), b"sound")
assert file.fileno() > 2
"""
    line = ["/bin/sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", script]
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    assert subprocess.run(line, check=False, cwd=tmp_path, env=environment).returncode == 0
    with open(os.path.join(tmp_path, "recording"), "rb") as file:
        assert file.read() == b"sound"


def test_who_has_ended_and_who_is_full_are_told_apart() -> None:
    assert [StandardOutputError(number).broken for number in (errno.EPIPE, errno.ENOSPC, errno.EIO)] == [
        True, False, False,
    ]  # fmt: skip
