"""The focused window under Wayland: the text on both selections, then Shift+Insert by wtype or ydotool.

Wayland tells no program which window has the focus, so nothing that was typed is taken back.
"""

from __future__ import annotations

import contextlib

from config.errors import TargetError
from config.runtime.clean import CleanText
from pipeline.dictation.targets.base import Before, Receipt, unnoted
from pipeline.dictation.targets.desktop_tools import call, first_there, missing, to_the_end
from pipeline.dictation.targets.selections import WL_COPY, leave_on_clipboard, paste

_KEYS = {
    # GTK begins to read only at the next event; so there is one, a key that does nothing.
    "wtype": ("wtype", "-M", "shift", "-k", "Insert", "-m", "shift", "-s", "20", "-k", "Shift_L"),
    "ydotool": ("ydotool", "key", "42:1", "110:1", "110:0", "42:0"),
}


class WaylandWindow:
    name = "the window"

    def __init__(self) -> None:
        if not first_there("wl-copy"):
            raise missing("Typing into a window", "wl-copy", "wl-clipboard")
        if not first_there(*_KEYS):
            raise missing("Typing into a window", "wtype or ydotool", "wtype")

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        typed = text.rstrip("\r\n")
        receipt = Receipt("window", text, length=len(typed))
        before(receipt)
        if typed:
            await to_the_end(_paste, typed.encode())
        return receipt

    async def take_back(self, receipt: Receipt) -> None:
        raise TargetError(
            "What was typed is not taken back: Wayland does not say which window has the focus.",
            todo="The program's own undo may do it.",
        )

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return ""


def _paste(text: bytes) -> None:
    paste(WL_COPY, text, lambda: _press(text))


def _press(text: bytes) -> None:
    """By what may press keys on this desktop: GNOME lets wtype press none, ydotool wants a service."""
    for typist, keys in _KEYS.items():
        if first_there(typist):
            with contextlib.suppress(TargetError):
                call(keys)
                return
    leave_on_clipboard(WL_COPY, text)
    raise TargetError(
        "This desktop lets no program press a key.",
        kept="The text lies on the clipboard.",
        todo="Paste it where it belongs; next time --to clipboard, or set up ydotool.",
    )
