"""Where PulseAudio's client library, which PortAudio brings, puts what it needs while it runs.

In a session it is ``XDG_RUNTIME_DIR``. Where there is none, the library makes a link in ``~/.config/pulse``
and a folder among the temporary files as soon as anybody looks for sound. Aloud has a folder of its own.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from config.paths import state_dir

_LONGEST = 100
"""Bytes of the path of a socket, less some: beyond it no server could be reached there."""


def keep_within() -> None:
    """Call it before PortAudio is loaded. A place that a server may have already stays as it is."""
    if sys.platform != "linux" or {"XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH"} & os.environ.keys():
        return
    theirs = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "pulse"
    ours = state_dir() / "pulse"
    if any(theirs.glob("*-runtime")) or len(os.fsencode(ours)) + len("/native") > _LONGEST:
        return
    with suppress(OSError):  # a folder that cannot be made is one in which nothing is left
        ours.parent.mkdir(parents=True, exist_ok=True)
    os.environ["PULSE_RUNTIME_PATH"] = str(ours)
