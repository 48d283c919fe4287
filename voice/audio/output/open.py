"""Opens what ``speaker.sink`` names: a device, a WAV file, standard output, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from config.settings.model import Speaker
from voice.audio.devices.portaudio import Kind
from voice.audio.output.playback_buffer import Track
from voice.audio.output.sink import Sink

FILE_RATE = 24_000
"""Hz of files and of standard output: no voice of Piper's or espeak's has more (22 050)."""

Opened = AbstractAsyncContextManager[tuple[Track, Sink]]


def open_sink(settings: Speaker, changed: Callable[[Kind, str, bool], None]) -> Opened:
    """See ``voice.audio.output.speaker.speaker``."""
    from voice.audio.output.device import open_device
    from voice.audio.output.virtual import FilePump, PipePump, Pump, pumping

    if settings.sink == "none":
        return pumping(Pump(Track(FILE_RATE, settings.ahead_s, settings.volume)))
    if settings.sink == "-":
        return pumping(PipePump(Track(FILE_RATE, settings.ahead_s, settings.volume)))
    if settings.sink.lower().endswith(".wav"):
        return pumping(
            FilePump(Track(FILE_RATE, settings.ahead_s, settings.volume), Path(settings.sink).expanduser())
        )
    return open_device(settings, changed)
