"""Standard streams that are closed, full, broken or late: a sentence, a contract status, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.system_faults import of_the_system
from tests.aloud.cli.dictation.test_dictate import await_event
from tests.aloud.dictated import BREAD, takes
from tests.program import Beginning, Program, run
from tests.tables import for_each

Call = Callable[..., Any]
SUM = ("ask", "what is 2 plus 3", "--llm", "skills")
TYPED = ("talk", "--typed", "--microphone", "none", "--llm", "skills")
CLOSED_IN = "aloud: Standard input cannot be read: it is closed. "
NOT_ALL = "aloud: Not all of it could be written to standard output: "


def told(*arguments: str, out: str = "", closed: tuple[int, ...] = (), **more: Any) -> tuple[int, str]:
    """The status, and standard error. ``out``: what standard output is, by its path; ``broken``."""
    read, write = os.pipe()
    os.close(read)
    number = write if out == "broken" else os.open(out or os.devnull, os.O_WRONLY)
    try:
        done = run(*arguments, stdout=number, text=True, beginning=Beginning(closed=closed), **more)
    finally:
        os.close(write)
        if number != write:
            os.close(number)
    return done.returncode, done.stderr


@for_each(
    ("arguments", "out", "closed", "status", "begins"),
    (
        (SUM, "/dev/full", (), 6, f"{NOT_ALL}the disk is full. "),
        (SUM, "", (1,), 6, f"{NOT_ALL}it is closed. "),
        (SUM, "", (2,), 0, ""),
        (SUM, "broken", (), 0, ""),
        ((*SUM, "--json"), "/dev/full", (), 6, f"{NOT_ALL}the disk is full. "),
        (("ask", "-", "--llm", "skills"), "", (0,), 3, CLOSED_IN),
        (("say", "-", "--speaker", "a.wav"), "", (0, 1), 3, CLOSED_IN),
        (("rewrite",), "", (0,), 3, CLOSED_IN),
        (("describe", "-", "--llm", "skills", "--speaker", "none"), "", (0,), 3, CLOSED_IN),
        (("talk", "--microphone", "-", "--speaker", "none", "--llm", "skills"), "", (0,), 3, CLOSED_IN),
        (("--version",), "broken", (), 0, ""),
        (("--help",), "/dev/full", (), 6, f"{NOT_ALL}the disk is full. "),
        (("config", "show"), "", (0, 1, 2), 6, ""),
        (("history", "list"), "broken", (), 0, ""),
        (("nonsense",), "", (0, 1, 2), 2, ""),
        (("history", "search", "\udcff\udcfe"), "", (), 0, ""),
    ),
)
def test_a_stream_that_is_not_as_it_should_be(
    arguments: tuple[str, ...], out: str, closed: tuple[int, ...], status: int, begins: str
) -> None:
    ended, errors = told(*arguments, out=out, closed=closed)
    assert (ended, errors[: len(begins)]) == (status, begins)
    assert len(errors.splitlines()) == bool(begins)


def test_a_talk_that_is_heard_goes_on_where_nothing_can_be_written(tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"
    spoken = ("--speaker", str(answer), "--tts", "espeak:en-us")
    status, errors = told(*TYPED, *spoken, out="/dev/full", input="what is 2 plus 3\nwhat is 3 plus 3\n")
    said = "The talk goes on, and is not written there."
    assert (status, errors) == (6, f"aloud: Standard output takes no more: the disk is full. {said}\n")
    assert answer.stat().st_size > 100_000
    assert told(*TYPED, "--speaker", "none", out="/dev/full", input="what is 2 plus 3\n")[0] == 6


def test_a_take_whose_reader_goes_away_is_kept_and_said_to_be(models: Path) -> None:
    command = ("dictate", "--microphone", "-", "--json", "--llm", "skills")
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with Program(*command, "--stt", f"whisper:{models / 'whisper-micro'}", **pipes) as process:
        await_event(process, "take_began")
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        from tests.spoken import sound
        from voice.audio.samples import to_int16

        _, errors = process.communicate(to_int16(sound(BREAD).samples))
    kept = "What was said until then is kept as take 1. Once more: aloud dictate --retry 1"
    assert errors.decode() == f"aloud: Standard output takes no more: who read it has ended. {kept}\n"
    assert (process.returncode, takes()[0].state) == (6, "recorded")


def test_who_reads_slowly_keeps_no_answer_from_the_other_stream(tmp_path: Path) -> None:
    """Standard output is full from the beginning: the talk is answered all the same, and then written."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    filled = 0
    try:
        while True:
            filled += os.write(write, bytes(4096))
    except BlockingIOError:
        os.set_blocking(write, True)
    answer = tmp_path / "answer.wav"
    command = (*TYPED, "--json", "--speaker", str(answer), "--tts", "espeak:en-us")
    with Program(*command, stdin=subprocess.PIPE, stdout=write) as process:
        os.close(write)
        assert process.stdin is not None
        process.stdin.write(b"what is 2 plus 3\n")
        process.stdin.close()
        while not answer.exists() or answer.stat().st_size < 40_000:  # it is spoken; nobody has read yet
            assert process.poll() is None
            time.sleep(0.02)
        with os.fdopen(read, "rb") as reader:
            written = reader.read()[filled:]
    assert process.returncode == 0
    assert b'"turn_done"' in written.splitlines()[-1]


def test_sigquit_leaves_no_terminal_that_shows_nothing() -> None:
    process = Program(*TYPED, "--speaker", "none", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    await_event(process, "ready")
    process.send_signal(signal.SIGQUIT)
    process.communicate()
    assert process.returncode == 130


@for_each(
    ("error", "status", "words"),
    (
        (OSError(28, "No space left on device", "notes.md"), 6, "The disk is full: notes.md could not be"),
        (OSError(24, "Too many open files"), 4, "This program may open no more files."),
        (OSError(36, "File name too long", "long"), 3, "The system refuses long: file name too long."),
        (MemoryError(), 4, "There is not enough memory"),
        (RuntimeError("can't start new thread"), 4, "There is not enough memory"),
        (ImportError("lib.so: failed to map segment from shared object"), 4, "There is not enough memory"),
    ),
)
def test_what_the_system_refuses_is_no_fault_of_ours(error: Exception, status: int, words: str) -> None:
    found = of_the_system(error)
    assert found is not None
    assert (found.status, str(found)[: len(words)]) == (status, words)


def test_what_is_ours_stays_ours() -> None:
    assert [of_the_system(error) for error in (ValueError("x"), BrokenPipeError(32, "x"), OSError("x"))] == [
        None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("home", ["~nobody-of-that-name/x", "a" * 300])
def test_a_home_that_cannot_be_is_a_sentence(home: str, tmp_path: Path) -> None:
    environment = {**os.environ, "ALOUD_HOME": home}
    done = run("history", "list", env=environment, cwd=tmp_path, text=True)
    assert done.returncode in (0, 3)
    assert "fault of ours" not in done.stderr
