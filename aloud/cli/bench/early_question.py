"""A question a second after Aloud was started, while its engines still load behind the listening.

Where it takes longer than that until it listens, the question is asked as soon as it does. The same question
is asked again later, when everything is loaded; of its words those count that were there the first time.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Self

import aloud
from aloud.cli.bench.process import Listening
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, to_int16

_QUESTION = Path(aloud.__file__).parent / "sample" / "sum.wav"
_ASKED_S = 1.0
"""After the start of the process, at the earliest."""
_AGAIN_S = 6.0
"""Of silence after each: enough for its answer."""
_BLOCK_S = 0.02


@dataclass(frozen=True, slots=True)
class Early:
    """``kept``: % of the words. ``answered_s``: from the end of the voice to the answer's first sound; None:
    there was none.
    """

    kept: float
    answered_s: float | None


def ask_early(*flags: str) -> Early:
    """Takes about 20 s."""
    with _Asking(*flags) as asking:
        events = asking.events()
    said = [event["text"] for event in events if event["event"] == "final_transcript"]
    done = [event for event in events if event["event"] == "turn_done" and event["turn"] == 0]
    if len(said) < 2:  # the first was lost as a whole
        return Early(0.0, None)
    latency = done[0]["latency"] if done else {}
    heard = None if latency.get("audible") is None else latency["audible"] - latency["speech_end"]
    return Early(_kept(said[0], said[1]), heard)


def _kept(early: str, later: str) -> float:
    first, again = early.lower().split(), later.lower().split()
    blocks = SequenceMatcher(None, first, again, autojunk=False).get_matching_blocks()
    return 100 * sum(block.size for block in blocks) / max(1, len(again))


class _Asking(Listening):
    """Silence, the question, silence, the question, silence, in the time that it takes; then it ends."""

    def start(self) -> None:
        super().start()
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        super().__enter__()
        threading.Thread(target=self._speak, daemon=True).start()
        return self

    def _speak(self) -> None:
        began = time.monotonic()
        before = max(0.0, self._began + _ASKED_S - began)
        question, pause = to_int16(read_recording(_QUESTION).samples), _silence(_AGAIN_S)
        sound = _silence(before) + question + pause + question + pause
        size = len(_silence(_BLOCK_S))
        with contextlib.suppress(OSError):  # it has ended
            for number, at in enumerate(range(0, len(sound), size), 1):
                time.sleep(max(0.0, began + number * _BLOCK_S - time.monotonic()))
                self.feed(sound[at : at + size])
            assert self.process.stdin
            self.process.stdin.close()

    def events(self) -> list[dict[str, Any]]:
        """All of them, once it has ended."""
        return list(iter(self.next_event, None))


def _silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * HEARING_RATE))
