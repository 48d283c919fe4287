"""Where sound goes: a device, a WAV file, standard output, or nowhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from config.settings import Speaker
from voice.devices import Kind
from voice.reference import Reference
from voice.track import Played, Track

FILE_RATE = 24_000
"""Hz of files and of standard output: no voice of Piper's or espeak's has more (22 050)."""


class Sink(Protocol):
    echoes: bool
    reference: Reference | None
    """What a loudspeaker was given, for who hears its echo; None where nothing sounds."""

    def wake(self) -> None:
        """Sound was put on the track."""

    def check(self) -> None:
        """Raises ``DeviceError`` when nothing can be heard any more."""

    async def revive(self) -> None:
        """Until something can be heard again. Raises ``DeviceError`` where that will never be."""

    def leaving_s(self) -> float:
        """Seconds until the last of the speech that was pulled has been heard; 0: silence."""

    def latency_s(self) -> float:
        """Seconds until the sample that is pulled next will be heard."""

    def settle(self) -> None:
        """The sound up to this moment has been heard."""

    def stop(self) -> list[Played]:
        """Silence; the account of what was heard."""


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
