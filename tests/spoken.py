"""What the tests say to Aloud in espeak's voice: the same sound for the same text, whatever was said before.

Espeak keeps its flutter and its noise from one sentence to the next in variables of the process: the same
sentence came out in 58 ways after 60 others, and PocketSphinx took the wrong words from 2 in 40 of them. So
each text is spoken by a process that has said nothing yet.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache

from voice.audio.samples import HEARING_RATE, Audio, concatenate, silence
from voice.audio.speech import Speech
from voice.tts.base import Tts
from voice.tts.espeak import Espeak


@lru_cache(maxsize=256)
def said(text: str, voice: str = "en-us", speed: float = 1.0) -> Speech:
    """At espeak's own rate, with the places of its words."""
    fresh = multiprocessing.get_context("forkserver")
    fresh.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(1, fresh) as process:
        speech = process.submit(_say, text, voice, speed).result()
    speech.audio.samples.setflags(write=False)
    return speech


def _say(text: str, voice: str, speed: float) -> Speech:
    return Espeak(voice).say(text, speed=speed)


def sound(*parts: float | str, voice: Tts | None = None) -> Audio:
    """Texts, and pauses in seconds, one after the other, at 16 kHz; espeak where no ``voice`` is given."""

    def part_of(part: float | str) -> Audio:
        if isinstance(part, float):
            return silence(part, HEARING_RATE)
        return (voice.say(part) if voice else said(part)).audio.at_rate(HEARING_RATE)

    return concatenate([part_of(part) for part in parts])
