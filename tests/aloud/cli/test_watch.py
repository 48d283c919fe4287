"""``aloud describe --live`` on a film, as a person types it: with the real reader, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont


def board(text: str) -> Image.Image:
    image = Image.new("RGB", (480, 320), "#202428")
    ImageDraw.Draw(image).text((60, 120), text, "#ffd040", ImageFont.load_default(40))
    return image


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board that says "Gate 12" from the fourth second on; 7 s at 15 frames a second."""
    path = tmp_path_factory.mktemp("film") / "board.mkv"
    frames = [board("Please wait")] * 60 + [board("Gate 12 open")] * 45
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=15)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 480, 320, "yuv420p", 2_000_000
        for image in [*frames, None]:
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24") if image else None
            for packet in stream.encode(frame):
                out.mux(packet)
    return path


def test_text_that_was_waited_for_is_told_of(aloud: Callable[..., Any], film: Path) -> None:
    done = aloud(
        "describe", "--camera", str(film), "--live", "--fast", "--json", "--llm", "skills",
        "--speaker", "none", "--ask", "tell me when it says gate 12",
    )  # fmt: skip
    assert done.status == 0, done.err
    (noticed,) = done.of("noticed")
    assert noticed["text"] == "There it is in the middle: “Gate 12 open”."
    assert noticed["by"] == "measurement"
    assert noticed["at"] > 3.5


def test_what_no_measurement_can_tell_is_said_at_the_beginning(aloud: Callable[..., Any], film: Path) -> None:
    done = aloud(
        "describe", "--camera", str(film), "--live", "--fast", "--llm", "skills", "--speaker", "none",
        "--language", "de", "--ask", "sag mir, wenn der Bus kommt",
    )  # fmt: skip
    assert done.status == 0
    assert "kein Modell, das sehen kann, ist verbunden" in done.err
    assert done.out == "Jetzt steht in der Mitte Text da: „Gate 12 open“.\n"


def test_only_one_camera_or_screen_can_be_watched(aloud: Callable[..., Any], film: Path) -> None:
    done = aloud("describe", str(film), "--live")
    assert done.status == 2
    assert "--live watches one camera or the screen" in done.err
