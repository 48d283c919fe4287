"""What FFmpeg (by PyAV) makes of a file: an allow-list of containers, this file alone, bounds on its work.

It is given the opened file and not its name, so that no name means a device, a filter or another protocol,
and no list of files (M3U, HLS, DASH, concat) leads to another.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from config.errors import RecordingError
from voice.audio.input.downmix import WEIGHTS, Channels
from voice.audio.input.mp4_index import too_long

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

READABLE = "WAV, FLAC, MP3, OGG, M4A and WebM can be read."
_CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dss,eac3,flac,flv,g722,gsm,ircam,matroska,mov,mp3,mpeg,"
    "mpegts,nistsphere,ogg,qcp,sln,sox,tta,voc,w64,wav,wv"
)
"""What sound comes in. Not among them is whatever names other files, devices, or is drawn."""
_OPTIONS = {
    "format_whitelist": _CONTAINERS,
    "protocol_whitelist": "none",
    "probesize": "5000000",
    "analyzeduration": "5000000",
    "ignore_chapters": "1",
}
_AGAIN = "Try to play it; record it again."
OPENING_S = 10.0
"""Seconds of the processor to open a file, and between two stretches of its sound."""
_STILL_S = 60.0
"""Seconds for the same on the wall's clock: a disk may be slow."""
_FAILURES = 1000
"""So many damaged packets one after the other, and no whole one follows."""
RATES = (1_000, 1_000_000)
"""Hz. Below the first there is no voice; above the second there is no converter."""


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"BM", b"II*\0", b"MM\0*")
_LIST = re.compile(
    rb"(\xef\xbb\xbf)?\s*(#EXTM3U|\[playlist\]|ffconcat |file '|(REM|FILE) .*\n|"
    rb"<\?xml[^>]*>\s*<(MPD|playlist)|<MPD)",
    re.IGNORECASE,
)
_LINE = 4096
"""Bytes of a file's beginning that tell what it is."""


_WIDE = ("s64", "s64p")
_WHOLE_NUMBERS = (2.0**31, 2.0**15)
_LOUDEST = 4.0
"""What half of the samples of a float recording cannot be above, however far it was turned up."""
_NEXT_TO_NOTHING = 1e-6


class _Opened:
    """The file as FFmpeg reads it. ``name`` is what some formats are told by: its ending."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self.name = name
        self._until: float | None = None

    def limit(self) -> None:
        """From now on ``OPENING_S`` of this thread's work."""
        self._until = time.thread_time() + OPENING_S

    def read(self, size: int) -> bytes:
        if self._until is not None and time.thread_time() > self._until:
            raise TimeoutError
        return self._file.read(size) or b""  # None where it would have to wait

    def seek(self, to: int, whence: int = 0) -> int:
        return self._file.seek(to, whence)

    def tell(self) -> int:
        return self._file.tell()


@contextmanager
def opened(file: IO[bytes], name: str) -> Iterator[Iterator[tuple[int, list[str], Channels]]]:
    """The sound in ``file``: stretches of at most a second as their rate (Hz), the names of their channels,
    and what is in them. ``name`` is the file's, for the sentences.

    Raises ``RecordingError`` for what is no recording, or none of a voice.
    """
    import av

    if too_long(file):
        raise RecordingError(f"{name} says that it holds more than a recording can.", todo=_AGAIN)
    given = _Opened(file, name)
    given.limit()
    try:
        container: InputContainer = av.open(
            given, "r", options=_OPTIONS, metadata_errors="ignore", timeout=(_STILL_S, _STILL_S)
        )
    except (av.error.FFmpegError, ValueError, OSError, MemoryError):
        raise _other(file, name) from None
    with container:
        if not container.streams.audio:
            raise RecordingError(f"There is no sound in {name}.", todo=READABLE)
        yield _stretches(container, given, name)


def _other(file: IO[bytes], name: str) -> RecordingError:
    """What is wrong with a file that no container fits, as far as its first bytes tell."""
    file.seek(0)
    beginning = file.read(_LINE) or b""
    if beginning.startswith(_PICTURES):
        return RecordingError(f"There is no sound in {name}.", todo=READABLE)
    if _LIST.match(beginning):
        return RecordingError(f"{name} is a list of recordings.", todo="Name those in it, one by one.")
    return RecordingError(f"{name} is not a recording, or is damaged at its beginning.", todo=READABLE)


def _stretches(
    container: InputContainer, given: _Opened, name: str
) -> Iterator[tuple[int, list[str], Channels]]:
    heard, scale = False, _Scale()
    for frame in _frames(container, given):
        if not RATES[0] <= frame.sample_rate <= RATES[1]:
            if heard:
                continue
            raise RecordingError(
                f"{name} has {frame.sample_rate} samples a second; a voice has {RATES[0]} to {RATES[1]}.",
                todo="Record it again, or convert it: 16000 a second are enough.",
            )
        heard = True
        channels = [channel.name for channel in frame.layout.channels]
        sound = scale.floats(_numbers(frame, len(channels)))
        for at in range(0, sound.shape[1], frame.sample_rate):
            yield frame.sample_rate, channels, sound[:, at : at + frame.sample_rate]


def _frames(container: InputContainer, given: _Opened) -> Iterator[av.AudioFrame]:
    """Every frame that can be decoded, until one takes too long."""
    import av

    packets = container.demux(container.streams.audio[0])
    failures = 0
    while failures < _FAILURES:
        given.limit()
        try:
            packet = next(packets, None)
            if packet is None:
                return
            frames = packet.decode()
        except av.error.InvalidDataError:
            failures += 1  # a damaged packet; the next may be whole
            continue
        except (av.error.FFmpegError, OSError, ValueError, MemoryError):
            return  # the file breaks off here
        failures = 0 if frames else failures
        yield from frames


def _numbers(frame: av.AudioFrame, channels: int) -> np.ndarray[Any, Any]:
    """As they are in the frame, shape (channels, n)."""
    if frame.format.name in _WIDE:  # PyAV makes no array of these
        planes = [np.frombuffer(bytes(plane), "i8")[: frame.samples * channels] for plane in frame.planes]
        return np.stack(planes) if frame.format.is_planar else planes[0].reshape(-1, channels).T
    data = frame.to_ndarray()
    return data if frame.format.is_planar else data.reshape(-1, channels).T


class _Scale:
    """Brings samples of any of FFmpeg's formats to float32 in [-1, 1]. Some programs write floats that are
    whole numbers of 16 bits or of 32; their size tells, and they stay that.
    """

    def __init__(self) -> None:
        self._full = 1.0

    def floats(self, data: np.ndarray[Any, Any]) -> Channels:
        if data.dtype == np.uint8:
            return (data.astype(np.float32) - 128.0) / 128.0
        if np.issubdtype(data.dtype, np.integer):
            return (data / -float(np.iinfo(data.dtype).min)).astype(np.float32)
        numbers = np.nan_to_num(data, nan=0.0, posinf=0.0, neginf=0.0)
        self._full = max(self._full, self._told(numbers))
        whole: Channels = (numbers / self._full).clip(-1.0, 1.0).astype(np.float32)
        return whole

    def _told(self, numbers: np.ndarray[Any, Any]) -> float:
        loud = np.abs(numbers[np.abs(numbers) > _NEXT_TO_NOTHING])
        usual = float(np.median(loud)) if loud.size else 0.0
        return next((full for full in _WHOLE_NUMBERS if usual > _LOUDEST * full / 2.0**15), 1.0)


def weights(channels: list[str]) -> list[float]:
    return [WEIGHTS.get(channel, 0.5) for channel in channels]
