"""Recordings that are always the same: one voice in every container, altered, damaged and lied about."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from voice.audio.input.audio_file import read_recording
from voice.audio.samples import HEARING_RATE, Audio, Samples

VOICE = Path(__file__).parents[3] / "tests" / "recordings" / "question_timer.wav"
Sound = NDArray[np.float64]
"""Shape (channels, n)."""


@dataclass(frozen=True)
class Recording:
    """``right``: ``voice`` (the words are in it), ``sound`` (something is heard), ``refused`` (a sentence),
    ``any`` of these. ``file``: its name in a folder of its own.
    """

    name: str
    file: str
    data: Callable[[], bytes]
    right: str


@cache
def voice(rate: int = HEARING_RATE) -> Samples:
    return Audio(read_recording(VOICE).samples, HEARING_RATE).at_rate(rate).samples


def container(format: str, codec: str, sound: Sound, rate: int, layout: str, **options: str) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=format, options=options) as made:
        stream: Any = made.add_stream(codec, rate=rate, layout=layout)
        if codec == "wmav2":
            stream.bit_rate = 64_000
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.astype(np.float32)), "fltp", layout)
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            made.mux(stream.encode(each))
        made.mux(stream.encode(None))
    return out.getvalue()


def chunk(kind: bytes, data: bytes, size: int | None = None) -> bytes:
    told = len(data) if size is None else size
    return kind + struct.pack("<I", told) + data + b"\0" * (len(data) % 2)


def pcm_format(
    kind: int = 1, channels: int = 1, rate: int = 16_000, bits: int = 16, more: bytes = b""
) -> bytes:
    width = channels * bits // 8
    told = (kind, channels & 0xFFFF, rate, rate * width & 0xFFFFFFFF, width & 0xFFFF, bits)
    return struct.pack("<HHIIHH", *told) + more


def riff(*parts: bytes, size: int | None = None, head: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(parts)
    return head + struct.pack("<I", len(body) if size is None else size) + body


def pcm(sound: Sound | Samples, kind: str = "<i2") -> bytes:
    data = np.atleast_2d(np.asarray(sound, np.float64)).T
    if kind.startswith("<f"):
        return data.astype(kind).tobytes()
    return (np.clip(data, -1, 1) * np.iinfo(kind).max).round().astype(kind).tobytes()


def wav(sound: Sound | Samples, rate: int = HEARING_RATE, kind: str = "<i2") -> bytes:
    channels = len(np.atleast_2d(sound))
    bits = 8 * np.dtype(kind).itemsize
    form = pcm_format(3 if kind.startswith("<f") else 1, channels, rate, bits)
    return riff(chunk(b"fmt ", form), chunk(b"data", pcm(sound, kind)))


ENCODED = [
    ("a.wav", "wav", codec)
    for codec in (
        *("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le", "pcm_alaw", "pcm_mulaw"),
        *("adpcm_ms", "adpcm_ima_wav", "g722", "libmp3lame"),
    )
] + [
    ("a.w64", "w64", "pcm_s16le"),
    ("a.aiff", "aiff", "pcm_s16be"),
    ("a.au", "au", "pcm_s16be"),
    ("a.caf", "caf", "pcm_s16le"),
    ("a.flac", "flac", "flac"),
    ("a.ogg", "ogg", "libopus"),
    ("a.webm", "webm", "libopus"),
    ("a.mka", "matroska", "pcm_s16le"),
    ("a.mp3", "mp3", "libmp3lame"),
    ("a.m4a", "ipod", "aac"),
    ("a.mov", "mov", "pcm_s16le"),
    ("a.mp4", "mp4", "alac"),
    ("a.3gp", "3gp", "aac"),
    ("a.aac", "adts", "aac"),
    ("a.ts", "mpegts", "aac"),
    ("a.avi", "avi", "libmp3lame"),
    ("a.flv", "flv", "aac"),
    ("a.wma", "asf", "wmav2"),
    ("a.ac3", "ac3", "ac3"),
    ("a.wv", "wv", "wavpack"),
    ("a.tta", "tta", "tta"),
]
_RATES = {"libopus": 48_000, "libmp3lame": 44_100, "ac3": 48_000, "wmav2": 44_100, "aac": 44_100}


@cache
def encoded(format: str, codec: str) -> bytes:
    rate = _RATES.get(codec, HEARING_RATE)
    return container(format, codec, voice(rate)[None].astype(np.float64), rate, "mono")


def flipped(data: bytes, seed: int, share: float) -> bytes:
    chance, out = random.Random(seed), bytearray(data)
    for _ in range(max(1, round(len(data) * share))):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def hole(data: bytes) -> bytes:
    third = len(data) // 3
    return data[:third] + b"\0" * third + data[2 * third :]


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "whole": (lambda data: data, "voice"),
    "cut at 90 %": (lambda data: data[: len(data) * 9 // 10], "any"),
    "cut at 50 %": (lambda data: data[: len(data) // 2], "any"),
    "cut at 100 bytes": (lambda data: data[:100], "any"),
    "a hole": (hole, "any"),
    "1 byte in 1000 wrong": (lambda data: flipped(data, 1, 0.001), "any"),
    "1 byte in 20 wrong": (lambda data: flipped(data, 2, 0.05), "any"),
    "its beginning wrong": (lambda data: flipped(data[:200], 3, 0.05) + data[200:], "any"),
    "zeros before it": (lambda data: b"\0" * 3000 + data, "any"),
    "another after it": (lambda data: data + data, "any"),
}


def damaged() -> Iterator[Recording]:
    for file, format, codec in ENCODED:
        for what, (damage, right) in DAMAGES.items():

            def data(format: str = format, codec: str = codec, damage: Any = damage) -> bytes:
                altered: bytes = damage(encoded(format, codec))
                return altered

            yield Recording(f"{file} {codec}, {what}", file, data, right)


def _noise(seed: int, count: int, decibels: float) -> Sound:
    loud: Sound = np.random.default_rng(seed).standard_normal(count) * 10 ** (decibels / 20)
    return loud


def altered() -> Iterator[Recording]:
    """One voice in channels, over offsets and as numbers that no converter gives."""
    one = voice().astype(np.float64) * 0.8
    none, count = np.zeros(len(one)), len(one)
    time = np.arange(count) / HEARING_RATE
    late = np.concatenate([np.zeros(32), one])[:count]
    hum = 0.4 * np.sin(2 * np.pi * 50 * time)
    channels: dict[str, list[Sound]] = {
        "in opposite phase": [one, -one],
        "in opposite phase and louder in one": [one, -0.7 * one],
        "in opposite phase, quiet": [0.05 * one, -0.05 * one],
        "in opposite phase from 1 s on": [one, np.where(time < 1, one, -one)],
        "in opposite phase, over offsets": [0.6 * one + 0.3, -0.6 * one - 0.1],
        "in opposite phase, noisy": [one + _noise(1, count, -45), -one + _noise(2, count, -45)],
        "in the left alone": [one, none],
        "in the right alone": [none, one],
        "in the right alone, quiet": [none, 0.05 * one],
        "beside hum": [one, hum],
        "beside noise": [one, _noise(3, count, -15)],
        "beside noise, quiet": [_noise(3, count, -15), 0.2 * one],
        "2 ms later in one": [one, late],
        "2 ms later and opposite in one": [one, -0.9 * late],
        "in the one, then in the other": [one * (time < 1.2), one * (time >= 1.2)],
        "in the third of three": [none, none, one],
        "in the centre of six": [_noise(4, count, -60), _noise(5, count, -60), one, none, none, none],
        "in all of eight, four opposite": [one, -one] * 4,
        "in the last of 64": [none] * 63 + [one],
        "in all of 255": [one] * 255,
    }
    for name, sound in channels.items():
        yield Recording(f"a voice {name}", "a.wav", lambda sound=sound: wav(np.array(sound)), "voice")
    single: dict[str, Sound] = {
        "over 0.1": one + 0.1,
        "over -0.2": one - 0.2,
        "over 0.5": 0.5 * one + 0.5,
        "over 0.9, quiet": 0.05 * one + 0.9,
        "over 0.02, quiet": 0.1 * one + 0.02,
        "over a drift": 0.7 * one + 0.25 * np.sin(2 * np.pi * 0.3 * time),
        "over a swing": 0.7 * one + 0.25 * np.sin(2 * np.pi * 3 * time),
        "over a jump": 0.7 * one + 0.25 * (time > 1),
        "clipped": np.clip(one * 6, -1, 1),
        "quiet": 0.005 * one,
    }
    for name, sound in single.items():
        yield Recording(f"a voice {name}", "a.wav", lambda sound=sound: wav(sound), "voice")
    floats: dict[str, Sound] = {
        "of 4 and more": one * 6,
        "as whole numbers": one * 32767,
        "with NaN": np.where(np.arange(count) % 1000 == 7, np.nan, one),
        "with infinity": np.where(np.arange(count) % 5000 == 7, np.inf, one),
        "with 1e30 in it": np.where(np.arange(count) % 5000 == 7, 1e30, one),
    }
    for name, sound in floats.items():
        for kind in ("<f4", "<f8"):
            yield Recording(
                f"a voice in floats {name}, {kind}", "a.wav", lambda s=sound, k=kind: wav(s, kind=k), "voice"
            )
    small = np.full(16_000, 1e-40)
    yield Recording("denormals", "a.wav", lambda: wav(small, kind="<f4"), "sound")
    yield Recording("nothing but NaN", "a.wav", lambda: wav(np.full(16_000, np.nan), kind="<f4"), "sound")
