"""Typed into a real xterm, a real GTK field and a real Tk field; and the clipboard."""

from __future__ import annotations

import contextlib
import subprocess
import time
from pathlib import Path
from typing import Any

import anyio
import pytest

from config.errors import TargetError
from config.runtime.clean import clean
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.targets.open import open_target
from pipeline.dictation.targets.window import X11Window
from tests.screens import until

pytestmark = pytest.mark.anyio

BEFORE = "what was there: é".encode()
TEXT = (
    "Grüße aus Zürich, “quoted” – naïve café, 50 €.\n"
    "Привет, мир! 你好，世界。 こんにちは\n"
    "\tTabbed \\ $HOME `x` 'y' \"z\" !! {a|b} 🎉👍🏽 é\n\n"
    "Last paragraph; no newline after it"
)


def copy(content: bytes, *, kind: str = "UTF8_STRING") -> None:
    command = ["xclip", "-in", "-selection", "clipboard", "-target", kind]
    quiet = subprocess.DEVNULL
    subprocess.run(command, input=content, stdout=quiet, stderr=quiet, check=True)


def held(*, kind: str = "UTF8_STRING") -> bytes:
    command = ["xclip", "-out", "-selection", "clipboard", "-target", kind]
    return subprocess.run(command, capture_output=True, check=False).stdout


async def shown(read: Any, text: str) -> str:
    """What it shows at last: ``text``, once it was seen there."""
    last = ""

    def is_shown() -> bool:
        nonlocal last
        last = str(read())
        return last == text

    with contextlib.suppress(AssertionError):
        await anyio.to_thread.run_sync(until, is_shown)
    return last


@pytest.mark.parametrize(
    ("program", "managed"), [("xterm", False), ("tk", False), ("gtk", False), ("tk", True), ("gtk", True)]
)
async def test_every_letter_arrives_and_the_clipboard_comes_back(
    screen: Any, tmp_path: Path, program: str, managed: bool
) -> None:
    if managed:
        screen.start("openbox")
        await anyio.sleep(0.3)
    read = getattr(screen, program)(tmp_path / "typed")
    copy(BEFORE)
    receipt = await open_target("window").deliver(clean(f"{TEXT}\n\n"))
    await anyio.to_thread.run_sync(until, lambda: held() == BEFORE)  # xclip owns it a moment after it ends
    assert await shown(read, TEXT) == TEXT
    assert receipt.text == f"{TEXT}\n\n"
    assert receipt.length == len(TEXT)


@pytest.mark.parametrize("program", ["xterm", "tk"])
async def test_four_thousand_words(screen: Any, tmp_path: Path, program: str) -> None:
    text = " ".join(f"wörd{n}" + ("\n" if n % 97 == 0 else "") for n in range(4000))
    read = getattr(screen, program)(tmp_path / "typed")
    await open_target("window").deliver(clean(text))
    assert await shown(read, text) == text


async def test_a_picture_on_the_clipboard_comes_back(screen: Any, tmp_path: Path, recordings: Path) -> None:
    picture = (recordings / "sign.png").read_bytes()
    copy(picture, kind="image/png")
    read = screen.tk(tmp_path / "typed")
    await open_target("window").deliver(clean("hello"))
    assert await shown(read, "hello") == "hello"
    assert held(kind="image/png") == picture


async def test_taken_back_from_the_same_window(screen: Any, tmp_path: Path) -> None:
    read = screen.tk(tmp_path / "typed")
    target = open_target("window")
    await target.deliver(clean("Kept. "))
    assert await shown(read, "Kept. ") == "Kept. "
    receipt = await target.deliver(clean("Grüße,\nzwei Zeilen"))
    assert await shown(read, "Kept. Grüße,\nzwei Zeilen") == "Kept. Grüße,\nzwei Zeilen"
    await X11Window().take_back(Receipt.from_json(receipt.as_json()))
    assert await shown(read, "Kept. ") == "Kept. "


async def test_not_taken_back_where_it_is_not_safe(screen: Any, tmp_path: Path) -> None:
    read = screen.tk(tmp_path / "typed")
    target = open_target("window")
    receipt = await target.deliver(clean("hello"))
    await anyio.sleep(0.6)
    screen.ask("xdotool", "key", "x")
    with pytest.raises(TargetError, match="something was typed or clicked since"):
        await target.take_back(receipt)
    odd = await target.deliver(clean("👍🏽 e\u0301"))
    with pytest.raises(TargetError, match="count otherwise"):
        await target.take_back(odd)
    old = Receipt("window", clean("hello"), at_s=time.time() - 121, place=receipt.place)
    with pytest.raises(TargetError, match="more than 2 minutes ago"):
        await target.take_back(old)
    elsewhere = Receipt("window", clean("hello"), place="12345")
    with pytest.raises(TargetError, match="another window has the focus"):
        await target.take_back(elsewhere)
    assert await shown(read, "hellox👍🏽 e\u0301") == "hellox👍🏽 e\u0301"


async def test_lines_in_a_terminal_are_not_taken_back(screen: Any, tmp_path: Path) -> None:
    read = screen.xterm(tmp_path / "typed")
    target = open_target("window")
    assert await target.program() == "XTerm"
    receipt = await target.deliver(clean("one\ntwo"))
    with pytest.raises(TargetError, match="in a terminal"):
        await target.take_back(receipt)
    assert await shown(read, "one\ntwo") == "one\ntwo"


async def test_a_window_that_takes_nothing_leaves_the_text_on_the_clipboard(
    screen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.show("XTerm", "xterm", "-xrm", "XTerm*translations: #override <Key>Insert:")
    monkeypatch.setattr("pipeline.dictation.targets.selections.CAP_S", 0.6)
    copy(BEFORE)
    with pytest.raises(TargetError, match=r"did not take the text\. It lies on the clipboard\."):
        await open_target("window").deliver(clean("lost?"))
    assert held() == b"lost?"


async def test_the_clipboard_holds_the_text_and_gives_back_what_it_held(screen: Any) -> None:
    copy(BEFORE)
    target = open_target("clipboard")
    receipt = await target.deliver(clean(TEXT))
    assert held() == TEXT.encode()
    assert await target.arrived(receipt) is True
    await target.take_back(receipt)
    assert held() == BEFORE
    with pytest.raises(TargetError, match="holds something else"):
        await target.take_back(receipt)
    assert held() == BEFORE


async def test_a_screen_that_is_not_there_is_told_of(screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":64999")
    with pytest.raises(TargetError, match="xclip"):
        await open_target("clipboard").deliver(clean("x"))
    with pytest.raises(TargetError, match="No window has the focus"):
        await open_target("window").deliver(clean("x"))
