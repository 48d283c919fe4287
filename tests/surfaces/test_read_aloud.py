"""``aloud talk`` in a terminal that is read aloud: what is typed, how it ends, and what is said last."""

from __future__ import annotations

import os
import pty
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.program import Beginning, Program

TALK = ("talk", "--llm", "skills", "--stt", "pocketsphinx", "--tts", "espeak:en-us")


@dataclass
class Terminal:
    """One that cannot redraw, with a command in it."""

    command: tuple[str, ...]
    env: dict[str, str]
    printed: str = ""
    _drawn: bytes = field(default=b"", init=False)

    def __post_init__(self) -> None:
        self._ours, theirs = pty.openpty()
        self._process = Program(
            *self.command, beginning=Beginning(terminal=True, live=True),
            stdin=theirs, stdout=theirs, stderr=theirs, env=self.env | {"TERM": "dumb"},
        )  # fmt: skip
        os.close(theirs)

    def until(self, words: str) -> None:
        while not re.search(words, self.shown):
            self._read()

    @property
    def shown(self) -> str:
        return self._drawn.decode(errors="replace")

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def end(self) -> tuple[int, list[str]]:
        """The status, and its lines."""
        while self._read():
            pass
        os.close(self._ours)
        return self._process.wait(60), self._drawn.decode().replace("\r\n", "\n").splitlines()

    def _read(self) -> bytes:
        try:
            more = os.read(self._ours, 4096)
        except OSError:  # it has let go of the terminal
            more = b""
        self._drawn += more
        return more


@pytest.mark.parametrize(("key", "status", "echoed"), [(b"\x04", 0, []), (b"\x03", 130, ["^C"])])
def test_it_ends_by_the_keys_that_end_things_and_says_so(
    sound_card: Any, key: bytes, status: int, echoed: list[str]
) -> None:
    """Ctrl-D used to end the typing alone: nothing was said, and no later line was answered."""
    terminal = Terminal(TALK, sound_card.env)
    terminal.until("To end: Ctrl-C\r\n")
    terminal.type(b"what is 2 plus 3\n")
    terminal.until("2 plus 3 is 5\\.\r\n")
    terminal.type(key)
    ended, lines = terminal.end()
    said = [line for line in lines if "No sound arrives" not in line]
    engines = "stt pocketsphinx, tts espeak:en-us, llm skills"
    first = f"Listening, with {engines}. You may type as well. To end: Ctrl-C"
    assert ended == status
    assert [line for line in said if not line.startswith("It can hear")] == [
        first, "what is 2 plus 3", "Aloud: 2 plus 3 is 5.", *echoed, "The talk has ended.",
    ]  # fmt: skip


def test_without_a_microphone_there_is_no_as_well_and_a_timer_is_kept(
    no_sound_card: dict[str, str], tmp_path: Path
) -> None:
    terminal = Terminal((*TALK, "--typed"), no_sound_card | {"ALOUD_HOME": str(tmp_path)})
    terminal.until("Type a line, with llm skills. To end: Ctrl-C\r\n")
    terminal.type(b"set a timer for 5 minutes\n")
    terminal.until("Timer set for 5 minutes\\.\r\n")
    terminal.type(b"\x04")
    terminal.until("A timer is kept. It rings while this runs, or at its next start: \\S*aloud talk\r\n")
    status, lines = terminal.end()
    assert (status, lines[-1]) == (0, "The talk has ended.")


def test_ears_that_could_be_better_say_so_by_a_line_to_type(sound_card: Any, tmp_path: Path) -> None:
    env = sound_card.env | {"ALOUD_HOME": str(tmp_path)}
    terminal = Terminal(("talk", "--llm", "skills"), env)
    terminal.until("To end: Ctrl-C\r\n")
    terminal.type(b"\x04")
    status, lines = terminal.end()
    assert status == 0
    assert re.fullmatch(r"It can hear and speak better: \S*aloud setup", lines[0])
