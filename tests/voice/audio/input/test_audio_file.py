from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from bench.hostile.sound_files.lies import headers, lists, mp4, places
from bench.hostile.sound_files.likeness import likeness as by_loudness
from bench.hostile.sound_files.recordings import Recording, altered, chunk, pcm_format, riff, voice
from bench.hostile.sound_files.recordings import wav as wav_of
from config.errors import RecordingError
from tests.tables import for_each
from voice.audio.input.audio_file import chunks, is_recording, read_recording
from voice.audio.samples import Audio, Samples, to_int16, write_wav


def melody(seconds: float, rate: int) -> Samples:
    """A rising tone, 200 to 2000 Hz: it correlates with itself at one place only."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * (200 * time + 900 / seconds * time**2)
    return (0.5 * np.sin(phase)).astype(np.float32)


def likeness(one: Samples, other: Samples) -> float:
    """The best correlation over lags of up to 100 ms, -1 to 1."""
    n = min(len(one), len(other)) - 3200
    middle = one[1600 : 1600 + n]
    best = 0.0
    for lag in range(3200):
        part = other[lag : lag + n]
        best = max(best, float(middle @ part / (np.linalg.norm(middle) * np.linalg.norm(part) + 1e-9)))
    return best


def encode(
    path: Path, codec: str, samples: np.ndarray[Any, Any], rate: int, layout: str, format: str
) -> None:
    """``samples``: shape (channels, n) for planar formats, (1, n × channels) for packed ones."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, layout=layout)
        size = max(rate // 50, 20) * (1 if format.endswith("p") else len(stream.layout.channels))
        for at in range(0, samples.shape[1], size):
            block = np.ascontiguousarray(samples[:, at : at + size])
            frame = av.AudioFrame.from_ndarray(block, format=format, layout=layout)
            frame.rate = rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(
    ("name", "codec", "format", "rate", "layout"),
    [
        ("a.mp3", "libmp3lame", "fltp", 44_100, "stereo"),
        ("a.ogg", "libopus", "flt", 48_000, "stereo"),
        ("a.flac", "flac", "s16", 96_000, "mono"),
        ("a.m4a", "aac", "fltp", 48_000, "mono"),
        ("a.webm", "libopus", "flt", 48_000, "mono"),
    ],
)
def test_every_common_format(
    tmp_path: Path, name: str, codec: str, format: str, rate: int, layout: str
) -> None:
    sound = melody(2.0, rate)
    data: NDArray[Any]
    if format == "s16":
        data = (sound * 32767).astype(np.int16)[np.newaxis]
    elif format == "flt":
        data = sound.repeat(2 if layout == "stereo" else 1)[np.newaxis]
    else:
        data = np.stack([sound] * (2 if layout == "stereo" else 1))
    encode(tmp_path / name, codec, data, rate, layout, format)
    recording = read_recording(tmp_path / name)
    assert recording.rate == 16_000
    assert recording.seconds == pytest.approx(2.0, abs=0.1)
    assert likeness(Audio(sound, rate).at_rate(16_000).samples, recording.samples) > 0.98
    assert np.sqrt(np.mean(recording.samples**2)) == pytest.approx(0.5 / np.sqrt(2), abs=0.02)


def wav(path: Path, data: np.ndarray[Any, Any], rate: int, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(data.dtype.itemsize)
        out.setframerate(rate)
        out.writeframes(data.tobytes())
    return path


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 96_000])
def test_rates(tmp_path: Path, rate: int) -> None:
    sound = melody(1.5, rate)
    write_wav(tmp_path / "a.wav", Audio(sound, rate))
    recording = read_recording(tmp_path / "a.wav")
    assert len(recording.samples) == pytest.approx(24_000, abs=2)
    assert likeness(Audio(sound, rate).at_rate(16_000).samples, recording.samples) > 0.999


def test_eight_bits(tmp_path: Path) -> None:
    sound = melody(1.0, 16_000)
    path = wav(tmp_path / "a.wav", ((sound + 1) * 127.5).astype(np.uint8), 16_000)
    np.testing.assert_allclose(read_recording(path).samples, sound, atol=1 / 64)


def test_sixteen_bits_are_exact(tmp_path: Path) -> None:
    data = np.array([0, 1, -1, 32767, -32768], np.int16).repeat(100)
    recording = read_recording(wav(tmp_path / "a.wav", data, 16_000))
    np.testing.assert_array_equal(recording.samples, data.astype(np.float32) / 32768)


@pytest.mark.parametrize("speaking", range(6))
def test_six_channels_keep_the_voice_and_never_clip(tmp_path: Path, speaking: int) -> None:
    """5.1: front left, front right, centre, low frequencies, back left, back right. Dead ones take nothing
    of the one that speaks; the low frequencies are no voice.
    """
    data = np.zeros((16_000, 6), np.int16)
    data[:, speaking] = (melody(1.0, 16_000) * 32767).astype(np.int16)
    encode(tmp_path / "a.wav", "pcm_s16le", data.reshape(1, -1), 16_000, "5.1", "s16")
    level = np.abs(read_recording(tmp_path / "a.wav").samples).max()
    assert level == pytest.approx(0.0 if speaking == 3 else 0.5, abs=0.01)


def test_the_same_voice_in_every_channel_keeps_its_level(tmp_path: Path) -> None:
    for channels in (2, 3, 5, 6, 8, 9):
        data = (melody(1.0, 16_000) * 32767).astype(np.int16).repeat(channels)
        recording = read_recording(wav(tmp_path / "a.wav", data, 16_000, channels))
        assert np.abs(recording.samples).max() == pytest.approx(0.5, abs=0.01), channels


def test_a_silent_recording_is_a_recording(tmp_path: Path) -> None:
    recording = read_recording(wav(tmp_path / "a.wav", np.zeros(44_100, np.int16), 44_100))
    assert recording.seconds == pytest.approx(1.0, abs=0.001)
    assert not recording.samples.any()


def test_a_long_recording_comes_in_pieces(tmp_path: Path) -> None:
    wav(tmp_path / "a.wav", np.zeros(60 * 8_000, np.int16), 8_000)
    lengths = [len(piece) for piece in chunks(tmp_path / "a.wav")]
    assert len(lengths) > 50
    assert max(lengths) < 2 * 16_000
    assert sum(lengths) == pytest.approx(60 * 16_000, abs=2)


def test_a_truncated_recording_gives_what_there_is(tmp_path: Path) -> None:
    path = wav(tmp_path / "a.wav", (melody(2.0, 16_000) * 32767).astype(np.int16), 16_000)
    path.write_bytes(path.read_bytes()[:32_045])
    assert read_recording(path).seconds == pytest.approx(1.0, abs=0.05)


def test_a_damaged_place_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    encode(path, "libmp3lame", np.stack([melody(4.0, 44_100)]), 44_100, "mono", "fltp")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2000] = b"\x00" * 2000
    path.write_bytes(bytes(data))
    assert 3.0 < read_recording(path).seconds < 4.1


def broken(tmp_path: Path) -> dict[str, Path]:
    text, picture, empty = tmp_path / "notes.txt", tmp_path / "a.png", tmp_path / "empty.wav"
    text.write_text("Remember the milk.\n" * 50)
    Image.new("RGB", (40, 30), "red").save(picture)
    empty.touch()
    headed = wav(tmp_path / "headed.wav", np.zeros(0, np.int16), 16_000)
    noise = tmp_path / "noise.mp3"
    noise.write_bytes(b"\x01\x02" * 4000)
    encode(tmp_path / "cut.m4a", "aac", np.stack([melody(1.0, 48_000)]), 48_000, "mono", "fltp")
    cut = tmp_path / "cut.m4a"
    cut.write_bytes(cut.read_bytes()[:2000])
    return {
        "There is no file": tmp_path / "missing.wav",
        "is a folder": tmp_path,
        "is empty (0 bytes)": empty,
        "no sound could be read": headed,
        "There is no sound": picture,
        "notes.txt": text,
        "is not a recording": noise,
        "cut.m4a is not a recording, or is damaged": cut,
    }


def test_what_is_no_recording_is_told_in_a_sentence(tmp_path: Path) -> None:
    for sentence, path in broken(tmp_path).items():
        with pytest.raises(RecordingError) as told:
            read_recording(path)
        assert sentence in told.value.failed
        assert str(path) in told.value.failed
        assert told.value.todo


def test_a_list_does_not_lead_elsewhere(tmp_path: Path) -> None:
    """Only the file that was named is opened: no other protocol, no address, no neighbour."""
    write_wav(tmp_path / "voice.wav", Audio(melody(1.0, 16_000), 16_000))
    for each in lists():
        (tmp_path / each.file).write_bytes(each.data())
        with pytest.raises(RecordingError):
            read_recording(tmp_path / each.file)


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """A pipe would be waited for, a device may do anything."""
    for _, name in places(tmp_path):
        with pytest.raises(RecordingError) as told:
            read_recording(name)
        assert len(str(told.value)) < 600


@for_each("name", ["lavfi:sine=1000", "concat:a|b", "http:x", "a%03d", "auto", "x" * 250, "\x1b]0;evil\x07"])
def test_a_name_is_a_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(wav_of(voice()))
    assert by_loudness(read_recording(tmp_path / name).samples) > 0.99


@for_each("recording", [each for each in headers() if each.right == "refused"])
def test_a_header_that_cannot_be_true_is_told_of(recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(recording.data())
    with pytest.raises(RecordingError):
        read_recording(tmp_path / "a.wav")


@for_each("recording", [each for each in altered() if each.right == "voice"][::3])
def test_a_voice_is_heard_whatever_was_done_to_it(recording: Recording, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(recording.data())
    assert by_loudness(read_recording(tmp_path / "a.wav").samples) > 0.75


def test_sixty_four_bits_are_read(tmp_path: Path) -> None:
    whole = (melody(1.0, 16_000).astype(np.float64) * 2**62).astype("<i8").tobytes()
    made = riff(chunk(b"fmt ", pcm_format(bits=64)), chunk(b"data", whole))
    (tmp_path / "a.wav").write_bytes(made)
    np.testing.assert_allclose(read_recording(tmp_path / "a.wav").samples, melody(1.0, 16_000) / 2, atol=1e-4)


@for_each("pieces", [12_000_001, 0x7FFFFFFF, 0xFFFFFFFF])
def test_an_index_that_would_fill_the_memory_is_not_made(pieces: int, tmp_path: Path) -> None:
    """A kilobyte of MP4 took 2.8 GB."""
    (tmp_path / "a.m4a").write_bytes(mp4(pieces, b"sowt"))
    with pytest.raises(RecordingError, match="more than a recording can"):
        read_recording(tmp_path / "a.m4a")
    (tmp_path / "a.m4a").write_bytes(mp4(10, b"sowt"))
    assert len(read_recording(tmp_path / "a.m4a").samples) == 10


def test_a_day_at_one_sample_a_second_is_refused(tmp_path: Path) -> None:
    """It took 6 GB: of each sample sixteen thousand were made."""
    encode(tmp_path / "a.flac", "flac", np.zeros((1, 86_400), np.int16), 1, "mono", "s16")
    with pytest.raises(RecordingError, match="has 1 samples a second"):
        read_recording(tmp_path / "a.flac")


@for_each(
    ("source", "is_one"),
    [
        ("auto", False),
        ("-", False),
        ("3", False),
        ("USB Audio 2.0", False),
        ("HDA Intel PCH: ALC257 Analog (hw:0,0)", False),
        ("question.wav", True),
        ("/nowhere/question", True),
        ("./question", True),
        ("holiday.m4a", True),
    ],
)
def test_what_is_written_like_a_file_is_one(source: str, is_one: bool) -> None:
    assert is_recording(source) is is_one


def test_a_file_without_a_suffix_is_one_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "take one").write_bytes(to_int16(np.zeros(1, np.float32)))
    assert is_recording("take one")
    assert not is_recording("take two")
