"""A question that is asked a second after Aloud was started, while its engines still load behind the listening.

As at a microphone: what is said before it listens is lost. The same question is asked again later, when
everything is loaded; of its words those count that were there the first time.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import aloud
from aloud.bench.process import Listening
from voice.audio import HEARING_RATE, to_int16
from voice.recording import read_recording

_QUESTION = Path(aloud.__file__).parent / "sample" / "sum.wav"
_ASKED_S = 1.0
"""After the start of the process."""
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


def ask_early(*flags: str, after_s: float = _ASKED_S) -> Early:
    """Takes about 20 s. ``after_s``: how long after its start it is asked."""
    with _Asking(after_s, *flags) as asking:
        events = asking.events()
    said = [event["text"] for event in events if event["event"] == "said"]
    done = [event for event in events if event["event"] == "turn_done" and event["turn"] == 0]
    if len(said) < 2:  # the first was lost as a whole
        return Early(0.0, None)
    latency = done[0]["latency"] if done else {}
    heard = None if latency.get("audible") is None else latency["audible"] - latency["speech_end"]
    return Early(_kept(said[0], said[1]), heard)


def _kept(early: str, later: str) -> float:
    first, again = early.lower().split(), later.lower().split()
    same = sum(
        block.size for block in SequenceMatcher(None, first, again, autojunk=False).get_matching_blocks()
    )
    return 100 * same / max(1, len(again))


class _Asking(Listening):
    """Silence, the question, silence, the question, silence, in the time that it takes; then it ends."""

    def __init__(self, after_s: float, *flags: str) -> None:
        super().__init__(*flags)
        self._after_s = after_s
        self._listens = threading.Event()

    def start(self) -> None:
        super().start()
        threading.Thread(target=self._speak, args=(time.monotonic(),), daemon=True).start()

    def __enter__(self) -> _Asking:
        super().__enter__()
        self._listens.set()
        return self

    def _speak(self, began: float) -> None:
        pause = bytes(2 * round(_AGAIN_S * HEARING_RATE))
        question = to_int16(read_recording(_QUESTION).samples)
        sound = bytes(2 * round(self._after_s * HEARING_RATE)) + question + pause + question + pause
        size = 2 * round(_BLOCK_S * HEARING_RATE)
        for number, at in enumerate(range(0, len(sound), size), 1):
            time.sleep(max(0.0, began + number * _BLOCK_S - time.monotonic()))
            if self._listens.is_set():
                self.feed(sound[at : at + size])
        assert self.process.stdin
        self.process.stdin.close()

    def events(self) -> list[dict[str, Any]]:
        """All of them, once it has ended."""
        found = []
        while event := self.next_event():
            found.append(event)
        return found
