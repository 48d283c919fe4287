"""Which microphone and which loudspeaker: by name, the default unless one is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aloud.cli.setup.dialogue import Choice, Dialogue
from aloud.cli.setup.options import Question
from config.runtime.installation import system_line
from voice.audio.devices.portaudio import Device, Kind, find, why_none

_OFFERED = 12
"""Of a machine with more, the others by name."""


@dataclass(frozen=True, slots=True)
class ChosenDevice:
    """``spec``: what the setting is to be, "" where it is to stay. ``device`` None: there is none."""

    spec: str
    device: Device | None


def choose_device(
    kind: Kind, devices: Sequence[Device], now: str, wanted: str, ask: tuple[Question, Dialogue] | None = None
) -> ChosenDevice:
    """``now``: as it is set; ``wanted``: as it was asked for, "" where nobody said; ``ask``: who may
    be asked.

    Raises ``DeviceError`` for a name that fits none or several.
    """
    spec = wanted
    if not wanted and ask and ask[1].asks and len(devices) > 1:
        spec = _asked(kind, devices, now, *ask)
    settled = spec or now
    if settled == "none" or (not devices and spec in ("", "auto")):
        return ChosenDevice(spec, None)
    return ChosenDevice(spec, find(kind, settled))


def _asked(kind: Kind, devices: Sequence[Device], now: str, question: Question, dialogue: Dialogue) -> str:
    names = Counter[str](device.name for device in devices)
    first = sorted(devices, key=lambda device: not device.is_default)[:_OFFERED]
    choices = [Choice(_value(device, names), _told(device)) for device in first]
    choices.append(Choice("none", "none: you type" if kind == "microphone" else "none: answers are written"))
    if all(choice.value != now for choice in choices):
        choices.insert(0, Choice(now, f"{now}: as it is set now"))
    other = f"Which {called(kind)}?"
    value, typed = dialogue.choose(question, choices, now, other, lambda name: find(kind, name).name)
    return value if typed else ""


def _value(device: Device, names: Counter[str]) -> str:
    """The default stays it; any other by its name, since numbers change when something is plugged in; of two
    with one name by its number.
    """
    if device.is_default:
        return "auto"
    return device.name if names[device.name] == 1 else str(device.index)


def _told(device: Device) -> str:
    default = ", the default of this machine" if device.is_default else ""
    return f"{device.name}: {device.rate / 1000:g} kHz{default}"


def called(kind: Kind) -> str:
    return "loudspeaker" if kind == "speaker" else kind


def none_here(kind: Kind) -> str:
    """Why there is none, and what follows from that."""
    why = why_none()
    install = f" To reach one: {system_line('libportaudio2')}" if "PortAudio" in why else ""
    follows = "you can type, and talk from recordings" if kind == "microphone" else "answers are written"
    because = f" ({why.rstrip('.')})" if why else ""
    return f"There is no {called(kind)} here{because}: {follows}.{install}"
