"""A take's sound on disk: whole at any moment, whoever dies; read while it is written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import wave
from pathlib import Path

import anyio
import numpy as np
import pytest

from pipeline.dictation.wav_file import Recording, StorageError, clock, length_s
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import Samples, from_int16

NOISE = from_int16(np.random.default_rng(3).integers(-32768, 32768, 48_000).astype("<i2").tobytes())


def test_what_came_in_16_bits_lies_there_bit_by_bit(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "take.wav").open()
    recording.append(NOISE)
    recording.close()
    with wave.open(str(tmp_path / "take.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert np.array_equal(from_int16(file.readframes(file.getnframes())), NOISE)


def test_it_can_be_played_while_it_grows(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "take.wav").open()
    recording.append(NOISE[:20_000])
    assert np.allclose(read_recording(tmp_path / "take.wav").samples, NOISE[:20_000], atol=1e-4)
    recording.append(NOISE[20_000:])
    assert len(read_recording(tmp_path / "take.wav").samples) == len(NOISE)
    recording.close()


def test_a_killed_program_leaves_every_sample_and_another_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    program = (
        "import sys, os, signal, numpy as np; from pathlib import Path;"
        "from pipeline.dictation.wav_file import Recording;"
        f"recording = Recording(Path({str(path)!r})).open();"
        "[recording.append(np.full(512, 0.25, np.float32)) for _ in range(100)];"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -signal.SIGKILL
    assert length_s(path) == 100 * 512 / 16_000
    assert len(read_recording(path).samples) == 51_200
    with path.open("ab") as file:
        file.write(b"\x01")  # half a sample, as a crash may leave it
    recording = Recording(path).open()
    recording.append(NOISE[:512])
    recording.close()
    with wave.open(str(path)) as file:
        assert file.getnframes() == 101 * 512


def test_nobody_else_may_hold_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "take.wav").open()
    with pytest.raises(BlockingIOError):
        Recording(tmp_path / "take.wav").open()
    recording.close()
    Recording(tmp_path / "take.wav").open().close()


@pytest.mark.anyio
async def test_a_reader_follows_the_writer_to_the_end(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "take.wav").open()
    heard: list[Samples] = []

    async def read() -> None:
        async for frame in recording.frames(begin=256):
            heard.append(frame.samples)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(read)
        for at in range(0, len(NOISE), 700):
            recording.append(NOISE[at : at + 700])
            await anyio.lowlevel.checkpoint()
        recording.finish()
    whole = np.concatenate(heard)
    assert np.array_equal(whole[: len(NOISE) - 256], NOISE[256:])
    assert all(len(frame) == 512 for frame in heard)
    assert not whole[len(NOISE) - 256 :].any()
    recording.close()


def test_a_full_disk_keeps_what_fits_and_says_so(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "take.wav").open()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (44 + 40_000, limits[1]))
    try:
        recording.append(NOISE[:16_000])
        with pytest.raises(
            StorageError, match=r"disk is full: what was said after 0:01 was not recorded\. The 0:01"
        ):
            recording.append(NOISE[16_000:])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    recording.close()
    assert np.array_equal(
        np.round(read_recording(tmp_path / "take.wav").samples, 3), np.round(NOISE[:20_000], 3)
    )


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written to"):
        Recording(tmp_path / "file" / "take.wav").open()


def test_length_and_clock(tmp_path: Path) -> None:
    assert length_s(tmp_path / "absent.wav") == 0
    assert [clock(s) for s in (0.9, 31, 3_723)] == ["0:00", "0:31", "1:02:03"]
    assert os.path.exists(tmp_path)
