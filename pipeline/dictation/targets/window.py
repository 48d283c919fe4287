"""The window that has the focus: the text on both selections, then Shift+Insert.

Of the ways that were tried on X11 (Tk, GTK and xterm, with and without a window manager) only this one is
exact in all of them: typing letter by letter garbles accents, Ctrl+V does nothing in a terminal. Enter is
never pressed, and newlines at the end are left off: in a shell they would execute.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
import unicodedata

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from config.runtime.plugins import Factory
from pipeline.dictation.targets.base import UNDO_S, Before, DeliveryOptions, Receipt, Target, unnoted
from pipeline.dictation.targets.desktop_tools import call, first_there, missing, to_the_end
from pipeline.dictation.targets.selections import XCLIP, paste
from pipeline.dictation.targets.x11 import idle_s, program_of

LONGEST_UNDO = 2_000
"""Letters that are taken back one by one; at 4 ms each."""
_SLACK_S = 0.35
"""Our own keys are noticed a moment after we pressed them."""


def open_window() -> Target:
    """Raises ``TargetError`` where there is no window to type into, or a tool is missing."""
    if os.environ.get("WAYLAND_DISPLAY"):
        from pipeline.dictation.targets.wayland import WaylandWindow

        return WaylandWindow()
    if os.environ.get("DISPLAY") and sys.platform not in ("darwin", "win32"):
        return X11Window()
    raise TargetError(
        "There is no window to type into: neither DISPLAY nor WAYLAND_DISPLAY is set.",
        todo="Deliver to stdout, file:PATH or clipboard instead.",
    )


class X11Window:
    name = "the window"

    def __init__(self) -> None:
        for tool in ("xdotool", "xclip"):
            if not first_there(tool):
                raise missing("Typing into a window", tool, tool)

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        typed = text.rstrip("\r\n")
        window = await in_thread(_focused)
        receipt = Receipt("window", text, place=window, length=len(typed))
        before(receipt)
        if typed:
            await to_the_end(_paste, typed, window)
        return dataclasses.replace(receipt, at_s=time.time())

    async def take_back(self, receipt: Receipt) -> None:
        await to_the_end(_erase, receipt)

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        try:
            return await in_thread(program_of, int(await in_thread(_focused)))
        except TargetError:
            return ""


def _focused() -> str:
    """The number of the window; without a window manager nobody calls one active, but one has the focus."""
    for ask in ("getactivewindow", "getwindowfocus"):
        try:
            window = call(("xdotool", ask), reads=True).decode().strip()
        except TargetError:
            continue
        if window and int(window) > 1:
            return window
    raise TargetError("No window has the focus.", kept="The text is kept.", todo="Click into one.")


def _paste(text: str, window: str) -> None:
    def press() -> None:
        if _focused() != window:
            raise TargetError(
                "The focus moved to another window: nothing was typed.", kept="The text is kept."
            )
        call(("xdotool", "key", "--clearmodifiers", "shift+Insert"))

    paste(XCLIP, text.encode(), press)


def _erase(receipt: Receipt) -> None:
    typed = receipt.text.rstrip("\r\n")
    since = time.time() - receipt.at_s
    if since > UNDO_S:
        raise _refused(f"it was typed more than {UNDO_S / 60:.0f} minutes ago")
    if len(typed) > LONGEST_UNDO:
        raise _refused("it is too long")
    if not _letter_by_letter(typed):
        raise _refused("it holds letters that a window may count otherwise than we do")
    if _focused() != receipt.place:
        raise _refused("another window has the focus")
    idle = idle_s()
    if idle is not None and idle + _SLACK_S < since:
        raise _refused("something was typed or clicked since")
    if "\n" in typed and _is_terminal(receipt.place):
        raise _refused("in a terminal the lines before the last have been sent")
    keys = ("xdotool", "key", "--clearmodifiers", "--delay", "4", "--repeat", str(len(typed)), "BackSpace")
    call(keys, timeout_s=10 + len(typed) * 0.02)


def _refused(why: str) -> TargetError:
    return TargetError(f"What was typed is not taken back: {why}.", todo="The program's own undo may do it.")


def _letter_by_letter(text: str) -> bool:
    """One press of BackSpace takes one of these away, in every program."""
    return all(
        ord(letter) < 0x3000
        and not unicodedata.combining(letter)
        and unicodedata.category(letter) not in _ODD
        for letter in text
    ) and text == unicodedata.normalize("NFC", text)


_TERMINALS = ("term", "konsole", "kitty", "alacritty", "rxvt", "console", "tilix", "ghostty", "foot")
_ODD = ("Cf", "Cn", "Co", "Mn", "Me", "Sk", "So")


def _is_terminal(window: str) -> bool:
    """What has no name may be one."""
    name = program_of(int(window)).lower()
    return not name or any(part in name for part in _TERMINALS)


def _open(rest: str, options: DeliveryOptions) -> Target:
    return open_window()


WINDOW = Factory(_open)
