"""What microphones and speakers this machine has, and how to find one by name.

PortAudio (by ``sounddevice``) is loaded on first use. A machine without it, or without any sound, gives empty
lists and a reason; nothing is printed.
"""

from __future__ import annotations

import atexit
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any, Literal

from config.errors import DeviceError
from config.runtime.clean import CleanText, clean_line
from config.runtime.installation import system_line
from config.system.priority import prompt
from voice.audio.devices import alsa
from voice.audio.devices.c_stderr import quiet
from voice.audio.devices.pulse import keep_within

Kind = Literal["microphone", "speaker"]

STALL_S = 0.6
"""Seconds without a callback after which a device has gone; blocks come every 20 ms. A stream whose server
dies says so by itself, within about 20 ms with PulseAudio 16; one whose source is suspended never does."""

_LATE_S = 0.05
"""A look at a device that comes so much after its time says more of this process than of the device."""

_OPENING_S = 2.0
"""Seconds more for the first callback: 1.5 s were seen with a PulseAudio null sink that renders ahead."""

BLOCK_S = 0.02
"""A device's block. With a busy Python thread beside it it broke 5 times in 8 s at 10 ms, at 20 ms once."""

_STARTING_S = 4.0
"""A start that takes longer hangs (``voice.audio.devices.alsa``); it takes milliseconds, PortAudio's own
bound is 1 s.
"""

_NO_PORTAUDIO = "PortAudio, which reaches microphones and speakers, is not installed."
_DIRECTIONS = {"microphone": ("input", 0), "speaker": ("output", 1)}


@dataclass(frozen=True, slots=True)
class Device:
    index: int
    name: CleanText
    channels: int
    rate: int
    """Hz: the device's own; PortAudio refuses most others."""
    is_default: bool


def sound_library() -> Any:
    """The module ``sounddevice``. Raises ``DeviceError`` without PortAudio."""
    if "sounddevice" not in sys.modules:
        keep_within()
    try:
        with quiet():
            import sounddevice
    except OSError:
        raise DeviceError(_NO_PORTAUDIO, todo=f"Install it: {system_line('libportaudio2')}") from None
    except Exception as error:  # sounddevice.PortAudioError: the class itself could not be imported
        raise DeviceError(f"The sound system did not start: {error}.", todo="See: aloud doctor") from None
    return sounddevice


def _list(kind: Kind) -> list[Device]:
    library = sound_library()
    if not len(library.query_devices()):
        # With no devices there is no open stream.
        with quiet():
            rescan()
    direction, side = _DIRECTIONS[kind]
    default = library.default.device[side]
    return [
        Device(
            index, clean_line(about["name"]), about[f"max_{direction}_channels"],
            int(about["default_samplerate"]), index == default,
        )
        for index, about in enumerate(library.query_devices())
        if about[f"max_{direction}_channels"] > 0
    ]  # fmt: skip


def rescan() -> None:
    """PortAudio looks for devices only once: begin again. Every stream must be closed.

    Does nothing once a stream hangs (``start_stream``): it cannot be closed.
    """
    library = sound_library()
    if _hanging:
        return
    library._terminate()
    library._initialize()


def microphones() -> list[Device]:
    """Empty when there is none, or no PortAudio: ``why_none`` tells which."""
    try:
        return _list("microphone")
    except DeviceError:
        return []


def speakers() -> list[Device]:
    """Empty when there is none, or no PortAudio: ``why_none`` tells which."""
    try:
        return _list("speaker")
    except DeviceError:
        return []


def why_none() -> str:
    """Why there is no sound here at all, in a sentence; empty when there is some."""
    try:
        sound = _list("microphone") or _list("speaker")
    except DeviceError as error:
        return error.failed
    return "" if sound else "No sound card and no sound server was found."


def has_microphone() -> bool:
    return bool(microphones())


def has_speaker() -> bool:
    return bool(speakers())


def find(kind: Kind, wanted: str) -> Device:
    """The device called ``wanted``: ``auto``, an index, a name, or a part of one name (case is ignored).

    Raises ``DeviceError`` without PortAudio, without devices, for a name that fits none or several.
    """
    devices = _list(kind)
    if not devices:
        instead = "--microphone FILE" if kind == "microphone" else "--speaker answer.wav"
        raise DeviceError(f"There is no {kind} on this machine.", todo=f"Use a file instead: {instead}")
    if wanted == "auto":
        return next((device for device in devices if device.is_default), devices[0])
    name = wanted.casefold()
    exact = [d for d in devices if str(d.index) == wanted or d.name.casefold() == name]
    fitting = exact or [d for d in devices if name in d.name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(f"{d.index} {d.name}" for d in fitting or devices)
    if fitting:
        raise DeviceError(
            f"{len(fitting)} {kind}s are called “{wanted}”: {listed}.",
            todo=f"Choose by number: --{kind} INDEX",
        )
    raise DeviceError(
        f"There is no {kind} called “{wanted}”. There are: {listed}.", todo=f"Choose one: --{kind} NAME"
    )


def refused(kind: Kind, name: str, error: Exception) -> DeviceError:
    """What PortAudio's refusal to open a device means."""
    reason = str(error)
    if "unavailable" in reason or "-9985" in reason or "busy" in reason.casefold():
        return DeviceError(
            f"The {kind} “{name}” is in use by another program.",
            todo=f"Close that program, or choose another: --{kind} NAME",
        )
    return DeviceError(
        f"The {kind} “{name}” could not be opened ({reason.strip()}).",
        todo=f"Is it plugged in? Choose another: --{kind} NAME, and see: aloud doctor",
    )


class Heartbeat:
    """Whether a stream's callbacks still come. ``beat`` from the callback, ``stop`` when it has finished."""

    def __init__(self, kind: Kind, name: str) -> None:
        self._kind = kind
        self._name = name
        self._stopped = self._began = False
        self.last = time.monotonic()
        """When the last callback came (``time.monotonic``)."""

    def start(self) -> None:
        """The stream is about to start: the first callback may take ``_OPENING_S`` longer."""
        self.last = time.monotonic() + _OPENING_S

    def beat(self) -> None:
        if not self._began:
            prompt()  # the sound card's thread: sound breaks up when it is late
        self.last = time.monotonic()
        self._began = True

    def stop(self) -> None:
        self._stopped = True

    def watched(self) -> None:
        """To be told by who waits for a beat. Where that is late, this whole process was kept from working,
        its callbacks too: no fault of the device, which has its time once more.
        """
        if self.left_s < -_LATE_S:
            self.last = time.monotonic()

    @property
    def left_s(self) -> float:
        """Seconds until silence means that the device has gone."""
        return self.last + STALL_S - time.monotonic()

    @property
    def alive(self) -> bool:
        return not self._stopped and self.left_s > 0

    @property
    def began(self) -> bool:
        """It has called at least once: an open stream of a suspended device never does."""
        return self._began

    def check(self) -> None:
        """Raises ``DeviceError`` when the device has gone."""
        if self.alive:
            return
        if self._began:
            failed = (
                f"The {self._kind} “{self._name}” has gone: it was unplugged, or its sound server stopped."
            )
            raise DeviceError(failed, todo="Plug it in again, then start again.")
        failed = f"The {self._kind} “{self._name}” was opened, but it does not run."
        raise DeviceError(failed, todo=f"Choose another: --{self._kind} NAME, and see: aloud doctor")


def check_openable(kind: Kind, device: Device) -> None:
    """Blocking. Raises ``DeviceError`` when the system does not give the device. See
    ``voice.audio.devices.alsa``.
    """
    library = sound_library()
    system = library.query_hostapis(library.query_devices(device.index)["hostapi"])["name"]
    if system != "ALSA":
        return
    channels = min(device.channels, 2)
    with quiet():
        why = alsa.refusal(device.name, capture=kind == "microphone", channels=channels, rate=device.rate)
    if why:
        raise refused(kind, device.name, OSError(why))


_hanging: list[Any] = []
"""Streams whose start never came back. They are kept as they are: to close one could crash the process."""


def start_stream(stream: Any, kind: Kind, name: str) -> None:
    """Blocking, but not for ever. Raises ``DeviceError``, and what ``stream.start`` raises."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            stream.start()
        except Exception as error:
            failures.append(error)

    starting = threading.Thread(target=start, daemon=True)
    with quiet():
        starting.start()
        starting.join(_STARTING_S)
    if starting.is_alive():
        _hanging.append(stream)
        atexit.unregister(sound_library()._exit_handler)  # it would close it
        raise DeviceError(
            f"The {kind} “{name}” was opened, and does not start.",
            todo=f"Choose another: --{kind} NAME, and see: aloud doctor",
        )
    if failures:
        raise failures[0]


def close_stream(stream: Any) -> None:
    """Blocking; one whose device has gone is given two seconds."""

    closing = threading.Thread(target=stream.close, kwargs={"ignore_errors": True}, daemon=True)
    with quiet():
        closing.start()
        closing.join(2.0)
