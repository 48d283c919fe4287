"""Processor and memory while listening to silence, fed in real time as a microphone would."""

from __future__ import annotations

import time

from aloud.bench import Figure, Options
from aloud.bench.process import Listening

_BLOCK = bytes(2 * 320)
"""20 ms of silence at 16 kHz, signed 16-bit."""

_SETTLE_S = 3.0


def _feed(listening: Listening, seconds: float) -> None:
    began = time.monotonic()
    for block in range(1, round(seconds / 0.02) + 1):
        listening.feed(_BLOCK)
        time.sleep(max(0.0, began + block * 0.02 - time.monotonic()))


def measure(options: Options) -> list[Figure]:
    ears, mouth, seconds = options.ears, options.mouth, options.seconds or 30.0
    flags = ["--ears", ears or "pocketsphinx", "--mouth", mouth or "espeak:en-us", "--mind", "skills"]
    with Listening(*flags) as listening:
        _feed(listening, _SETTLE_S)
        used, began = listening.processor_s, time.monotonic()
        _feed(listening, seconds)
        share = (listening.processor_s - used) / (time.monotonic() - began)
        memory = listening.resident_mb
    return [
        Figure("processor, of one core", 100 * share, "%", 5.0),
        Figure("processor a minute", 60 * share, "s"),
        Figure("resident memory", memory, "MB", 200.0),
    ]
