"""A device that is silent has gone; one that could not be heard since this process was held up has not."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from config.errors import DeviceError
from config.runtime.clean import clean
from config.settings.model import MicrophoneSettings
from voice.audio.devices.portaudio import STALL_S, Device, Heartbeat
from voice.audio.input.microphone import _Capture

pytestmark = pytest.mark.anyio


class Library:
    """As much of the sound library as it takes to open a microphone that does nothing."""

    def InputStream(self, **settings: object) -> dict[str, object]:  # noqa: N802 -- the library's name
        return settings


def capture() -> tuple[_Capture, Heartbeat]:
    opened, heartbeat = _Capture(MicrophoneSettings()), Heartbeat("microphone", "a device")
    opened._make(Library(), Device(0, clean("a device"), 1, 16000, True), heartbeat)
    opened.stream.heartbeat = heartbeat
    return opened, heartbeat


async def test_held_up_for_seconds_it_waits_for_the_sound_that_is_on_its_way() -> None:
    opened, heartbeat = capture()
    heartbeat.beat()
    heartbeat.last -= 5 * STALL_S  # as after a large library was read from a slow disk
    block = np.zeros((320, 1), np.float32)
    threading.Timer(0.05, lambda: opened._callback(heartbeat, block, len(block))).start()
    await opened.wait()
    assert len(opened.take()[0]) == len(block)


async def test_a_device_that_is_silent_then_has_gone_all_the_same() -> None:
    opened, heartbeat = capture()
    heartbeat.beat()
    heartbeat.last -= 5 * STALL_S
    begun = time.monotonic()
    with pytest.raises(DeviceError, match="has gone"):
        await opened.wait()
    assert time.monotonic() - begun >= STALL_S


async def test_one_that_has_said_so_has_gone_at_once() -> None:
    opened, heartbeat = capture()
    heartbeat.beat()
    heartbeat.stop()
    with pytest.raises(DeviceError, match="has gone"):
        await opened.wait()
