"""Recordings whose headers lie, names that mean something else, and lists that lead elsewhere."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.hostile.sound_files.recordings import (
    Recording,
    chunk,
    container,
    pcm,
    pcm_format,
    riff,
    voice,
    wav,
)

_GUID = b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"


def _extensible(channels: int, mask: int, kind: int = 1, bits: int = 16) -> bytes:
    told = struct.pack("<HHIH", 22, bits, mask, kind) + _GUID
    return pcm_format(0xFFFE, channels, bits=bits, more=told)


def headers() -> Iterator[Recording]:
    """WAV after WAV that says something else than it holds."""
    sound = pcm(voice())
    form, data = chunk(b"fmt ", pcm_format()), chunk(b"data", sound)
    for size in (0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFE, len(sound) + 1, 10 * len(sound)):
        yield _wav(f"the sound's length is {size:#x}", riff(form, chunk(b"data", sound, size)), "any")
        yield _wav(f"the file's length is {size:#x}", riff(form, data, size=size), "voice")
    for size in (0, 2, 14, 15, 17, 18, 100, 0xFFFFFFFF):
        yield _wav(f"the format's length is {size:#x}", riff(chunk(b"fmt ", pcm_format(), size), data), "any")
    for channels in (0, 2, 3, 7, 64, 65, 255, 256, 32_768, 65_535):
        right = "refused" if channels == 0 else "any"
        lie = chunk(b"fmt ", pcm_format(channels=channels))
        yield _wav(f"{channels} channels", riff(lie, data), right)
    for rate in (0, 1, 2, 100, 999, 1_000_001, 0x7FFFFFFF, 0xFFFFFFFF):
        yield _wav(f"{rate} Hz", riff(chunk(b"fmt ", pcm_format(rate=rate)), data), "refused")
    for rate in (1_000, 2_000, 8_001, 11_025, 12_345, 44_100, 192_000, 384_000, 1_000_000):
        yield _wav(f"{rate} Hz", riff(chunk(b"fmt ", pcm_format(rate=rate)), data), "sound")
    for bits in (0, 1, 3, 7, 12, 17, 20, 48, 64, 65_535):
        yield _wav(f"{bits} bits", riff(chunk(b"fmt ", pcm_format(bits=bits)), data), "any")
    for kind in (0, 2, 0x11, 0x31, 0x50, 0x55, 0x161, 0x7777, 0xF1AC, 0xFFFF):
        yield _wav(f"kind {kind:#x}", riff(chunk(b"fmt ", pcm_format(kind)), data), "any")
    for mask in (0, 1, 4, 0x80000000, 0xFFFFFFFF, 0x3F):
        yield _wav(f"mask {mask:#x}", riff(chunk(b"fmt ", _extensible(1, mask)), data), "voice")
    yield _wav("mask of two for six", riff(chunk(b"fmt ", _extensible(6, 3)), data), "any")
    yield _wav("a kind within a kind", riff(chunk(b"fmt ", _extensible(1, 4, 0xFFFE)), data), "any")
    stuff = chunk(b"LIST", b"INFOINAM" + struct.pack("<I", 9) + b"\x1b]0;evil\x07" + b"\0")
    long = chunk(b"JUNK", b"x" * 3_000_000)
    yield _wav("sound before its format", riff(data, form), "any")
    yield _wav("no format", riff(data), "refused")
    yield _wav("no sound", riff(form), "refused")
    yield _wav("two formats", riff(form, chunk(b"fmt ", pcm_format(channels=9)), data), "any")
    yield _wav("two sounds", riff(form, data, data), "voice")
    yield _wav("a title with a control", riff(stuff, form, data), "voice")
    yield _wav("an odd piece before it", riff(chunk(b"odd ", b"xyz"), form, data), "voice")
    yield _wav("an odd piece without its padding", riff(b"odd \3\0\0\0xyz", form, data), "any")
    yield _wav("3 MB before it", riff(long, form, data), "voice")
    yield _wav(
        "a piece of 4 GB before it", riff(chunk(b"JUNK", b"x" * 99, 0xFFFFFFF0), form, data), "refused"
    )
    yield _wav("ten thousand pieces before it", riff(chunk(b"note", b"") * 10_000, form, data), "voice")
    yield _wav("half a sample at its end", riff(form, chunk(b"data", sound + b"x")), "voice")
    yield _wav("RIFX", riff(form, data, head=b"RIFX"), "any")
    yield _wav("RF64 without its table", riff(form, data, head=b"RF64", size=0xFFFFFFFF), "any")
    table = struct.pack("<QQQI", len(sound) + 72, len(sound), len(sound) // 2, 0)
    rf64 = riff(chunk(b"ds64", table), form, chunk(b"data", sound, 0xFFFFFFFF), head=b"RF64", size=0xFFFFFFFF)
    yield _wav("RF64", rf64, "voice")
    vast = struct.pack("<QQQI", 2**63, 2**63, 2**62, 0)
    yield _wav("RF64 of 8 EB", riff(chunk(b"ds64", vast), form, data, head=b"RF64", size=0xFFFFFFFF), "any")


def _wav(name: str, data: bytes, right: str) -> Recording:
    return Recording(f"WAV, {name}", "a.wav", lambda: data, right)


def lists() -> Iterator[Recording]:
    """Each names a recording beside it, which is there."""
    texts = {
        "a.m3u": "#EXTM3U\n#EXTINF:3,voice\nvoice.wav\n",
        "a.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nvoice.wav\n#EXT-X-ENDLIST\n",
        "b.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.aac\n#EXT-X-ENDLIST\n",
        "a.pls": "[playlist]\nFile1=voice.wav\nNumberOfEntries=1\n",
        "a.cue": 'FILE "voice.wav" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n',
        "a.ffconcat": "ffconcat version 1.0\nfile voice.wav\n",
        "concat.wav": "ffconcat version 1.0\nfile 'voice.wav'\n",
        "a.mpd": '<?xml version="1.0"?>\n<MPD type="static"><Period><AdaptationSet/></Period></MPD>\n',
        "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "a.xspf": '<?xml version="1.0"?>\n<playlist version="1"><trackList/></playlist>\n',
        "a.asx": '<asx version="3.0"><entry><ref href="voice.wav"/></entry></asx>\n',
        "a.smil": "<smil><body><audio src='voice.wav'/></body></smil>\n",
        "a.txt": "voice.wav\n" * 99,
        "a.avs": 'WavSource("voice.wav")\n',
        "a.ffmeta": ";FFMETADATA1\ntitle=voice\n",
    }
    for file, text in texts.items():
        yield Recording(f"a list, {file}", file, text.encode, "refused")


def files() -> Iterator[Recording]:
    """The right sound under the wrong name, the wrong sound under the right one."""
    names = (
        "noending",
        "a.mp3",
        "a.txt",
        "a.m3u8",
        "a.wav.gz",
        "ü ä.wav",
        "lavfi:sine",
        "http:__a",
        "-",
        "a%03d.wav",
    )
    for name in (*names, "x" * 250, "a\nb.wav", "\x1b]0;evil\x07.wav", "concat:a.wav|b.wav", "~", "auto"):
        yield Recording(f"a WAV called {name!r:.40}", name, lambda: wav(voice()), "voice")
    others: dict[str, bytes] = {
        "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 900,
        "a PDF": b"%PDF-1.7\n" + b"0" * 900,
        "a web page": b"<!DOCTYPE html><html><body>voice</body></html>",
        "zeros": b"\0" * 100_000,
        "one byte": b"R",
        "nothing": b"",
        "noise": np.random.default_rng(5).bytes(100_000),
        "a program": b"\x7fELF\2\1\1" + b"\0" * 9000,
        "an archive": b"PK\3\4" + b"\0" * 9000,
        "a tag of 256 MB": b"ID3\4\0\0\x7f\x7f\x7f\x7f" + b"\0" * 5000,
        "many tags": b"ID3\4\0\0\0\0\0\x0a" * 20_000,
        "MP3 headers alone": b"\xff\xfb\x90\x64" * 50_000,
        "AAC headers alone": b"\xff\xf1\x50\x80\x01\x3f\xfc" * 30_000,
        "OGG pages alone": (b"OggS\0\2" + b"\0" * 20 + b"\1\0") * 9000,
        "EBML of unknown length": b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 7 + b"\0" * 9000,
    }
    for name, data in others.items():
        yield Recording(name, "a.wav", lambda data=data: data, "refused")
    for depth in (1_000, 100_000):
        nested = b"".join(struct.pack(">I4s", 0, b"moov") for _ in range(depth))
        yield Recording(f"MP4, {depth} boxes in each other", "a.m4a", lambda nested=nested: nested, "refused")
    for count in (10, 20_000_000, 0x7FFFFFFF, 0xFFFFFFFF):
        for kind in (b"sowt", b"mp4a"):
            yield Recording(
                f"MP4, {count} pieces of {kind.decode()}",
                "a.m4a",
                lambda count=count, kind=kind: mp4(count, kind),
                "any",
            )
    yield Recording("FLAC of a day at 1 Hz", "a.flac", lambda: _flac(1, 86_400), "refused")
    yield Recording("FLAC of an hour at 1 kHz", "a.flac", lambda: _flac(1_000, 3_600_000), "sound")


def _flac(rate: int, count: int) -> bytes:
    return container("flac", "flac", np.zeros((1, count)), rate, "mono")


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *numbers: int, more: bytes = b"") -> bytes:
    return _box(kind, struct.pack(f">I{len(numbers)}I", 0, *numbers), more)


def mp4(pieces: int, kind: bytes) -> bytes:
    """Half a kilobyte of index that says it has so many ``pieces`` of two bytes, two ticks each."""
    entry = _box(kind, b"\0" * 7 + b"\1" + b"\0" * 8, struct.pack(">HHHHI", 1, 16, 0, 0, 16_000 << 16))
    table = _box(
        b"stbl",
        _full(b"stsd", 1, more=entry),
        _full(b"stts", 2, pieces // 2, 1, pieces // 2, 2),
        _full(b"stsc", 1, 1, pieces, 1),
        _full(b"stsz", 2, pieces),
        _full(b"stco", 1, 36),
    )
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, 0, 16_000, pieces, 0),
        _full(b"hdlr", 0, more=b"soun" + b"\0" * 13),
        _box(b"minf", _full(b"smhd", 0), table),
    )
    header = _full(b"tkhd", 0, 0, 1, 0, pieces, more=b"\0" * 60)
    movie = _full(b"mvhd", 0, 0, 1000, 1000, more=b"\0" * 80)
    return (
        _box(b"ftyp", b"M4A \0\0\0\0M4A isom")
        + _box(b"mdat", b"\1\2" * 2000)
        + _box(b"moov", movie, _box(b"trak", header, media))
    )


def places(folder: Path) -> Iterator[tuple[str, str]]:
    """Names of what is no regular file, or nowhere, made in ``folder``; each is refused."""
    pipe, loop = folder / "pipe.wav", folder / "loop.wav"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    made: dict[str, Callable[[], str]] = {
        "a pipe": lambda: str(pipe),
        "a link to itself": lambda: str(loop),
        "a folder": lambda: str(folder),
    }
    for name, make in made.items():
        yield name, make()
    named = (
        *(
            "/dev/zero",
            "/dev/null",
            "/dev/tty",
            "/dev/random",
            "/proc/self/mem",
            "/proc/kmsg",
            "/nowhere/a.wav",
        ),
        *("lavfi:sine", "http://127.0.0.1:9/a.wav", "file:/etc/hostname", "data:audio/wav;base64,UklGRg=="),
        *(
            "concat:a.wav|b.wav",
            "subfile,,start,0,end,9,,:a.wav",
            "pipe:0",
            "fd:0",
            "async:a.wav",
            "cache:a.wav",
        ),
        *(
            "rtsp://127.0.0.1/a",
            "alsa:default",
            "~nobody-here/a.wav",
            "",
            ".",
            "a" * 300,
            "b/" * 3000,
            "a\0.wav",
        ),
    )
    for name in named:
        yield f"{name!r:.40}", name
