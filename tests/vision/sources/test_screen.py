"""The screen and its windows, on a real X server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from config.errors import UsageError, VisionError
from vision.sources.screen import take_screen

RED = (255, 0, 0)


@pytest.fixture
def red_window(display: str) -> Iterator[None]:
    """A terminal of about 300 × 200 pixels, all red, titled ``Red letter``."""
    place = ["-geometry", "48x15+100+50", "-bg", "red", "-fg", "red", "-cr", "red", "-bw", "0", "+sb"]
    window = subprocess.Popen(["xterm", *place, "-T", "Red letter", "-e", "sleep", "60"])
    until = time.monotonic() + 10
    while share(take_screen().image) == 0 and time.monotonic() < until:
        time.sleep(0.05)
    yield
    window.kill()
    window.wait()


def share(image: Image.Image) -> float:
    return float((np.asarray(image) == RED).all(axis=2).mean())


@pytest.mark.usefixtures("red_window")
def test_the_whole_a_part_and_a_window() -> None:
    whole = take_screen()
    assert (whole.source, whole.image.size) == ("screen", (800, 600))
    assert 0.05 < share(whole.image) < 0.5
    assert share(take_screen("120,60,100,80").image) == 1.0
    assert share(take_screen("0,0,90,40").image) == 0.0
    window = take_screen("window:red LETTER".replace("red LETTER", "Red letter"))
    assert share(window.image) > 0.95
    assert window.image.width < 500
    with pytest.raises(VisionError, match="No window has “Blue letter”"):
        take_screen("window:Blue letter")
    with pytest.raises(VisionError, match=r"no monitor 7: .*one monitor"):
        take_screen("7")
    with pytest.raises(VisionError, match="outside"):
        take_screen("900,0,10,10")


def test_what_cannot_be_taken_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="--screen does not know 'left'"):
        take_screen("left")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(VisionError, match="no screen in this session"):
        take_screen()
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(VisionError, match="could not be taken"):
        take_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(VisionError, match="grim, which is not installed") as caught:
        take_screen()
    assert "Install it: grim" in caught.value.todo
