"""What counts as a change before a camera: timelines of thumbnails with grain, ten a second."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from vision.images.open import from_pixels
from vision.watch.change_detector import BLOCK, COLUMNS, ROWS, Change, Grey, Watcher, thumbnail

SHAPE = (ROWS * BLOCK, COLUMNS * BLOCK)
FPS = 10


def street() -> Grey:
    """Blocks of light and dark, as a street has."""
    blocks = np.random.default_rng(3).integers(40, 200, (9, 12))
    return np.kron(blocks, np.ones((8, 8))).astype(np.uint8)


def bus(left: int, width: int = 30, top: int = 30, height: int = 24) -> Grey:
    scene = street()
    scene[top : top + height, max(0, left) : max(0, left + width)] = 230
    return scene


def film(seconds: float, scene: Callable[[float], Grey], grain: float = 3.0) -> list[Change]:
    """What is told of a scene, in order."""
    watcher, rng, told = Watcher(), np.random.default_rng(1), []
    for number in range(round(seconds * FPS)):
        at = number / FPS
        frame = np.clip(scene(at) + rng.normal(0, grain, SHAPE), 0, 255).astype(np.uint8)
        if change := watcher.push(frame, at):
            told.append(change)
    if last := watcher.flush():
        told.append(last)
    return told


def test_an_unchanged_scene_is_told_of_once() -> None:
    (first,) = film(20, lambda at: street())
    assert first.first
    assert first.at == pytest.approx(0.5, abs=0.11)


@pytest.mark.parametrize("grain", [0.0, 2.0, 8.0])
def test_a_bus_that_comes_is_told_of_when_it_stands(grain: float) -> None:
    first, came = film(12, lambda at: bus(round(min(40, -40 + 40 * (at - 5)))) if at > 5 else street(), grain)
    assert first.first
    assert 7.0 <= came.at <= 7.7
    assert came.began == pytest.approx(5.3, abs=0.5)
    left, _, right, _ = came.box
    assert left <= 40 / 96 <= right
    assert 0.04 < came.share < 0.25


def test_a_bird_that_flies_by_is_let_pass() -> None:
    assert len(film(12, lambda at: bus(round(60 * (at - 5)), 10, 20, 8) if 5 < at < 6 else street())) == 1


def test_what_goes_away_again_is_told_of_twice() -> None:
    told = film(15, lambda at: bus(40) if 4 < at < 9 else street())
    assert [change.at for change in told] == pytest.approx([0.5, 4.6, 9.5], abs=0.2)


def test_a_crowd_that_is_never_still_is_told_of_in_time() -> None:
    told = film(8, lambda at: bus(round(20 + 20 * np.sin(9 * at))) if at > 3 else street())
    assert told[1].at == pytest.approx(5.2, abs=0.3)
    assert len(told) <= 4


def test_a_cloud_and_the_evening_are_no_changes() -> None:
    assert len(film(10, lambda at: (street() * (0.7 if at > 5 else 1.0) + 10).astype(np.uint8), 1.0)) <= 2
    dusk = film(30, lambda at: np.clip(street().astype(int) - round(2 * at), 0, 255).astype(np.uint8))
    assert len(dusk) == 1


def test_a_film_that_ends_in_a_change_tells_of_it() -> None:
    assert [change.first for change in film(5.3, lambda at: bus(40) if at >= 5 else street())] == [
        True,
        False,
    ]
    assert Watcher().flush() is None


def test_thumbnails_are_of_any_picture() -> None:
    for size in ((1920, 1080), (3, 2), (96, 72)):
        assert thumbnail(from_pixels(Image.new("RGB", size, "teal"), "x")).shape == SHAPE
