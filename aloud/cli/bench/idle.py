"""Processor and memory while listening to silence, fed in real time as a microphone would."""

from __future__ import annotations

import time

from aloud.cli.bench import Figure, Options
from aloud.cli.bench.process import Listening, engines

_BLOCK = bytes(2 * 320)
"""20 ms of silence at 16 kHz, signed 16-bit."""

_SETTLE_S = 3.0
_LOADED = 0.2
"""Of a core, over ``_SETTLE_S``: below it the engines, which load behind the listening, are there."""
_LOADING_S = 60.0
_MOST_MB: dict[tuple[str, ...], float] = {
    ("pocketsphinx", "espeak:en-us"): 200.0,
    ("whisper:tiny.en", "piper:en_US-joe-medium"): 350.0,
}
"""The engines that are always there, and the smallest that ``aloud setup`` brings for English."""


def _feed(listening: Listening, seconds: float) -> None:
    began = time.monotonic()
    for block in range(1, round(seconds / 0.02) + 1):
        listening.feed(_BLOCK)
        time.sleep(max(0.0, began + block * 0.02 - time.monotonic()))


def _settle(listening: Listening) -> None:
    """Until nothing is loaded any more."""
    for _ in range(round(_LOADING_S / _SETTLE_S)):
        used, began = listening.processor_s, time.monotonic()
        _feed(listening, _SETTLE_S)
        if listening.processor_s - used < _LOADED * (time.monotonic() - began):
            return


def measure(options: Options) -> list[Figure]:
    """Memory has a limit with the engines of ``_MOST_MB``; another model takes what it takes."""
    seconds, flags = options.seconds or 30.0, engines(options)
    with Listening(*flags) as listening:
        _settle(listening)
        used, began = listening.processor_s, time.monotonic()
        _feed(listening, seconds)
        share = (listening.processor_s - used) / (time.monotonic() - began)
        memory = listening.resident_mb
    return [
        Figure("processor, of one core", 100 * share, "%", 5.0),
        Figure("processor a minute", 60 * share, "s"),
        Figure("resident memory", memory, "MB", _MOST_MB.get(tuple(options.engines.as_json().values()))),
    ]
