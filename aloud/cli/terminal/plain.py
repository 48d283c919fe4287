"""Whether lines are printed once and nothing is drawn: where a screen reader listens, or nobody watches.

What is noticed stands in docs/screen-readers.md. Looking for a screen reader among some 80 processes takes
about 1 ms; it is done only where a terminal would be drawn on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from config.settings.model import ShowSettings

_OF_THE_PERSON = frozenset({"orca"})
_OF_ANYONE = frozenset({"brltty"})
"""Braille is driven by a service, which has a user of its own."""
_CONSOLE = re.compile(r"/dev/tty\d+")


def is_plain(show: ShowSettings, out: TextIO | None) -> bool:
    """Whether what goes to ``out`` is one plain line after the other: ``--plain``, or noticed."""
    if show.plain == "auto":
        return bool(why_plain(out))
    return show.plain == "on"


def is_terminal(stream: TextIO | None) -> bool:
    """None: it was closed before we began."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed since
        return False


def is_read_aloud(show: ShowSettings, out: TextIO | None) -> bool:
    """Whether ``out`` is plain because somebody listens to it, and not because a program reads it."""
    return show.plain == "on" or (is_terminal(out) and is_plain(show, out))


def seems_read_aloud(out: TextIO | None, environment: Mapping[str, str] | None = None) -> bool:
    """The same where no settings are loaded, as for ``--help``: the one that counts is looked up, and
    anything wrong with it is another command's to say.
    """
    environment = os.environ if environment is None else environment
    said = environment.get("ALOUD_PLAIN") or environment.get("ALOUD_SHOW__PLAIN") or _plain_in_file()
    return is_terminal(out) and (said == "on" or (said != "off" and bool(why_plain(out, environment))))


def _plain_in_file() -> str:
    import tomllib

    from config.files.whole_file import read_bounded
    from config.settings.paths import config_file

    try:
        return str(tomllib.loads(read_bounded(config_file()).decode("utf-8-sig"))["show"]["plain"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def why_plain(
    out: TextIO | None, environment: Mapping[str, str] | None = None, *, proc: Path = Path("/proc")
) -> str:
    """What was noticed, in a few words; empty for a terminal that may be drawn on."""
    environment = os.environ if environment is None else environment
    if out is None or not is_terminal(out):
        return "it is no terminal"
    kind = environment.get("TERM", "").lower()
    if kind in ("dumb", "unknown", ""):
        return f"TERM is {kind or 'empty'}"
    if _speakup(_path(out)):
        return "speakup runs"
    reader = screen_reader(proc)
    return f"{reader} runs" if reader else ""


def _path(terminal: TextIO) -> str:
    try:
        return os.ttyname(terminal.fileno())
    except (OSError, ValueError, AttributeError):  # Windows has no names for them
        return ""


def _speakup(terminal: str, place: Path = Path("/sys/accessibility/speakup/synth")) -> bool:
    """It reads the virtual consoles of the kernel, and no window."""
    if not _CONSOLE.fullmatch(terminal):
        return False
    try:
        return place.read_text("ascii").strip() not in ("", "none")
    except (OSError, ValueError):
        return False


def screen_reader(proc: Path = Path("/proc")) -> str:
    """The one that runs beside us, by the names of the processes of Linux; empty when none does."""
    own = os.getuid() if hasattr(os, "getuid") else -1
    try:
        numbers = [name for name in os.listdir(proc) if name.isdigit()]
    except OSError:
        return ""
    for number in numbers:
        process = f"{proc}/{number}"
        name = _name(process)
        if name in _OF_ANYONE or (name in _OF_THE_PERSON and _owner(process) == own):
            return name
    return ""


def _name(process: str) -> str:
    try:
        with open(f"{process}/comm", "rb", buffering=0) as file:
            return file.read(64).decode("utf-8", "replace").strip()
    except OSError:  # it has ended
        return ""


def _owner(process: str) -> int:
    try:
        return os.stat(process).st_uid
    except OSError:
        return -1
