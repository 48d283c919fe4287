"""A screen that nobody sees, and real programs on it.

Debian packages: xvfb xdotool xclip xterm openbox zenity python3-tk.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.dictation.targets.x11 import program_of
from tests.screens import until, xvfb

TK = """
import os, sys, tkinter
root = tkinter.Tk()
text = tkinter.Text(root, undo=True)
text.pack()
text.focus_set()
def show():
    new = sys.argv[1] + ".new"
    with open(new, "w", encoding="utf-8", newline="") as file:
        file.write(text.get("1.0", "end-1c"))
    os.replace(new, sys.argv[1])  # whoever reads it meets no half of it
    root.after(20, show)
show()
root.mainloop()
"""


@dataclass
class Screen:
    """An X server of our own. ``show`` starts a program and gives it the focus."""

    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        if not shutil.which(command[0]):
            pytest.fail(f"{command[0]} is not there: sh scripts/setup dev")
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        self.running.append(process)
        return process

    def ask(self, *command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout.strip()

    def show(self, name: str, *command: str) -> None:
        """``name``: of the window's class."""
        process = self.start(*command)
        found: list[str] = []
        search = ("xdotool", "search", "--onlyvisible", "--class", name)

        def there() -> bool:
            nonlocal process
            if process.poll() is not None:  # refused: the server resets when its last client has gone
                process = self.start(*command)
            found.extend(self.ask(*search).split())
            return bool(found)

        until(there)
        until(lambda: self._focus(found[-1]))
        until(lambda: program_of(int(found[-1])))  # its name is told a moment later

    def _focus(self, window: str) -> bool:
        self.ask("xdotool", "windowfocus", window)
        time.sleep(0.05)
        return self.ask("xdotool", "getwindowfocus", "-f") == window or bool(
            self.ask("xdotool", "getactivewindow")
        )

    def xterm(self, path: Path) -> Callable[[], str]:
        """Whatever is typed into it is in ``path`` as it comes."""
        take = f"stty -icanon -echo; exec cat > {path}"
        self.show("xterm", "xterm", "-u8", "-e", "sh", "-c", take)
        until(path.exists)
        return lambda: path.read_bytes().decode("utf-8", "replace")

    def tk(self, path: Path) -> Callable[[], str]:
        python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
        self.show("Tk", python, "-c", TK, str(path))
        until(path.exists)
        return lambda: path.read_bytes().decode("utf-8", "replace")

    def gtk(self, path: Path) -> Callable[[], str]:
        """What it holds is asked for by select all and copy."""
        self.show("zenity", "zenity", "--text-info", "--editable", "--width=600", "--height=400")
        time.sleep(0.3)

        def shown() -> str:
            self.ask("xdotool", "key", "ctrl+a", "ctrl+c")
            time.sleep(0.1)
            command = ["xclip", "-out", "-selection", "clipboard", "-target", "UTF8_STRING"]
            return subprocess.run(command, capture_output=True, timeout=10, check=True).stdout.decode()

        return shown

    def end(self) -> None:
        while self.running:
            process = self.running.pop()
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with xvfb("1024x768") as number:
        yield number


@pytest.fixture
def screen(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    shown = Screen()
    yield shown
    shown.end()
