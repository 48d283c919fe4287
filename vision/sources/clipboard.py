"""What was copied: a picture, a file's name, or words. Looked at only when that is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from config.errors import PictureError, VisionError
from config.runtime.installation import system_line
from config.runtime.plugins import Factory
from vision.images.files import MAX_BYTES
from vision.images.open import from_pixels
from vision.images.picture import Picture
from vision.sources.open import open_shown
from vision.sources.pdf import Document
from vision.sources.text_card import text_card

if TYPE_CHECKING:
    from vision.sources.registry import SourceOptions

NAME = "clipboard"
ANSWER_S = 3.0
MOST_LETTERS = 20_000

_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp", "image/gif", "image/svg+xml")
_FILES = ("text/uri-list", "x-special/gnome-copied-files")
_TEXT = ("text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "STRING")
_SECRET = "x-kde-passwordManagerHint"
"""Password managers mark what they copy with it."""


def read_clipboard() -> Picture | Document:
    """Blocking, some 20 ms. Words come as a card that shows them.

    Raises ``VisionError`` where there is no way to it, ``PictureError`` when nothing usable was copied.
    """
    if sys.platform in ("darwin", "win32"):
        return _by_pillow()
    if os.environ.get("WAYLAND_DISPLAY"):
        return _by_types(["wl-paste", "--list-types"], ["wl-paste", "--no-newline", "--type"], "wl-clipboard")
    if os.environ.get("DISPLAY"):
        show = ["xclip", "-selection", "clipboard", "-out", "-target"]
        return _by_types([*show, "TARGETS"], show, "xclip")
    raise VisionError("There is no clipboard: this session has no screen.", todo="Give the picture's path.")


def _by_types(listing: list[str], show: list[str], package: str) -> Picture | Document:
    if not shutil.which(listing[0]):
        raise VisionError(
            f"The clipboard cannot be read: {listing[0]} is not installed.",
            todo=f"Install it: {system_line(package)}",
        )
    types = _output(listing, 100_000).decode("utf-8", "replace").split()
    if _SECRET in types:
        raise PictureError("A password manager has copied that; it is not looked at.")
    for kind in _PICTURES:
        if kind in types and (data := _output([*show, kind], MAX_BYTES + 1)):
            return open_shown(data, NAME)
    for kind in _FILES:
        if kind in types and (path := _file_in(_output([*show, kind], 100_000))):
            return open_shown(path)
    for kind in _TEXT:
        if kind in types and (data := _output([*show, kind], 4 * MOST_LETTERS)):
            return _words(data.decode("utf-8", "replace"))
    raise _nothing()


def _file_in(listed: bytes) -> Path | None:
    """The first file of this machine in a list of addresses, a line each."""
    for line in listed.decode("utf-8", "replace").splitlines():
        parts = urlsplit(line.strip())
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return Path(unquote(parts.path))
    return None


def _words(text: str) -> Picture:
    if not text.strip():
        raise _nothing()
    return text_card(NAME, text.strip()[:MOST_LETTERS])


def _nothing() -> PictureError:
    return PictureError("There is no picture in the clipboard, and no text.", todo="Copy one, and ask again.")


def _output(command: list[str], most: int) -> bytes:
    """At most so many bytes of what it writes. An owner of the clipboard that hangs is not waited for."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        clock = threading.Timer(ANSWER_S, process.kill)
        clock.start()
        try:
            assert process.stdout is not None
            data = process.stdout.read(most)
            process.stdout.close()
            process.kill()
        finally:
            clock.cancel()
    return data


def _by_pillow() -> Picture | Document:
    from PIL import ImageGrab

    copied = ImageGrab.grabclipboard()
    if isinstance(copied, list) and copied:
        return open_shown(Path(copied[0]))
    if copied is None or isinstance(copied, list):
        return _words(_text_elsewhere())
    return from_pixels(copied, NAME)


def _text_elsewhere() -> str:
    show = (
        ["pbpaste"] if sys.platform == "darwin" else ["powershell", "-NoProfile", "-Command", "Get-Clipboard"]
    )
    return _output(show, 4 * MOST_LETTERS).decode("utf-8", "replace")


def _open(rest: str, options: SourceOptions) -> Picture | Document:
    return read_clipboard()


CLIPBOARD = Factory(_open)
