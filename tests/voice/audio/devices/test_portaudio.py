"""What is done to PortAudio's streams; the devices themselves are met in tests/surfaces."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from config.errors import DeviceError
from voice.audio.devices import alsa
from voice.audio.devices import portaudio as devices
from voice.audio.devices.c_stderr import quiet
from voice.audio.devices.portaudio import start_stream


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> Any:
    """PortAudio, which notes when it is started anew."""
    calls: list[str] = []
    library = SimpleNamespace(
        _exit_handler=print,
        _terminate=lambda: calls.append("terminate"),
        _initialize=lambda: calls.append("initialize"),
        calls=calls,
    )
    monkeypatch.setattr(devices, "sound_library", lambda: library)
    monkeypatch.setattr(devices, "_hanging", [])
    return library


def test_a_start_that_never_comes_back_is_told_of_and_its_stream_is_left_alone(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "_STARTING_S", 0.05)
    never = threading.Event()
    with pytest.raises(DeviceError, match="was opened, and does not start"):
        start_stream(SimpleNamespace(start=never.wait), "speaker", "headset")
    devices.rescan()  # would close the stream, and with it perhaps the process
    assert library.calls == []
    never.set()


def test_a_start_that_fails_says_so() -> None:
    def start() -> None:
        raise ValueError("no such device")

    with pytest.raises(ValueError, match="no such device"):
        start_stream(SimpleNamespace(start=start), "speaker", "headset")


def test_without_a_hang_devices_are_looked_for_again(library: Any) -> None:
    start_stream(SimpleNamespace(start=lambda: None), "speaker", "headset")
    devices.rescan()
    assert library.calls == ["terminate", "initialize"]


@pytest.mark.parametrize("name", ["no such device", "Card: Codec (hw:31,7)"])
def test_alsa_says_why_it_does_not_give_a_device(name: str) -> None:
    with quiet():
        assert alsa.refusal(name, capture=False, channels=2, rate=48_000) == "No such file or directory"


def test_where_alsa_gives_the_device_there_is_nothing_to_say() -> None:
    with quiet():
        assert alsa.refusal("null", capture=True, channels=1, rate=16_000) == ""
