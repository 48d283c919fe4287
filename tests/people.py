"""People's voices, out of the moonshine-voice wheel (a development dependency); how much was heard wrong."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Audio

TWO_CITIES = (
    "It was the best of times, it was the worst of times, "
    "it was the age of wisdom, it was the age of foolishness."
)
"""The first 8.4 s of it."""
TWO_CITIES_S = 8.4
BECKETT = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
"""All of it, 10 s."""
QUESTION = "What are you talking about?"
"""Asked by an actor, in ``endgame_nagg_nell``."""


def person(name: str, begin_s: float = 0.0, end_s: float = 60.0) -> Audio:
    """At 16 kHz."""
    found = importlib.util.find_spec("moonshine_voice")
    assert found is not None
    assert found.origin is not None
    whole = read_recording(Path(found.origin).parent / "assets" / f"{name}.wav").at_rate(HEARING_RATE)
    return Audio(whole.samples[round(begin_s * HEARING_RATE) : round(end_s * HEARING_RATE)], HEARING_RATE)


def question() -> Audio:
    return person("endgame_nagg_nell", 17.5, 18.9)


def plain(text: str) -> str:
    """Without case and punctuation."""
    return " ".join(re.findall(r"[\w']+", text.lower()))


def wrong(said: str, heard: str) -> float:
    """The share of words: substitutions, insertions and deletions over those said."""
    import jiwer

    return float(jiwer.wer(plain(said), plain(heard)))
