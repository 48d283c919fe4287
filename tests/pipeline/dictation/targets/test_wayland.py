"""Typed into a real terminal and a real GTK field under Wayland (sway without a screen); and its clipboard.

Debian packages: sway wtype wl-clipboard foot zenity.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from config.errors import TargetError
from config.runtime.clean import clean
from pipeline.dictation.targets.open import open_target
from pipeline.dictation.targets.wayland import WaylandWindow
from tests.screens import until

pytestmark = pytest.mark.anyio

NEEDED = ("sway", "wtype", "wl-copy", "foot")
BEFORE = "what was there: é"
TEXT = (
    "Grüße aus Zürich, “quoted” – naïve café, 50 €.\n"
    "Привет, мир! 你好，世界。 こんにちは\n"
    "\\ $HOME `x` 'y' \"z\" !! {a|b} 🎉👍🏽 e\u0301\n\n"
    "Last paragraph; no newline after it"
)
NOBODY = 65534


@pytest.fixture(scope="module")
def compositor() -> Iterator[tuple[str, str]]:
    """``XDG_RUNTIME_DIR`` and ``WAYLAND_DISPLAY`` of a sway of our own, which refuses to run as root."""
    if absent := [name for name in NEEDED if not shutil.which(name)]:
        pytest.skip(f"Wayland is not tried without {', '.join(absent)}: sh scripts/setup dev")
    folder = Path(tempfile.mkdtemp(prefix="aloud-"))  # the path of a socket may have 107 bytes at most
    (folder / "config").write_text("xwayland disable\n")
    headless = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
    command = ["sway", "-c", str(folder / "config")]
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
        command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
    environment = os.environ | headless | {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        sway = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    until(lambda: sway.poll() is not None or any(path.is_socket() for path in folder.glob("wayland-?")))
    assert sway.poll() is None, (folder / "log").read_text()
    yield str(folder), next(folder.glob("wayland-?")).name
    sway.terminate()
    sway.wait()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(
    compositor: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a program there; all end with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", compositor[0])
    monkeypatch.setenv("WAYLAND_DISPLAY", compositor[1])
    monkeypatch.setenv("GDK_BACKEND", "wayland")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("DISPLAY", raising=False)
    running: list[subprocess.Popen[bytes]] = []

    def begin(*command: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        running.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet))
        return running[-1]

    begin("wtype", "-s", "600000", "-k", "F35")  # a keyboard: without any, no window has the focus
    yield begin
    for process in running:
        process.kill()
        process.wait()


def copy(text: str, *how: str) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(["wl-copy", *how], input=text.encode(), stdout=quiet, stderr=quiet, check=True)


def held(*how: str) -> str:
    return subprocess.run(["wl-paste", "-n", *how], capture_output=True, check=False).stdout.decode()


def focused() -> bool:
    """Whether a window has the focus: a key pressed before that reaches nobody."""
    folder = Path(os.environ["XDG_RUNTIME_DIR"])
    asked = ["swaymsg", "-s", str(next(folder.glob("sway-ipc.*.sock"))), "-rt", "get_tree"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return any(window["focused"] for window in _windows(json.loads(told)))


def _windows(node: dict[str, Any]) -> list[dict[str, Any]]:
    below = [window for each in node["nodes"] for window in _windows(each)]
    return [node, *below] if node.get("pid") else below


def press(keys: str) -> None:
    subprocess.run(["wtype", *keys.split()], check=True)


async def shown(read: Callable[[], str], text: str) -> str:
    """What it shows at last."""
    with contextlib.suppress(AssertionError):
        await anyio.to_thread.run_sync(until, lambda: read() == text)
    return read()


async def terminal(start: Callable[..., object], path: Path) -> Callable[[], str]:
    """Whatever is typed into it is in ``path`` as it comes."""
    start("foot", "sh", "-c", f"stty -icanon -echo; exec cat >> {path}")
    await anyio.to_thread.run_sync(until, path.exists)
    await anyio.to_thread.run_sync(until, focused)
    return lambda: path.read_bytes().decode("utf-8", "replace")


async def test_every_letter_arrives_in_a_terminal_and_both_selections_come_back(
    start: Callable[..., object], tmp_path: Path
) -> None:
    read = await terminal(start, tmp_path / "typed")
    copy(BEFORE)
    copy("selected", "--primary")
    began = time.monotonic()
    receipt = await open_target("window").deliver(clean(f"{TEXT}\n\n"))
    assert time.monotonic() - began < 4  # what reads the other selection is seen at once
    assert (held(), held("--primary")) == (BEFORE, "selected")
    assert await shown(read, TEXT) == TEXT
    assert receipt.length == len(TEXT)
    with pytest.raises(TargetError, match="Wayland does not say which window has the focus"):
        await WaylandWindow().take_back(receipt)
    four_thousand = " ".join(f"wörd{n}" + ("\n" if n % 97 == 0 else "") for n in range(4000))
    await open_target("window").deliver(clean(four_thousand))
    assert await shown(read, TEXT + four_thousand) == TEXT + four_thousand
    assert held() == BEFORE


async def test_every_letter_arrives_in_a_gtk_field(start: Callable[..., object], tmp_path: Path) -> None:
    """Which prints what it holds, and a newline, at Enter."""
    start("sh", "-c", f"exec zenity --entry > {tmp_path / 'typed'}")
    await anyio.to_thread.run_sync(until, focused)
    copy(BEFORE)
    await open_target("window").deliver(clean(TEXT))
    assert held() == BEFORE

    def read() -> str:
        press("-k Return -k Shift_L")
        return (tmp_path / "typed").read_text("utf-8")

    assert await shown(read, f"{TEXT}\n") == f"{TEXT}\n"


async def test_a_clipboard_history_that_reads_everything_does_not_take_the_text_away(
    start: Callable[..., object], tmp_path: Path
) -> None:
    start("wl-paste", "--watch", "sh", "-c", f"cat >> {tmp_path / 'history'}")
    read = await terminal(start, tmp_path / "typed")
    copy(BEFORE)
    await open_target("window").deliver(clean(TEXT))
    assert await shown(read, TEXT) == TEXT
    assert held() == BEFORE
    assert TEXT in (tmp_path / "history").read_text("utf-8")


async def test_where_nothing_takes_it_the_text_lies_on_the_clipboard(
    start: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.dictation.targets.selections.CAP_S", 0.3)
    copy(BEFORE)
    with pytest.raises(TargetError, match=r"did not take the text\. It lies on the clipboard\."):
        await open_target("window").deliver(clean("lost?"))
    assert held() == "lost?"


async def test_a_desktop_that_lets_no_program_press_a_key_is_told_of(
    start: Callable[..., object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As under GNOME, where wtype ends with status 1."""
    for name in ("wtype", "ydotool"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(TargetError, match=r"lets no program press a key\. The text lies on the clipboard\."):
        await open_target("window").deliver(clean("lost?"))
    assert held() == "lost?"


async def test_the_clipboard_holds_the_text_and_gives_back_what_it_held(start: Callable[..., object]) -> None:
    copy(BEFORE)
    target = open_target("clipboard")
    receipt = await target.deliver(clean(TEXT))
    assert held() == TEXT
    assert await target.arrived(receipt) is True
    await target.take_back(receipt)
    assert held() == BEFORE
