"""Commands of a dictation, spoken by synthetic voices: how many are obeyed.

With Whisper: ten commands that the tests' own little model was taught, by twelve voices; what its words make
of a page must be what the true words make of it. With the ears that are always there: every English command,
with and without the grammar (``pipeline.dictation.commanding``), whose limit was fitted on flite's slt, rms
and awb; kal16 and the sentences here were not heard then. flite's voices are there only where flite is.
"""

from __future__ import annotations

import shutil

import numpy as np

from aloud.bench import Figure, Options
from aloud.bench.people import said_by
from config.dictation import commands
from pipeline.dictation.commanding import as_command
from pipeline.dictation.page import Page
from voice.audio import HEARING_RATE, Audio, Samples
from voice.ears import Stt, hear
from voice.phrases import PhraseEars
from voice.pocketsphinx import PocketSphinx

VOICES = ("slt", "rms", "awb", "kal16")
CONTENT = (
    "the grace period begins today", "he opened a new line of shoes", "please read the letter to me",
    "delete the old pictures", "scratch my back", "undo the knots in the rope", "copy this page twice",
    "send the parcel to london", "stop at the corner", "raw fish is good", "start the engine",
    "the last word was hers", "he likes to end early", "as i told you", "bring the dog back home",
    "we talked about the weather", "my sister lives in a small town", "the train was late again",
    "this is the second paragraph", "that is all i know",
)  # fmt: skip
"""Sentences of a text; half of them begin or end like a command."""


TAUGHT = (
    "New line.", "New paragraph.", "Scratch that.", "Delete the last word.", "Undo that.", "Stop dictation.",
    "Comma.", "Full stop.", "Question mark.", "Scratch that and write bottle instead.",
)  # fmt: skip
"""The last is none: words after a command make it text."""
_ESPEAK = ("en-us", "en", "en-us+f3", "en-us+m3", "en+m1", "en+f2", "en-us+f2", "en-us+m7")


def measure_whisper(stt: Stt, options: Options) -> list[Figure]:
    """``stt`` is warm."""
    voices = [f"espeak {name}" for name in _ESPEAK]
    voices += [f"flite {name}" for name in ("slt", "awb", "kal16", "kal")] if shutil.which("flite") else []
    right = 0
    for voice in voices:
        for text in TAUGHT:
            written = hear(stt, Audio(_with_silence(said_by(text, voice)), HEARING_RATE)).text
            if _becomes(written) == _becomes(text):
                right += 1
            else:
                options.note(f"{voice}: “{text}” was heard as “{written}”")
    spoken = len(voices) * len(TAUGHT)
    name = stt.name.partition(":")[0]
    return [
        Figure(f"commands recognised, {name}", 100 * right / spoken, "%", 98.0, "higher"),
        Figure("  of so many", spoken, ""),
    ]


def _becomes(text: str) -> tuple[str, str]:
    """What a page becomes by it: what happened, and the words and marks of all of it."""
    page = Page("en")
    page.push("I have a blue bag.")
    outcome = page.push(text)
    return outcome.kind, outcome.text.casefold()


def measure(options: Options) -> list[Figure]:
    """``options.rounds``: how many of the voices; all where it is None."""
    if not shutil.which("flite"):
        options.note("flite is not there: commands are not measured (sudo apt-get install flite).")
        return []
    table = commands("en")
    ears, grammar = PocketSphinx(), PhraseEars(table.phrases_whole)
    kinds = {phrase: _kind(phrase) for phrase in table.phrases_whole}
    figures: list[Figure] = []
    right = written_right = told = taken = 0
    voices = VOICES[: options.rounds or len(VOICES)]
    for voice in voices:
        for text in (*kinds, *CONTENT):
            sound = _with_silence(said_by(text, f"flite {voice}"))
            written = hear(ears, Audio(sound, HEARING_RATE)).text
            heard = grammar.hear(sound)
            obeyed = _kind(as_command(written, heard))
            if text in kinds:
                right += obeyed == kinds[text]
                written_right += _kind(written) == kinds[text]
                told += heard is not None and kinds.get(heard.phrase) == kinds[text]
            else:
                taken += obeyed != "text"
        options.note(f"{voice}: {right} obeyed so far, {taken} sentences taken for commands")
    spoken, sentences = len(voices) * len(kinds), len(voices) * len(CONTENT)
    figures.append(Figure("commands obeyed", 100 * right / spoken, "%", 98.0, "higher"))
    figures.append(Figure("commands told apart", 100 * told / spoken, "%", 98.0, "higher"))
    figures.append(Figure("commands obeyed without the grammar", 100 * written_right / spoken, "%"))
    figures.append(Figure("sentences taken for a command", 100 * taken / sentences, "%", 2.0))
    return figures


def _kind(text: str) -> str:
    page = Page("en")
    page.push("Some words.")
    return page.push(text).kind if text else "text"


def _with_silence(samples: Samples) -> Samples:
    before, after = np.zeros(HEARING_RATE // 4, np.float32), np.zeros(3 * HEARING_RATE // 8, np.float32)
    return np.concatenate([before, samples, after])
