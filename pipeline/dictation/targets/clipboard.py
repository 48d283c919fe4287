"""The clipboard, by the tool of the desktop: wl-copy, xclip or xsel, pbcopy, clip.exe."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from config.errors import TargetError
from config.runtime.clean import CleanText
from config.runtime.clock import in_thread
from config.runtime.plugins import Factory
from pipeline.dictation.targets.base import Before, DeliveryOptions, Receipt, unnoted
from pipeline.dictation.targets.desktop_tools import call, first_there, missing, to_the_end


@dataclass(frozen=True, slots=True)
class ClipboardTool:
    """``copies`` reads a text on its standard input, ``shows`` prints what the clipboard holds."""

    copies: tuple[str, ...]
    shows: tuple[str, ...]
    encoding: str = "utf-8"


def clipboard_tool() -> ClipboardTool:
    """Raises ``TargetError``: which tool is missing, and how it is installed; or that there is no desktop."""
    if sys.platform == "darwin":
        return ClipboardTool(("pbcopy",), ("pbpaste",))
    if os.environ.get("WAYLAND_DISPLAY"):
        if not first_there("wl-copy"):
            raise missing("The clipboard", "wl-copy", "wl-clipboard")
        return ClipboardTool(("wl-copy",), ("wl-paste", "--no-newline", "--type", "text/plain;charset=utf-8"))
    if os.environ.get("DISPLAY"):
        match first_there("xclip", "xsel"):
            case "xclip":
                both = ("xclip", "-selection", "clipboard")
                return ClipboardTool((*both, "-in"), (*both, "-out", "-target", "UTF8_STRING"))
            case "xsel":
                return ClipboardTool(("xsel", "-ib"), ("xsel", "-ob"))
        raise missing("The clipboard", "xclip or xsel", "xclip")
    if first_there("clip.exe"):  # Windows, and Linux inside it
        shows = ("powershell.exe", "-NoProfile", "-Command", "Get-Clipboard -Raw")
        return ClipboardTool(("clip.exe",), shows, "utf-16-le")
    raise TargetError(
        "There is no clipboard here: neither DISPLAY nor WAYLAND_DISPLAY is set.",
        todo="Deliver to stdout or file:PATH instead.",
    )


class Clipboard:
    """What it held before is remembered while this object lives and written nowhere: it may be a password."""

    name = "the clipboard"

    def __init__(self) -> None:
        self._tool = clipboard_tool()
        self._held: dict[str, str] = {}

    async def deliver(self, text: CleanText, before: Before = unnoted) -> Receipt:
        receipt = Receipt("clipboard", text)
        held = await self._shown()
        before(receipt)
        await self._copy(text)
        self._held = {receipt.id: held or ""}  # one step back: what was before that is gone
        return receipt

    async def take_back(self, receipt: Receipt) -> None:
        if await self._shown() != receipt.text:
            raise TargetError(
                "The clipboard holds something else by now: it is left as it is.",
                todo="Copy what you need again.",
            )
        await self._copy(self._held.pop(receipt.id, ""))

    async def arrived(self, receipt: Receipt) -> bool:
        return await self._shown() == receipt.text

    async def program(self) -> str:
        return ""

    async def _copy(self, text: str) -> None:
        await to_the_end(call, self._tool.copies, text.encode(self._tool.encoding, "replace"))

    async def _shown(self) -> str | None:
        """None where it holds no text."""
        try:
            shown = await in_thread(lambda: call(self._tool.shows, reads=True))
        except TargetError:
            return None
        return shown.decode("utf-8", "replace")


def _open(rest: str, options: DeliveryOptions) -> Clipboard:
    return Clipboard()


CLIPBOARD = Factory(_open)
