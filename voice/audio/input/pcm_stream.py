"""Sound that comes as bytes, cut anywhere, as 16 kHz mono: raw, or a WAV of PCM whose header says what it is.

Many programs can only write a WAV into a pipe; its length is not known then, and not believed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.errors import RecordingError
from voice.audio.input.container import RATES
from voice.audio.input.downmix import Channels, Downmix
from voice.audio.input.high_pass import HighPass
from voice.audio.samples import HEARING_RATE, Resampler, Samples

_HEADS = (b"RIFF", b"RF64")
_LONGEST_HEADER = 1 << 20
"""Bytes before the sound: cover art and cue lists stand there too."""
_FILES = {
    b"fLaC": "a FLAC file",
    b"OggS": "an OGG file",
    b"ID3": "an MP3 file",
    b"\xff\xfb": "an MP3 file",
    b"\x1a\x45\xdf\xa3": "a WebM file",
    b"caff": "a CAF file",
    b"FORM": "an AIFF file",
}
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_MOST_CHANNELS = 64


@dataclass(frozen=True)
class _Format:
    """``read``: whole samples as numbers in [-1, 1]. ``width``: bytes of one."""

    rate: int
    channels: int
    width: int
    read: Callable[[bytes], NDArray[Any]]


def _integers(kind: str, scale: float) -> Callable[[bytes], NDArray[Any]]:
    return lambda data: np.frombuffer(data, kind) / scale


def _bytes(data: bytes) -> NDArray[Any]:
    return (np.frombuffer(data, np.uint8) - 128.0) / 128.0


def _three_bytes(data: bytes) -> NDArray[Any]:
    wide = np.zeros((len(data) // 3, 4), np.uint8)
    wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
    return wide.view("<i4")[:, 0] / 2.0**31


def _floats(kind: str) -> Callable[[bytes], NDArray[Any]]:
    return lambda data: np.clip(np.nan_to_num(np.frombuffer(data, kind), posinf=0.0, neginf=0.0), -1.0, 1.0)


_READ: dict[tuple[int, int], Callable[[bytes], NDArray[Any]]] = {
    (_PCM, 1): _bytes,
    (_PCM, 2): _integers("<i2", 2.0**15),
    (_PCM, 3): _three_bytes,
    (_PCM, 4): _integers("<i4", 2.0**31),
    (_FLOAT, 4): _floats("<f4"),
    (_FLOAT, 8): _floats("<f8"),
}
_RAW = _Format(HEARING_RATE, 1, 2, _READ[_PCM, 2])


class PcmStream:
    """Push bytes, get samples at 16 kHz. Raises ``RecordingError`` for a file that is not written so."""

    def __init__(self) -> None:
        self._held = b""
        self._format: _Format | None = None
        self._high_pass = HighPass()

    def push(self, data: bytes, *, last: bool = False) -> Samples:
        """``last``: nothing follows; half a sample at the end is left out."""
        self._held += data
        if self._format is None and not self._begun(last):
            return np.empty(0, np.float32)
        assert self._format is not None
        size = self._format.width * self._format.channels
        whole = len(self._held) // size * size
        now, self._held = self._held[:whole], self._held[whole:]
        mono = self._downmix.push(_channels(now, self._format))
        return self._high_pass.push(self._resampler.push(mono, last=last))

    def _begun(self, last: bool) -> bool:
        """Whether it is known what this is; what stood before the sound is taken off then."""
        found = _sound_in(self._held, last)
        if found is None:
            return False
        self._format, begin = found
        self._held = self._held[begin:]
        self._resampler = Resampler(self._format.rate, HEARING_RATE)
        self._downmix = Downmix([0.5] * self._format.channels, self._format.rate)
        return True


def _channels(data: bytes, format: _Format) -> Channels:
    return format.read(data).astype(np.float32).reshape(-1, format.channels).T


def _sound_in(data: bytes, last: bool) -> tuple[_Format, int] | None:
    """What it is and where its sound begins; None while more must come to know."""
    for magic, what in _FILES.items():
        if data.startswith(magic):
            raise RecordingError(
                f"Standard input is {what}, and only raw sound or a WAV can be heard there.",
                todo="Name the file: aloud transcribe FILE",
            )
    if not last and len(data) < 4:
        return None
    if not data.startswith(_HEADS):
        return _RAW, 0
    found = _header(data)
    if found is None and (last or len(data) > _LONGEST_HEADER):
        raise RecordingError("The WAV on standard input has no sound in it.", todo="Record it again.")
    return found


def _header(data: bytes) -> tuple[_Format, int] | None:
    format, at = None, 12
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        if kind == b"data":
            if format is None:
                raise _strange("does not say how its sound is written")
            return format, at + 8
        if kind == b"fmt " and at + 8 + min(size, 40) <= len(data):
            format = _read_format(data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return None


def _read_format(told: bytes) -> _Format:
    if len(told) < 16:
        raise _strange("does not say how its sound is written")
    kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", told)
    if kind == _EXTENSIBLE and len(told) >= 26:
        kind = struct.unpack_from("<H", told, 24)[0]
    width = (bits + 7) // 8
    read = _READ.get((kind, width))
    if read is None:
        raise _strange(f"is written as {bits} bits of kind {kind}, which is not PCM")
    if not (RATES[0] <= rate <= RATES[1] and 1 <= channels <= _MOST_CHANNELS):
        raise _strange(f"has {channels} channels and {rate} samples a second")
    return _Format(rate, channels, width, read)


def _strange(why: str) -> RecordingError:
    return RecordingError(
        f"The WAV on standard input {why}.",
        todo="Name the file instead, or pipe raw sound in: 16 kHz, signed 16 bits, mono.",
    )
