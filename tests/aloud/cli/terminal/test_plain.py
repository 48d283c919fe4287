"""When nothing is drawn: no terminal, a terminal that cannot, a screen reader."""

from __future__ import annotations

import io
import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from aloud.cli.terminal.plain import is_plain, is_read_aloud, screen_reader, why_plain
from config.settings.model import Settings, ShowSettings

XTERM = {"TERM": "xterm-256color"}


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    ours, theirs = pty.openpty()
    with open(theirs, "w") as stream:
        yield stream
    os.close(ours)


@pytest.fixture
def nobody(tmp_path: Path) -> Path:
    """A ``/proc`` in which nothing runs but a shell, and what is no process."""
    process(tmp_path, 1, "bash")
    (tmp_path / "cpuinfo").write_text("")
    (tmp_path / "17").mkdir()  # it has just ended
    return tmp_path


def process(proc: Path, number: int, name: str) -> None:
    folder = proc / str(number)
    folder.mkdir()
    (folder / "comm").write_text(f"{name}\n")


def test_a_terminal_is_drawn_on(terminal: TextIO, nobody: Path) -> None:
    assert why_plain(terminal, XTERM, proc=nobody) == ""


def test_what_is_no_terminal_is_not(nobody: Path) -> None:
    assert why_plain(io.StringIO(), XTERM, proc=nobody) == "it is no terminal"
    assert why_plain(None, XTERM, proc=nobody) == "it is no terminal"


@pytest.mark.parametrize("kind", ["dumb", "unknown", ""])
def test_nor_is_a_terminal_that_cannot(terminal: TextIO, nobody: Path, kind: str) -> None:
    assert why_plain(terminal, {"TERM": kind}, proc=nobody).startswith("TERM is")


@pytest.mark.parametrize("name", ["orca", "brltty"])
def test_a_screen_reader_is_noticed(terminal: TextIO, nobody: Path, name: str) -> None:
    process(nobody, 210, name)
    assert why_plain(terminal, XTERM, proc=nobody) == f"{name} runs"


def test_it_is_noticed_among_real_processes(tmp_path: Path) -> None:
    """A program of that name, as Linux has it."""
    before = screen_reader()
    program = tmp_path / "orca"
    shutil.copy(shutil.which("sleep") or "", program)
    with subprocess.Popen([program, "60"]) as running:
        try:
            # It is told that a program runs before the system has given it its name.
            while Path(f"/proc/{running.pid}/comm").read_text().strip() != program.name:
                time.sleep(0.01)
            assert screen_reader() in ("orca", before or "orca")
        finally:
            running.kill()


def test_the_setting_is_believed(terminal: TextIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    on, off = Settings(show=ShowSettings(plain="on")), Settings(show=ShowSettings(plain="off"))
    assert is_plain(Settings().show, terminal)
    assert not is_plain(off.show, terminal)
    assert is_plain(on.show, terminal)
    assert is_read_aloud(on.show, io.StringIO())
    assert is_read_aloud(Settings().show, terminal)
    assert not is_read_aloud(Settings().show, io.StringIO()), "a program reads it"


def test_asking_costs_no_more_than_reading_the_names() -> None:
    """It is asked at every start: nothing heavy is imported, and no program is run."""
    program = (
        "import sys; from aloud.cli.terminal.plain import screen_reader; screen_reader()\n"
        "assert not {'rich', 'subprocess', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
