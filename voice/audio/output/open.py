"""Opens what ``speaker.sink`` names: a device, a WAV file, standard output, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from config.runtime.clean import CleanText
from config.settings.model import SpeakerSettings
from voice.audio.devices.portaudio import Kind
from voice.audio.output.playback_buffer import PlaybackBuffer
from voice.audio.output.sink import Sink

FILE_RATE = 24_000
"""Hz of files and of standard output: no voice of Piper's or espeak's has more (22 050)."""

Opened = AbstractAsyncContextManager[tuple[PlaybackBuffer, Sink]]


def open_sink(settings: SpeakerSettings, changed: Callable[[Kind, CleanText, bool], None]) -> Opened:
    """See ``voice.audio.output.speaker.speaker``."""
    from voice.audio.output.device import open_device
    from voice.audio.output.virtual import VirtualFileSink, VirtualPipeSink, VirtualSink, open_virtual_sink

    if settings.sink == "none":
        return open_virtual_sink(VirtualSink(PlaybackBuffer(FILE_RATE, settings.ahead_s, settings.volume)))
    if settings.sink == "-":
        return open_virtual_sink(
            VirtualPipeSink(PlaybackBuffer(FILE_RATE, settings.ahead_s, settings.volume))
        )
    if settings.sink.lower().endswith(".wav"):
        return open_virtual_sink(
            VirtualFileSink(
                PlaybackBuffer(FILE_RATE, settings.ahead_s, settings.volume), Path(settings.sink).expanduser()
            )
        )
    return open_device(settings, changed)
