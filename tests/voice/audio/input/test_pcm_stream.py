from __future__ import annotations

import struct

import numpy as np
import pytest

from bench.hostile.sound_files.recordings import chunk, pcm, pcm_format, riff, wav
from config.errors import RecordingError
from tests.tables import for_each
from voice.audio.input.pcm_stream import PcmStream
from voice.audio.samples import Samples

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
FORM, DATA = chunk(b"fmt ", pcm_format()), chunk(b"data", pcm(TONE))
EXTENSIBLE = pcm_format(0xFFFE, more=struct.pack("<HHIH", 22, 16, 4, 1) + b"\0" * 14)

BYTES = (128 + 127 * TONE).round().astype(np.uint8).tobytes()
THREE_BYTES = (TONE * 2**31).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()


def heard(data: bytes, piece: int = 1_000) -> Samples:
    stream = PcmStream()
    pieces = [stream.push(data[at : at + piece]) for at in range(0, len(data), piece)]
    return np.concatenate([*pieces, stream.push(b"", last=True)])


@for_each(
    ("what", "data"),
    [
        ("raw", pcm(TONE)),
        ("half a sample more", pcm(TONE) + b"x"),
        ("WAV", wav(TONE)),
        ("8 bits", riff(chunk(b"fmt ", pcm_format(bits=8)), chunk(b"data", BYTES))),
        ("24 bits", riff(chunk(b"fmt ", pcm_format(bits=24)), chunk(b"data", THREE_BYTES))),
        ("32 bits", wav(TONE, kind="<i4")),
        ("floats", wav(TONE, kind="<f4")),
        ("doubles", wav(TONE, kind="<f8")),
        ("of two channels in opposite phase", wav(np.array([TONE, -TONE]))),
        ("in the right alone", wav(np.array([0 * TONE, TONE]))),
        ("over an offset", wav(0.8 * TONE + 0.15)),
        ("of unknown length", riff(FORM, chunk(b"data", pcm(TONE), 0xFFFFFFFF), size=0xFFFFFFFF)),
        ("of no length", riff(FORM, chunk(b"data", pcm(TONE), 0), size=0)),
        ("after a title of odd length", riff(chunk(b"LIST", b"INFOabc"), FORM, DATA)),
        ("extensible", riff(chunk(b"fmt ", EXTENSIBLE), DATA)),
    ],
)
def test_a_tone_is_heard(what: str, data: bytes) -> None:
    for piece in (37, len(data)):
        sound = heard(data, piece)
        assert len(sound) == pytest.approx(16_000, abs=2), what
        kept = sound[500:15_000] @ TONE[500:15_000] / (TONE[500:15_000] @ TONE[500:15_000])
        assert abs(kept) > 0.75, what


def test_other_rates_become_sixteen_thousand() -> None:
    sound = heard(riff(chunk(b"fmt ", pcm_format(rate=48_000)), DATA))
    assert len(sound) == pytest.approx(16_000 / 3, abs=2)


@for_each(
    ("sentence", "data"),
    [
        ("a FLAC file", b"fLaC" + b"\0" * 99),
        ("an MP3 file", b"ID3\4" + b"\0" * 99),
        ("has no sound", riff(FORM)),
        ("has no sound", b"RIFF"),
        ("has no sound", b"RIFF\0\0\0\0WAVE" + chunk(b"JUNK", b"x" * 99, 0xFFFFFFF0)),
        ("has no sound", riff(chunk(b"JUNK", b"x" * 2_000_000), FORM, DATA)),
        ("how its sound is written", riff(DATA)),
        ("how its sound is written", riff(chunk(b"fmt ", b"\1\0"), DATA)),
        ("0 channels", riff(chunk(b"fmt ", pcm_format(channels=0)), DATA)),
        ("65535 channels", riff(chunk(b"fmt ", pcm_format(channels=65_535)), DATA)),
        ("1 samples a second", riff(chunk(b"fmt ", pcm_format(rate=1)), DATA)),
        ("not PCM", riff(chunk(b"fmt ", pcm_format(0x55)), DATA)),
        ("not PCM", riff(chunk(b"fmt ", pcm_format(bits=0)), DATA)),
    ],
)
def test_what_cannot_be_heard_is_told(sentence: str, data: bytes) -> None:
    with pytest.raises(RecordingError) as told:
        heard(data)
    assert sentence in told.value.failed
    assert told.value.todo
