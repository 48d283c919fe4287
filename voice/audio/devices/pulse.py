"""Where PulseAudio's client library, which PortAudio brings, puts what it needs while it runs.

In a session it is ``XDG_RUNTIME_DIR``. Where there is none, the library makes a link in ``~/.config/pulse``
and a folder among the temporary files as soon as anybody looks for sound; and a key beside the link, where no
sound server has made one. Aloud has a folder of its own for both.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from config.files.private import private_folder
from config.settings.paths import state_dir

_LONGEST = 100
"""Bytes of the path of a socket, less some: beyond it no server could be reached there."""
_KEY_BYTES = 256


def keep_within() -> None:
    """Call it before PortAudio is loaded. What a server of this person may have made already stays in use."""
    if sys.platform != "linux":
        return
    theirs = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "pulse"
    with suppress(OSError):  # without a folder of our own it is the library's
        if not {"XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"} & os.environ.keys():
            _keep_folder(theirs)
        if "PULSE_COOKIE" not in os.environ:
            _keep_key(theirs)


def _keep_folder(theirs: Path) -> None:
    ours = state_dir() / "pulse"
    if any(theirs.glob("*-runtime")) or len(os.fsencode(ours)) + len("/native") > _LONGEST:
        return
    private_folder(ours.parent)
    os.environ["PULSE_RUNTIME_PATH"] = str(ours)


def _keep_key(theirs: Path) -> None:
    """A server on this machine lets its own person in without one; it only must be there."""
    ours = state_dir() / "pulse-cookie"
    if (theirs / "cookie").exists() or Path("~/.pulse-cookie").expanduser().exists():
        return
    private_folder(ours.parent)
    if not ours.exists() or ours.stat().st_size != _KEY_BYTES:
        with open(os.open(ours, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(os.urandom(_KEY_BYTES))
    os.environ["PULSE_COOKIE"] = str(ours)
