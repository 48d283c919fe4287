"""Recordings: any file that FFmpeg (by PyAV) opens, as 16 kHz mono, decoded as it is needed.

A three-hour file takes no more memory than a short one.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from config.errors import RecordingError
from voice.audio.samples import HEARING_RATE, Audio, Resampler, Samples

if TYPE_CHECKING:
    import av
    from av.container import InputContainer

_CHUNK_S = 1.0

_WEIGHTS = {"FC": 1.0, "FL": 0.707, "FR": 0.707, "LFE": 0.0, "LFE2": 0.0}
"""How much of a channel goes into the mono mix, before the weights are brought to a sum of 1; every other
channel has 0.5. Speech sits in the centre; the ratios are those of ITU-R BS.775-4, table 2. A sum of 1 keeps
loud sound from clipping."""

_FILE_NAME = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


def is_recording(source: str) -> bool:
    """Whether a microphone's ``source`` means a file and not a device: it is one, or is written like one."""
    path = Path(source).expanduser()
    written = source.startswith(("/", "./", "../", "~")) or bool(_FILE_NAME.search(source))
    return source not in ("auto", "-") and (written or path.is_file())


def chunks(path: Path | str) -> Iterator[Samples]:
    """About a second at a time, 16 kHz mono. Blocking: call it in a thread.

    Damaged places are left out and a truncated file gives what there is of it. Raises ``RecordingError``
    when there is nothing: no such file, empty, not sound, or no bit of it could be decoded.
    """
    path = Path(path).expanduser()
    _examine(path)
    waiting: list[Samples] = []
    decoded = False
    with _open(path) as container:
        for samples in _resampled(container):
            decoded = decoded or len(samples) > 0
            waiting.append(samples)
            if sum(map(len, waiting)) >= _CHUNK_S * HEARING_RATE:
                yield np.concatenate(waiting)
                waiting.clear()
    if not decoded:
        raise RecordingError(
            f"{path} is damaged: no sound could be read from it.", todo="Try to play it; record it again."
        )
    if waiting:
        yield np.concatenate(waiting)


def read_recording(path: Path | str) -> Audio:
    """The whole recording, 16 kHz mono (blocking). Raises ``RecordingError`` as ``chunks`` does."""
    return Audio(np.concatenate(list(chunks(path))), HEARING_RATE)


def _examine(path: Path) -> None:
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError:
        raise RecordingError(f"There is no file {path}.", todo="Check its name and folder.") from None
    except IsADirectoryError:
        raise RecordingError(f"{path} is a folder.", todo="Name one recording in it.") from None
    except OSError as error:
        raise RecordingError(
            f"{path} cannot be read ({error.strerror}).",
            todo=f"Look at its permissions: ls -l {shlex.quote(str(path))}",
        ) from None
    if empty:
        raise RecordingError(f"{path} is empty (0 bytes).", todo="Record it again.")


def _open(path: Path) -> InputContainer:
    import av

    try:
        # Only this file: a playlist must not make us fetch anything.
        container = av.open(f"file:{path}", options={"protocol_whitelist": "file"}, metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError, OSError):
        raise RecordingError(
            f"{path} is not a recording, or is damaged at its beginning.",
            todo="WAV, FLAC, MP3, OGG, M4A and WebM can be read.",
        ) from None
    if not container.streams.audio:
        container.close()
        raise RecordingError(
            f"There is no sound in {path}.", todo="WAV, FLAC, MP3, OGG, M4A and WebM can be read."
        )
    return container


def _frames(container: InputContainer) -> Iterator[av.AudioFrame]:
    """Every frame that can be decoded."""
    import av

    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue  # a damaged packet; the next may be whole
        except (av.error.FFmpegError, OSError):
            return  # the file breaks off here


def _resampled(container: InputContainer) -> Iterator[Samples]:
    resampler, rate = Resampler(HEARING_RATE, HEARING_RATE), HEARING_RATE
    for frame in _frames(container):
        if frame.sample_rate != rate:  # may change within a stream: radio recordings, chained OGG
            yield resampler.flush()
            resampler, rate = Resampler(frame.sample_rate, HEARING_RATE), frame.sample_rate
        yield resampler.push(_mono(frame))
    yield resampler.flush()


def _mono(frame: Any) -> Samples:
    samples = _floats(frame.to_ndarray(), frame.format.is_planar, len(frame.layout.channels))
    weights = np.array([_WEIGHTS.get(channel.name, 0.5) for channel in frame.layout.channels], np.float32)
    if not weights.sum():
        weights += 1
    mixed: Samples = (weights / weights.sum()) @ samples
    return np.clip(mixed, -1.0, 1.0)


def _floats(data: np.ndarray[Any, Any], planar: bool, channels: int) -> Samples:
    """Samples of any of FFmpeg's formats as float32 in [-1, 1], shape (channels, n)."""
    shaped = data if planar else data.reshape(-1, channels).T
    if shaped.dtype == np.uint8:
        return (shaped.astype(np.float32) - 128.0) / 128.0
    if np.issubdtype(shaped.dtype, np.integer):
        return (shaped / -float(np.iinfo(shaped.dtype).min)).astype(np.float32)
    return np.nan_to_num(shaped.astype(np.float32))
