"""A camera, played from a film: lit, fresh, sharp."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from config.errors import PictureError, VisionError
from tests.vision.samples import film
from vision.sources.camera import open_camera, sharpness

GRAIN = np.random.default_rng(1).integers(60, 200, (240, 320, 3)).astype(np.uint8)


def growing_bar(number: int) -> NDArray[np.uint8]:
    """Dark at first, as a camera is; then a red bar that grows by five pixels a frame."""
    frame = (GRAIN * min(1.0, number / 5)).astype(np.uint8)
    frame[:, : number * 5] = (255, 0, 0)
    return frame


def bar(image: Image.Image) -> int:
    row = np.asarray(image)[120]
    return int(((row[:, 0] > 200) & (row[:, 1] < 60)).sum())


def test_a_frame_is_lit_and_of_now(tmp_path: Path) -> None:
    now = 0.0
    path = film(tmp_path / "bar.y4m", growing_bar, 50)
    with open_camera(str(path), lambda: now) as camera:
        first = camera.frame()
        assert first.source == "bar.y4m"
        assert np.asarray(first.image).mean() > 100
        for now in (2.0, 3.0, 4.0):
            assert bar(camera.frame().image) == pytest.approx(now * 10 * 5, abs=12)
        assert not camera.ended
        now = 20.0
        last = camera.frame()
        assert camera.ended
        assert bar(last.image) == pytest.approx(245, abs=4)


def test_of_a_few_frames_the_sharpest_is_taken(tmp_path: Path) -> None:
    def moving(number: int) -> NDArray[np.uint8]:
        image = Image.fromarray(GRAIN)
        return np.asarray(image if number % 3 == 1 else image.filter(ImageFilter.GaussianBlur(3)))

    times = iter(np.arange(0, 3.5, 0.25))
    with open_camera(str(film(tmp_path / "hand.y4m", moving, 40)), lambda: float(next(times))) as camera:
        for _ in range(3):
            assert sharpness(np.asarray(camera.frame().image)) > 0.5 * sharpness(GRAIN)


def test_a_room_that_stays_dark_is_still_shown(tmp_path: Path) -> None:
    path = film(tmp_path / "night.y4m", lambda number: np.zeros((240, 320, 3), np.uint8), 30)
    with open_camera(str(path), lambda: 0.0) as camera:
        assert np.asarray(camera.frame().image).max() < 30


def test_no_such_camera_and_no_such_film_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(VisionError, match="There is no camera 41"), open_camera("41"):
        pass
    text = tmp_path / "film.mp4"
    text.write_text("#EXTM3U\nhttp://127.0.0.1:9/x.ts\n")
    for name in (str(text), str(tmp_path), str(tmp_path / "none.mp4")):
        with pytest.raises(PictureError), open_camera(name):
            pass
