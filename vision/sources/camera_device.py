"""A camera of this machine: V4L2 by PyAV on Linux, elsewhere AVFoundation or Media Foundation by OpenCV.

A thread takes the frames as they come, so that none is older than its way here; a camera that hangs holds up
nobody for longer than ``DELAY_S``.
"""

from __future__ import annotations

import platform
import threading
from collections import deque
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.errors import VisionError

Frame = NDArray[np.uint8]
"""RGB, shape (height, width, 3)."""

Frames = Generator[Callable[[], Frame], None, None]
"""Each a function that gives its pixels: those that are dropped are not converted."""

DELAY_S = 10.0
"""For a frame. A camera that wakes up takes a second or two for its first."""

CLOSING_S = 2.0
"""For the thread to end; one that hangs in the driver is left behind."""

SIZE = (1920, 1080)
"""Asked for; a camera that has no such size gives its nearest."""


class CameraDevice:
    """``read`` waits for the next frame. Opening is blocking, up to a second. Raises ``VisionError``."""

    def __init__(self, number: int) -> None:
        self.name = "camera" if number == 0 else f"camera {number}"
        self._film = Film(lambda: _frames(number))
        if not self._film.begun():
            self.close()
            raise VisionError(
                f"There is no camera {number} on this machine, or another program is using it.",
                todo="Connect it, or choose another: --camera 1",
            )

    def read(self) -> Frame | None:
        return self._film.next()

    def skip(self) -> None:
        """What has been waiting is dropped."""
        self._film.skip()

    def close(self) -> None:
        self._film.close()


class Film:
    """Frames of a source that comes in its own time; the newest few wait. ``frames`` runs in a thread."""

    def __init__(self, frames: Callable[[], Frames]) -> None:
        self._frames = frames
        self._changed = threading.Condition()
        self._waiting: deque[Callable[[], Frame]] = deque(maxlen=4)
        self._came = self._ended = self._closing = False
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    def begun(self) -> bool:
        """Whether a frame came, in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._came or self._ended, DELAY_S)
            return self._came

    def next(self) -> Frame | None:
        """The oldest that waits, or the next; None: the source has ended, or none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._ended, DELAY_S)
            made = self._waiting.popleft() if self._waiting else None
        return made() if made else None

    def skip(self) -> None:
        with self._changed:
            self._waiting.clear()

    def close(self) -> None:
        """The thread ends with the frame that it waits for, and lets the device go."""
        with self._changed:
            self._closing = True
        self._thread.join(CLOSING_S)

    def _run(self) -> None:
        try:
            with closing(self._frames()) as frames:
                for made in frames:
                    with self._changed:
                        self._waiting.append(made)
                        self._came = True
                        self._changed.notify_all()
                        if self._closing:
                            break
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()


def _frames(number: int) -> Frames:
    if platform.system() == "Linux":
        width, height = SIZE
        return by_libav(f"/dev/video{number}", "v4l2", {"video_size": f"{width}x{height}"})
    return _by_opencv(number)


def by_libav(device: str, kind: str, options: dict[str, str]) -> Frames:
    """Frames of an input of libavdevice; none, and no more, when it cannot be opened or breaks off."""
    import av

    try:
        with av.open(device, format=kind, options=options) as container:
            for frame in container.decode(video=0):
                yield lambda frame=frame: frame.to_ndarray(format="rgb24")  # type: ignore[misc]
    except (av.error.FFmpegError, OSError, ValueError):
        return


def _by_opencv(number: int) -> Frames:
    import cv2

    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    capture: Any = cv2.VideoCapture(number)
    try:
        for side, length in zip((cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT), SIZE, strict=True):
            capture.set(side, length)
        while True:
            there, frame = capture.read()
            if not there:
                return
            yield lambda frame=frame: np.ascontiguousarray(frame[:, :, ::-1])  # type: ignore[misc]
    finally:
        capture.release()
