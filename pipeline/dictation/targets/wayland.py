"""The focused window under Wayland: wl-copy, and Shift+Insert by wtype or ydotool.

Wayland tells no program which window has the focus, so nothing that was typed is taken back.
"""

from __future__ import annotations

import subprocess
import time

from config.errors import TargetError
from pipeline.dictation.delivering import Before, Receipt, unnoted
from pipeline.dictation.targets.clipboard import clipboard_tool
from pipeline.dictation.targets.selections import CAP_S, QUIET_S
from pipeline.dictation.targets.tools import call, first_there, missing, to_the_end

_KEYS = {
    "wtype": ("wtype", "-M", "shift", "-k", "Insert", "-m", "shift"),
    "ydotool": ("ydotool", "key", "42:1", "110:1", "110:0", "42:0"),
}


class WaylandWindow:
    name = "the window"

    def __init__(self) -> None:
        self._clipboard = clipboard_tool()
        typist = first_there("wtype", "ydotool")
        if not typist:
            raise missing("Typing into a window", "wtype or ydotool", "wtype")
        self._keys = _KEYS[typist]

    async def deliver(self, text: str, before: Before = unnoted) -> Receipt:
        typed = text.rstrip("\r\n")
        receipt = Receipt("window", text, length=len(typed))
        before(receipt)
        if typed:
            await to_the_end(self._paste, typed.encode())
        return receipt

    def _paste(self, text: bytes) -> None:
        try:
            held = call(self._clipboard.shows, reads=True)
        except TargetError:
            held = None
        call(("wl-copy", "--primary"), text)
        # It ends when it was read.
        server = subprocess.Popen(("wl-copy", "--foreground", "--paste-once"), stdin=subprocess.PIPE)
        try:
            assert server.stdin
            with server.stdin:
                server.stdin.write(text)
            call(self._keys)
            server.wait(CAP_S)
        except subprocess.TimeoutExpired:
            pass  # a terminal reads the other selection: the text stays on this one
        else:
            time.sleep(QUIET_S)
            if held is not None:
                call(self._clipboard.copies, held)
        finally:
            server.kill()
            server.wait()

    async def take_back(self, receipt: Receipt) -> None:
        raise TargetError(
            "What was typed is not taken back: Wayland does not say which window has the focus.",
            todo="The program's own undo may do it.",
        )

    async def arrived(self, receipt: Receipt) -> None:
        return None

    async def program(self) -> str:
        return ""
