"""The protocol of what sound goes to: a device, a WAV file, standard output, or nothing."""

from __future__ import annotations

from typing import Protocol

from voice.audio.echo.reference import Reference
from voice.audio.output.playback_buffer import Played


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
