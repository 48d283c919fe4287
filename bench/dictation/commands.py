"""Commands of a dictation, spoken by synthetic voices: how many are obeyed.

Ten that the tests' own little Whisper was taught. What the STT writes must make of a page what the true words
make of it. Only Whisper is held to a bound, and told of what it misheard; what is always there hears
commands too badly for either (docs/STT.md), and a third of the voices shows it. flite's are there only
where flite is. ``--rounds``: that many voices.
"""

from __future__ import annotations

import shutil

import numpy as np

from aloud.cli.bench import Figure, Options
from bench.room.voices import said_by
from pipeline.dictation.text.document import TranscriptDocument
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import Stt, hear

COMMANDS = (
    "New line.", "New paragraph.", "Scratch that.", "Delete the last word.", "Undo that.", "Stop dictation.",
    "Comma.", "Full stop.", "Question mark.", "Scratch that and write bottle instead.",
)  # fmt: skip
"""The last is none: words after a command make it text."""
_ESPEAK = ("en-us", "en", "en-us+f3", "en-us+m3", "en+m1", "en+f2", "en-us+f2", "en-us+m7")
_FLITE = ("slt", "awb", "kal16", "kal")


def measure(stt: Stt, options: Options) -> list[Figure]:
    """``stt`` is warm."""
    voices = [f"espeak {name}" for name in _ESPEAK]
    voices += [f"flite {name}" for name in _FLITE] if shutil.which("flite") else []
    limit = 98.0 if stt.name.startswith("whisper") else None
    voices = (voices if limit else voices[::3])[: options.rounds]
    right = 0
    for voice in voices:
        for text in COMMANDS:
            written = hear(stt, Audio(_with_silence(said_by(text, voice)), HEARING_RATE)).text
            if _becomes(written) == _becomes(text):
                right += 1
            elif limit:
                options.note(f"{voice}: “{text}” was heard as “{written}”")
    spoken, kind = len(voices) * len(COMMANDS), stt.name.partition(":")[0]
    return [
        Figure(f"commands recognised, {kind}", 100 * right / spoken, "%", limit, "higher"),
        Figure("  of so many", spoken, ""),
    ]


def _becomes(text: str) -> tuple[str, str]:
    """What a page becomes by it: what happened, and the words and marks of all of it."""
    page = TranscriptDocument("en")
    page.push("I have a blue bag.")
    outcome = page.push(text)
    return outcome.kind, outcome.text.casefold()


def _with_silence(samples: Samples) -> Samples:
    before, after = np.zeros(HEARING_RATE // 4, np.float32), np.zeros(3 * HEARING_RATE // 8, np.float32)
    return np.concatenate([before, samples, after])
