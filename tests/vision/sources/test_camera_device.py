"""A real input of libavdevice in a camera's place: it needs no device, and comes in its own time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest

from config.errors import VisionError
from vision.sources.camera import open_camera
from vision.sources.camera_device import Film, Frame, Frames, by_libav

PATTERN = "testsrc=size=640x360:rate=25,realtime"


def filmed(pattern: str = PATTERN) -> Film:
    return Film(lambda: by_libav(pattern, "lavfi", {}))


def test_frames_come_one_after_the_other_in_red_green_and_blue() -> None:
    film = filmed("color=c=red:size=64x48:rate=25")
    try:
        assert film.begun()
        frame = film.next()
        assert frame is not None
        assert frame.shape == (48, 64, 3)
        assert (frame[..., 0] > 240).all()
        assert (frame[..., 1:] < 15).all()
        assert film.next() is not None
    finally:
        film.close()


def test_what_is_read_is_of_now_however_long_nobody_looked() -> None:
    """The pattern counts its seconds: frames that waited are dropped."""
    gate, numbers = threading.Semaphore(0), []

    def frames() -> Frames:
        for number in range(100):
            numbers.append(number)
            yield lambda number=number: np.full((2, 2, 3), number, np.uint8)  # type: ignore[misc]
            gate.acquire()

    film = Film(frames)
    assert film.begun()
    for _ in range(20):
        gate.release()
    while len(numbers) < 21:
        threading.Event().wait(0.001)
    film.skip()
    gate.release()
    frame = film.next()
    assert frame is not None
    assert frame[0, 0, 0] >= 20
    gate.release(90)
    film.close()


def test_a_source_that_ends_gives_its_last_frames_and_then_none() -> None:
    film = filmed("testsrc=size=64x48:rate=25:duration=0.08")
    assert film.begun()
    assert film.next() is not None
    assert film.next() is not None
    assert film.next() is None
    film.close()


def test_a_closed_film_lets_its_source_go() -> None:
    ended: list[str] = []

    def frames() -> Frames:
        try:
            while True:
                yield _black
        finally:
            ended.append("let go")

    film = Film(frames)
    assert film.begun()
    film.close()
    assert ended == ["let go"]


def _black() -> Frame:
    return np.zeros((2, 2, 3), np.uint8)


@pytest.mark.parametrize(
    "make", [lambda: by_libav("/dev/none", "v4l2", {}), lambda: by_libav("", "none", {})]
)
def test_what_cannot_be_opened_gives_no_frame(make: Callable[[], Frames]) -> None:
    film = Film(make)
    assert not film.begun()
    assert film.next() is None
    film.close()


def test_a_camera_that_is_not_there_is_told_of_with_what_to_do() -> None:
    with pytest.raises(VisionError, match="no camera 97") as told, open_camera("97"):
        pass
    assert told.value.todo == "Connect it, or choose another: --camera 1"
