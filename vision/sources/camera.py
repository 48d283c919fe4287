"""A camera, or a video file in its place: a frame that is fresh, lit and sharp, as a ``Picture``.

The first frames of a camera are dark, until it has judged the light; the driver's buffer holds frames from
before the question; a hand that moves blurs every other frame. So: wait for the light, drop what waited, take
a few, keep the sharpest.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from config.errors import PictureError, VisionError
from config.runtime.plugins import Factory
from vision.images.open import from_pixels
from vision.images.picture import Picture

if TYPE_CHECKING:
    from av.container import InputContainer

    from vision.sources.registry import SourceOptions

Frame = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""

BURST = 3
"""Frames of which the sharpest is taken: a tenth of a second."""

STEADY = 4
"""Frames alike in brightness after which the light has been judged."""

SETTLE_S = 2.0
"""The longest that is waited for that."""


class Source(Protocol):
    """Where frames come from. Blocking."""

    name: str

    def read(self) -> Frame | None:
        """The next frame; None: there are no more."""

    def skip(self) -> None:
        """Go to the present: drop what has been waiting."""

    def close(self) -> None: ...


class Camera:
    """``frame`` gives a picture each time it is called; ``ended``: there will be no other than the last."""

    def __init__(self, source: Source, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._settled = False
        self._last: Frame | None = None
        self.ended = False

    @property
    def name(self) -> str:
        """As a person would say it: ``camera``, or a file's name."""
        return self._source.name

    def frame(self) -> Picture:
        """What the camera sees now. Blocking: a tenth of a second, the first time up to two seconds.

        Raises ``VisionError`` when it has gone.
        """
        if not self._settled:
            self._settle()
        self._source.skip()
        burst = [frame for _ in range(BURST) if (frame := self._read()) is not None]
        if burst:
            self._last = max(burst, key=sharpness)
        elif self._last is None:
            raise VisionError(f"The {self.name} gives no picture.", todo="Is it covered, or used by another?")
        elif not self.ended:
            raise VisionError(f"The {self.name} has gone.", todo="Connect it again.")
        from PIL import Image

        return from_pixels(Image.fromarray(self._last), self.name)

    def _settle(self) -> None:
        """Until the brightness has stayed the same for a few frames, and there is some."""
        until, seen = self._clock() + SETTLE_S, list[float]()
        for _ in range(300):  # a file's frames come at once; ten seconds of them
            frame = self._read()
            if frame is None or self._clock() > until:
                break
            self._last = frame
            seen = [*seen, float(frame[::8, ::8].mean())][-STEADY:]
            if len(seen) == STEADY and min(seen) > 8 and all(abs(b - a) < 3 for a, b in pairwise(seen)):
                break
        self._settled = True

    def _read(self) -> Frame | None:
        frame = self._source.read()
        self.ended = self.ended or (frame is None and isinstance(self._source, VideoFile))
        return frame


def sharpness(frame: Frame) -> float:
    """Variance of the Laplacian of the grey picture at no more than 640 pixels: higher is sharper."""
    step = max(1, max(frame.shape[:2]) // 640)
    grey = frame[::step, ::step].mean(axis=2)
    centre = grey[1:-1, 1:-1]
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * centre
    return float(laplacian.var())


@contextmanager
def open_camera(source: str = "0", clock: Callable[[], float] = time.monotonic) -> Iterator[Camera]:
    """``source``: a camera's number, or a video file, whose frame due now (by ``clock``) is given as if it
    were being filmed. Opening is blocking, up to a second: call it in a thread. Raises ``VisionError`` or
    ``PictureError``.
    """
    from vision.sources.camera_device import CameraDevice

    frames: Source = CameraDevice(int(source)) if source.isdecimal() else VideoFile(source, clock)
    try:
        yield Camera(frames, clock)
    finally:
        frames.close()


class VideoFile:
    """A video played as if it were being filmed: its time runs from the moment it was opened."""

    def __init__(self, path: str, clock: Callable[[], float]) -> None:
        self.name = os.path.basename(path)
        self._container = _open_video(path, self.name)
        self._frames = self._decoded()
        self._clock = clock
        self._began = clock()
        self._ahead: tuple[float, Frame] | None = None

    def read(self) -> Frame | None:
        if self._ahead:
            (_, frame), self._ahead = self._ahead, None
            return frame
        return next((frame for _, frame in self._frames), None)

    def skip(self) -> None:
        now = self._clock() - self._began
        due = self._ahead
        for at, frame in self._frames:
            due = (at, frame)
            if at >= now:
                break
        self._ahead = due

    def close(self) -> None:
        self._container.close()

    def _decoded(self) -> Iterator[tuple[float, Frame]]:
        """Seconds from the first frame, and the frame; damaged ones are left out."""
        import av

        start: float | None = None
        packets = self._container.demux(self._container.streams.video[0])
        while True:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                for frame in packet.decode():
                    at = float(frame.time or 0.0)
                    start = at if start is None else start
                    yield at - start, frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
            except av.error.InvalidDataError:
                continue
            except (av.error.FFmpegError, OSError):
                return


def _open_video(path: str, name: str) -> InputContainer:
    import av

    from vision.images.files import require_file
    from vision.images.open import MAX_PIXELS

    require_file(path, name)
    try:
        # Only this file: a playlist must not make us fetch anything.
        options = {"protocol_whitelist": "file"}
        container = av.open(f"file:{path}", options=options, metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError, OSError):
        raise PictureError(
            f"{name} is not a video, or it is damaged.", todo="Y4M, MP4, WebM and MKV can be used."
        ) from None
    streams = container.streams.video
    if not streams or streams[0].width * streams[0].height > MAX_PIXELS:
        container.close()
        raise PictureError(f"There is no video in {name} that can be used.", todo="Name another file.")
    return container


def one_frame(camera: str) -> Picture:
    """Opened, looked through, closed. Blocking, two or three seconds."""
    with open_camera(camera) as opened:
        return opened.frame()


def _open(name: str, options: SourceOptions) -> Picture:
    return one_frame(name or options.settings.camera)


CAMERA = Factory(_open, "N", alone=True)
