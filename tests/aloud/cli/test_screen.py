"""What stands on the terminal, as a person sees it, and what C libraries would put there."""

from __future__ import annotations

import os
import pty
import termios
from pathlib import Path

import pytest

from tests.program import Beginning, Program

FAILS_IN_ALSA = """
import asyncio, ctypes
async def fail():
    alsa, pcm = ctypes.CDLL("libasound.so.2"), ctypes.c_void_p()
    print("asked", alsa.snd_pcm_open(ctypes.byref(pcm), b"nonsense", 0, 0) < 0)
"""
"""ALSA tells of a device that there is not, by itself, on standard error."""

BARE = FAILS_IN_ALSA + "asyncio.run(fail())"

IN_A_VIEW = (
    FAILS_IN_ALSA
    + """
from pipeline.session.run import run_async
from aloud.cli.terminal.live_view import LiveView
from pipeline import events
from voice.audio.devices.c_stderr import quiet
with quiet(), LiveView() as view:
    view.notify(events.FinalTranscript(at=1.0, turn=0, text="Before.", speech_end=1.0, confidence=1.0))
    run_async(fail)
    view.notify(events.FinalTranscript(at=1.0, turn=0, text="After.", speech_end=1.0, confidence=1.0))
"""
)


def on_a_terminal(*arguments: str, script: str = "", **environment: str) -> str:
    """All that a program prints on a terminal of its own."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    more = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"} | environment
    with Program(
        *arguments, beginning=Beginning(script), stdin=theirs, stdout=theirs, stderr=theirs, env=more
    ) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:  # the last one that held it has gone
                break
            if not data:
                break
            shown += data
        running.wait()
    os.close(ours)
    return shown.decode()


def test_what_alsa_tells_is_not_in_the_view(tmp_path: Path) -> None:
    bare, in_a_view = tmp_path / "bare.py", tmp_path / "in_a_view.py"
    bare.write_text(BARE)
    in_a_view.write_text(IN_A_VIEW)
    assert "ALSA lib" in on_a_terminal(script=str(bare)), "it would be there"
    shown = on_a_terminal(script=str(in_a_view))
    assert "asked True" in shown
    assert "Before." in shown
    assert "After." in shown
    assert "ALSA" not in shown


@pytest.mark.parametrize("how", [["--plain"], []])
def test_an_answer_that_is_read_aloud_is_one_line_without_escapes(how: list[str]) -> None:
    asked = ("ask", "what is two plus three", "--llm", "skills", *how)
    shown = on_a_terminal(*asked, TERM="xterm" if how else "dumb")
    assert shown == "Two plus three is 5.\r\n"
