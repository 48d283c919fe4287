"""The bytes of a recording: of a file, and, whatever its header, of standard input."""

from __future__ import annotations

import io

from bench.hostile.sound_files.lies import headers, mp4
from bench.hostile.sound_files.recordings import ENCODED, container, voice
from config.errors import RecordingError
from voice.audio.input.audio_file import decoded
from voice.audio.input.pcm_stream import PcmStream

_SHORT = 1_600
_MOST = 64


def seeds() -> list[bytes]:
    sound = voice(48_000)[None, 48_000 : 48_000 + _SHORT].astype(float)
    made = [container(format, codec, sound, 48_000, "mono") for _, format, codec in ENCODED if codec != "amr"]
    return [*made, mp4(10, b"sowt"), *(each.data()[:4_000] for each in [*headers()][:_MOST])]


def fuzz(data: bytes) -> None:
    for read in (_as_file, _as_stream):
        try:
            read(data)
        except RecordingError:
            continue


def _as_file(data: bytes) -> None:
    for samples in decoded(io.BytesIO(data), "a.wav"):
        assert abs(samples).max(initial=0.0) <= 1.0


def _as_stream(data: bytes) -> None:
    stream, middle = PcmStream(), len(data) // 2
    stream.push(data[:middle])
    stream.push(data[middle:])
    stream.push(b"", last=True)
