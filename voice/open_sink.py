"""Opens what ``speaker.sink`` names: a device, a WAV file, standard output, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from config.settings import Speaker
from voice.devices import Kind
from voice.sinks import Sink
from voice.track import Track

FILE_RATE = 24_000
"""Hz of files and of standard output: no voice of Piper's or espeak's has more (22 050)."""

Opened = AbstractAsyncContextManager[tuple[Track, Sink]]


def open_sink(settings: Speaker, changed: Callable[[Kind, str, bool], None]) -> Opened:
    """See ``voice.speaker.speaker``."""
    from voice.loudspeaker import open_device
    from voice.pumps import FilePump, PipePump, Pump, pumping

    if settings.sink == "none":
        return pumping(Pump(Track(FILE_RATE, settings.ahead_s, settings.volume)))
    if settings.sink == "-":
        return pumping(PipePump(Track(FILE_RATE, settings.ahead_s, settings.volume)))
    if settings.sink.lower().endswith(".wav"):
        return pumping(
            FilePump(Track(FILE_RATE, settings.ahead_s, settings.volume), Path(settings.sink).expanduser())
        )
    return open_device(settings, changed)
