"""What C libraries write to standard error is not on the screen; what Python writes there is."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from voice.audio.devices.c_stderr import quiet


def test_what_is_quiet_twice_at_once_is_loud_again_after_both(capfd: pytest.CaptureFixture[str]) -> None:
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    os.write(2, b"not this ")
    first.__exit__(None, None, None)
    os.write(2, b"nor this ")
    second.__exit__(None, None, None)
    os.write(2, b"but this")
    assert capfd.readouterr().err == "but this"


def test_what_python_tells_is_not_kept_quiet() -> None:
    """A microphone is looked for again and again while it is away, and meanwhile a text is delivered."""
    program = (
        "import os, sys; from voice.audio.devices.c_stderr import quiet\n"
        "with quiet():\n    os.write(2, b'noise '); print('Grüße', file=sys.stderr, flush=True)\n"
        "os.write(2, b'C again '); print('and Python', file=sys.stderr)"
    )
    command = [sys.executable, "-W", "error", "-c", program]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert done.stderr.decode() == "Grüße\nC again and Python\n"


def test_debug_lets_all_of_it_through() -> None:
    program = (
        "import os; from voice.audio.devices.c_stderr import let_through, quiet\n"
        "let_through()\nwith quiet():\n    os.write(2, b'ALSA lib')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stderr == b"ALSA lib"
