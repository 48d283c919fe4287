"""``aloud talk --typed`` from a pipe, a file, nothing: with a microphone and without one. Real engines."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.program import PROGRAM, Program, run

Call = Callable[..., Any]

TALK = ("talk", "--typed", "--llm", "skills")
SOUND = ("--stt", "pocketsphinx", "--tts", "espeak:en-us")
SUMS = "".join(f"what is {number} plus 1\n" for number in range(1, 27)).encode()
ANSWERS = [f"{number} plus 1 is {number + 1}." for number in range(1, 27)]


def spoken(outcome: Any) -> list[str]:
    return [event["heard"] for event in outcome.of("spoke")]


def test_without_a_microphone_every_line_of_a_pipe_is_answered(aloud_process: Call) -> None:
    outcome = aloud_process(*TALK, "--microphone", "none", "--speaker", "none", "--json", stdin=SUMS)
    assert (outcome.status, outcome.err) == (0, "")
    assert spoken(outcome) == ANSWERS
    assert [event["turn"] for event in outcome.of("final_transcript")] == list(range(26))
    (ready,) = outcome.of("ready")
    assert (ready["stt"], ready["tts"], ready["llm"]) == ("", "", "skills")


def test_beside_a_recording_that_ends_before_them_too(aloud_process: Call, say: Call) -> None:
    quiet = (*say(0.5), "--speaker", "none", "--fast", "--json", *SOUND)
    outcome = aloud_process(*TALK, *quiet, stdin=SUMS)
    assert (outcome.status, outcome.err) == (0, "")
    assert spoken(outcome) == ANSWERS
    assert {said["source"] for said in outcome.of("final_transcript")} == {"text"}


def test_spoken_to_a_file_one_after_the_other(aloud_process: Call, tmp_path: Path) -> None:
    from voice.audio.input.audio_file import read_recording

    answer = tmp_path / "answer.wav"
    outcome = aloud_process(
        *TALK, "--microphone", "none", "--speaker", str(answer), "--fast", "--json", *SOUND[2:],
        stdin=b"what is 2 plus 3\nwhat is 3 plus 3\n",
    )  # fmt: skip
    assert (outcome.status, outcome.err) == (0, "")
    assert spoken(outcome) == ["2 plus 3 is 5.", "3 plus 3 is 6."]
    assert read_recording(answer).seconds > 2.0


def test_a_file_nothing_and_a_closed_standard_input(tmp_path: Path) -> None:
    """In the file a line of a megabyte, which is refused, and the next are answered."""
    lines = tmp_path / "lines"
    lines.write_bytes(b"x" * 1_000_000 + b"\r\n what is 2 plus 3 \r\n\n\xff\xfe\nwhat is 3 plus 3")
    command = [*TALK, "--microphone", "none", "--speaker", "none", "--quiet"]
    with lines.open("rb") as stdin:
        done = run(*command, stdin=stdin, text=True)
    assert (done.returncode, done.stderr) == (
        0,
        "aloud: A typed line of more than 100,000 letters cannot be a turn. "
        "It was left out; every other line is answered.\n",
    )
    first, middle, last = done.stdout.splitlines()
    assert (first, last) == ("Aloud: 2 plus 3 is 5.", "Aloud: 3 plus 3 is 6.")
    assert middle.startswith("Aloud: I cannot answer that")
    done = run(*command, stdin=subprocess.DEVNULL, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    closed = ["sh", "-c", 'exec "$@" <&-', "sh", *PROGRAM, *command]
    done = subprocess.run(closed, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_lines_are_answered_as_they_come(tmp_path: Path) -> None:
    """A program that waits for each answer before it types the next line."""
    command = [*TALK, "--microphone", "none", "--speaker", "none", "--json"]
    with Program(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as aloud:
        assert aloud.stdin
        assert aloud.stdout
        for number in range(1, 4):
            aloud.stdin.write(f"what is {number} plus 1\n")
            aloud.stdin.flush()
            while (event := json.loads(aloud.stdout.readline()))["event"] != "spoke":
                pass
            assert (event["turn"], event["heard"]) == (number - 1, f"{number} plus 1 is {number + 1}.")
        aloud.stdin.close()
        assert aloud.wait() == 0


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    command = [*TALK, "--microphone", "none", "--speaker", "none", "--json"]
    reading, writing = os.pipe()
    os.close(reading)
    done = run(*command, input=SUMS, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_dictating_without_a_microphone_is_wrong_usage(aloud: Call) -> None:
    outcome = aloud("dictate", "--microphone", "none")
    assert outcome.status == 2
    assert "nothing to dictate from" in outcome.err


def in_a_terminal(
    *keys: bytes, hang_up: bool = False, told: bool = True, piped: bytes | None = None
) -> tuple[int, str]:
    """The status, and what was drawn. ``keys`` come one after the other's answer; ``piped``: not from it.
    ``hang_up``: the terminal is closed then; the program is ``told`` by a signal, or notices.
    """
    ours, theirs = pty.openpty()
    command = [*TALK, "--microphone", "none", "--speaker", "none"]
    source = theirs if piped is None else subprocess.PIPE
    process = Program(*command, stdin=source, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    if process.stdin and piped is not None:
        process.stdin.write(piped)
        process.stdin.close()
    drawn = b""
    with contextlib.suppress(OSError):  # it has let go of the terminal
        for key in keys:
            while b"type a line" not in drawn[-2000:]:
                drawn += os.read(ours, 4096)
            os.write(ours, key)
            while key.endswith(b"\r") and b"plus 3 is" not in drawn:
                drawn += os.read(ours, 4096)
        while not hang_up and (more := os.read(ours, 4096)):
            drawn += more
    os.close(ours)
    if hang_up and told:
        process.send_signal(signal.SIGHUP)
    return process.wait(), drawn.decode(errors="replace")


def test_in_a_terminal_a_pipe_is_answered_too() -> None:
    status, drawn = in_a_terminal(piped=b"what is 2 plus 3\nwhat is 3 plus 3\n")
    assert status == 0
    assert drawn.index("2 plus 3 is 5.") < drawn.index("3 plus 3 is 6.")


def test_in_a_terminal_ctrl_d_ends_it() -> None:
    status, drawn = in_a_terminal(b"what is 2 plus 3\r", b"\x04")
    assert (status, "2 plus 3 is 5." in drawn) == (0, True)


@pytest.mark.parametrize("told", [True, False])
def test_a_terminal_that_is_closed_interrupts_it(told: bool) -> None:
    status, drawn = in_a_terminal(b"what is 2 plus 3\r", hang_up=True, told=told)
    assert (status, "2 plus 3 is 5." in drawn) == (130, True)
