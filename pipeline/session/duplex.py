"""What of a microphone and a loudspeaker there is, and whether it listens while it speaks."""

from __future__ import annotations

from collections.abc import Callable

from config.errors import DeviceError
from config.settings.model import Settings
from voice.audio.devices.portaudio import has_microphone, has_speaker
from voice.audio.echo.canceller import has_canceller
from voice.audio.input.audio_file import is_recording


def is_device(source: str) -> bool:
    """Whether the microphone is a sound card's, and not a recording or standard input."""
    return source not in ("-", "none") and not is_recording(source)


def is_loudspeaker(sink: str) -> bool:
    """Whether the speaker is a sound card's, and not a file, standard output or none."""
    return sink not in {"-", "none"} and not sink.lower().endswith(".wav")


def settle_edges(settings: Settings, *, typed: bool = False) -> Settings:
    """``auto`` becomes what this machine has; where something is ``typed``, a microphone may be missing.

    Raises ``DeviceError`` when nothing can be listened to.
    """
    if settings.microphone.source == "auto" and not has_microphone():
        if not typed:
            raise DeviceError(
                "There is no microphone on this machine.",
                todo="Type instead: aloud talk --typed. Or talk from a recording: "
                "aloud talk --microphone FILE. Or hear the sample: aloud",
            )
        settings = settings.replaced(microphone=settings.microphone.replaced(source="none"))
    return settle_speaker(settings)


def settle_speaker(settings: Settings) -> Settings:
    """Without a loudspeaker ``auto`` is ``none``: the answer is shown, and what answers speech is timed as if
    it were heard.
    """
    if settings.speaker.sink == "auto" and not has_speaker():
        return settings.replaced(speaker=settings.speaker.replaced(sink="none"))
    return settings


def cancels_echo(settings: Settings, echoes: bool) -> bool:
    """Whether the microphone hears the loudspeaker (it ``echoes``), and that is taken out."""
    wanted = settings.echo.enabled == "on" or (settings.echo.enabled == "auto" and has_canceller())
    heard = echoes and is_device(settings.microphone.source)
    return wanted and heard and settings.interrupt.enabled != "off"


def full_duplex(settings: Settings, echoes: bool) -> bool:
    """Whether it listens while it speaks. With headphones say ``interrupt.enabled = on``."""
    if settings.interrupt.enabled != "auto":
        return settings.interrupt.enabled == "on"
    return not (echoes and is_device(settings.microphone.source)) or cancels_echo(settings, echoes)


def deafness(
    settings: Settings, speaking: Callable[[], bool], echoes: bool, now: Callable[[], float]
) -> Callable[[], bool]:
    """When the microphone must not be believed: while a loudspeaker whose echo it would hear is speaking, and
    a moment after.
    """
    if full_duplex(settings, echoes):
        return lambda: False
    until = 0.0

    def deaf() -> bool:
        nonlocal until
        if speaking():
            until = now() + settings.interrupt.tail_ms / 1000
        return now() < until

    return deaf
