"""The screen, or a part of it: a monitor, a window, a rectangle. Taken only when that is asked for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from config.errors import UsageError, VisionError
from config.runtime.installation import system_line
from config.runtime.plugins import Factory
from vision.images.open import from_pixels, open_picture
from vision.images.picture import Picture

if TYPE_CHECKING:
    from vision.sources.registry import SourceOptions

NAME = "screen"
FORMS = "a number of a monitor, left,top,width,height, window, or window:TITLE"
_REGION = re.compile(r"(-?\d{1,5}),(-?\d{1,5}),(\d{1,5}),(\d{1,5})")

Region = tuple[int, int, int, int]
"""Left, top, width, height in pixels of all screens together."""


def take_screen(what: str = "") -> Picture:
    """``what``: empty for the first monitor, else one of ``FORMS``. Blocking, some 50 ms.

    Raises ``UsageError`` for any other, ``VisionError`` where no picture can be taken.
    """
    region = _region(what)
    if sys.platform == "linux" and os.environ.get("WAYLAND_DISPLAY"):
        return _by_grim(region)
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        raise VisionError("There is no screen in this session.", todo="Show a picture: --image PATH")
    import mss
    from mss.exception import ScreenShotError
    from PIL import Image

    try:
        with mss.MSS() as screens:
            place = _place(screens.monitors, region)
            shot = screens.grab(place)
    except ScreenShotError as error:
        raise VisionError(f"The screen could not be taken: {error}.", todo="Check: echo $DISPLAY") from None
    return from_pixels(Image.frombytes("RGB", shot.size, shot.bgra, "raw", "BGRX"), NAME)


def _region(what: str) -> int | Region:
    """A monitor, counted from 1, or a rectangle."""
    if not what or what.isdecimal():
        return int(what or 1)
    if match := _REGION.fullmatch(what):
        left, top, width, height = (int(part) for part in match.groups())
        if width and height:
            return left, top, width, height
    if what == "window" or what.startswith("window:"):
        return window(what.partition(":")[2])
    raise UsageError(f"--screen does not know {what!r}.", todo=f"It takes {FORMS}.")


def _place(monitors: Any, region: int | Region) -> dict[str, int]:
    """As mss wants it; a rectangle is cut to the screens. ``monitors[0]`` is all of them."""
    if isinstance(region, int):
        if not 1 <= region < len(monitors):
            count = len(monitors) - 1
            have = "one monitor" if count == 1 else f"{count} monitors"
            raise VisionError(f"There is no monitor {region}: this machine has {have}.")
        return dict(monitors[region])
    whole = monitors[0]
    left, top = max(region[0], whole["left"]), max(region[1], whole["top"])
    right = min(region[0] + region[2], whole["left"] + whole["width"])
    bottom = min(region[1] + region[3], whole["top"] + whole["height"])
    if right <= left or bottom <= top:
        raise VisionError("That part lies outside of the screen.")
    return {"left": left, "top": top, "width": right - left, "height": bottom - top}


def window(title: str = "") -> Region:
    """Where the window in use is, or the first one with this in its title. Raises ``VisionError``."""
    if sys.platform == "win32":
        return _windows_window(title)
    if sys.platform != "linux" or os.environ.get("WAYLAND_DISPLAY"):
        raise VisionError(
            "Where a window is cannot be found out on this desktop.", todo="Take it all: --screen"
        )
    if not shutil.which("xdotool"):
        raise VisionError(
            "Windows cannot be found: xdotool is not installed.",
            todo=f"Install it: {system_line('xdotool')}",
        )
    find = ["search", "--onlyvisible", "--name", re.escape(title)] if title else ["getactivewindow"]
    found = _xdotool(*find).split()
    if not found:
        what = f"No window has “{title}” in its title." if title else "No window is in use."
        raise VisionError(what, todo="Take it all: --screen")
    facts = dict(
        line.split("=", 1)
        for line in _xdotool("getwindowgeometry", "--shell", found[-1]).split()
        if "=" in line
    )
    try:
        return int(facts["X"]), int(facts["Y"]), int(facts["WIDTH"]), int(facts["HEIGHT"])
    except (KeyError, ValueError):
        raise VisionError(
            "Where that window is could not be found out.", todo="Take it all: --screen"
        ) from None


def _xdotool(*arguments: str) -> str:
    try:
        done = subprocess.run(["xdotool", *arguments], capture_output=True, text=True, timeout=3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _windows_window(title: str) -> Region:
    import ctypes
    from ctypes import wintypes

    user32: Any = ctypes.windll.user32  # type: ignore[attr-defined]
    handle = user32.FindWindowW(None, title) if title else user32.GetForegroundWindow()
    box = wintypes.RECT()
    if not handle or not user32.GetWindowRect(handle, ctypes.byref(box)):
        raise VisionError(f"No window is called “{title}”." if title else "No window is in use.")
    return box.left, box.top, box.right - box.left, box.bottom - box.top


def _by_grim(region: int | Region) -> Picture:
    """Wayland gives the screen to no program but through the compositor's own tool."""
    if not shutil.which("grim"):
        raise VisionError(
            "On Wayland the screen is taken by grim, which is not installed.",
            todo=f"Install it: {system_line('grim')}",
        )
    part = ["-g", f"{region[0]},{region[1]} {region[2]}x{region[3]}"] if not isinstance(region, int) else []
    try:
        done = subprocess.run(["grim", *part, "-"], capture_output=True, timeout=5, check=False)
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        raise VisionError(
            "This desktop does not let the screen be taken by grim.",
            todo="Take a screenshot with the desktop's own key, then: aloud describe --clipboard",
        )
    return open_picture(done.stdout, NAME)


def _open(what: str, options: SourceOptions) -> Picture:
    return take_screen(what)


SCREEN = Factory(_open, "WHAT", alone=True)
