from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
import trio.testing

from config.errors import RecordingError, UsageError
from config.runtime.clock import FastLoop, Timeline
from config.settings.model import MicrophoneSettings
from voice.audio.input.microphone import FRAME_S, microphone
from voice.audio.samples import FRAME_SAMPLES, Audio, Samples, to_int16, write_wav

FAST: dict[str, Any] = {"loop_factory": FastLoop}


def noise(seconds: float) -> Samples:
    return np.random.default_rng(1).uniform(-0.9, 0.9, round(seconds * 16_000)).astype(np.float32)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    write_wav(tmp_path / "a.wav", Audio(noise(3.3), 16_000))
    return tmp_path / "a.wav"


def lost(seconds: float) -> None:
    raise AssertionError(f"lost {seconds} s")


def on_virtual_time(work: Callable[[], Awaitable[Any]]) -> Any:
    """Trio's clock that stands still while anything runs, so that times are exact."""
    clock = trio.testing.MockClock(autojump_threshold=0.01)
    return anyio.run(work, backend="trio", backend_options={"clock": clock})


async def listen(source: Path | str, until: int = 10**9) -> list[tuple[Audio, float]]:
    """The frames, and what the timeline says as each comes."""
    timeline, heard = Timeline(), []
    async with microphone(MicrophoneSettings(source=str(source)), timeline, lost) as frames:
        async for frame in frames:
            heard.append((frame, timeline.now()))
            if len(heard) == until:
                break
    return heard


def test_a_recording_comes_in_frames_padded_at_the_end(recording: Path) -> None:
    heard = anyio.run(listen, recording, backend_options=FAST)
    assert {(len(frame.samples), frame.rate, frame.samples.dtype) for frame, _ in heard} == {
        (FRAME_SAMPLES, 16_000, np.dtype(np.float32))
    }
    samples = np.concatenate([frame.samples for frame, _ in heard])
    sound = noise(3.3)
    assert len(samples) - len(sound) in range(FRAME_SAMPLES)
    np.testing.assert_allclose(samples[: len(sound)], sound, atol=1e-4)
    assert not samples[len(sound) :].any()


def test_a_frame_comes_when_its_last_sample_has_been_spoken(recording: Path) -> None:
    """On the fast clock too, where decoding in a thread costs its real time."""
    heard = anyio.run(listen, recording, backend_options=FAST)
    for number, (_, now) in enumerate(heard, 1):
        assert -1e-6 <= now - number * FRAME_S < 0.3


def test_on_a_live_clock_a_recording_takes_its_time(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", Audio(noise(0.32), 16_000))
    began = time.monotonic()
    assert len(anyio.run(listen, tmp_path / "a.wav")) == 10
    assert time.monotonic() - began >= 0.32


def test_a_late_reader_gets_every_frame_and_the_timeline_shows_it(recording: Path) -> None:
    async def late() -> list[float]:
        timeline, times = Timeline(), []
        async with microphone(MicrophoneSettings(source=str(recording)), timeline, lost) as frames:
            await anyio.sleep(2.0)
            async for _ in frames:
                times.append(timeline.now())
        return times

    times = anyio.run(late, backend_options=FAST)
    assert len(times) == -(-noise(3.3).size // FRAME_SAMPLES)
    assert times[0] == pytest.approx(2.0, abs=0.3)  # although it holds only the first 32 ms
    assert times == sorted(times)
    assert times[-1] == pytest.approx(len(times) * FRAME_S, abs=0.3)


def test_virtual_time_is_exact(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", Audio(noise(0.64), 16_000))
    heard = on_virtual_time(lambda: listen(tmp_path / "a.wav"))
    assert [now for _, now in heard] == pytest.approx([k * FRAME_S for k in range(1, 21)], abs=1e-6)


def test_what_is_no_recording_is_told_before_anything_is_heard(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no sound")
    for name in ("a.txt", "missing.wav"):
        with pytest.raises(RecordingError):
            anyio.run(listen, tmp_path / name)


def test_leaving_in_the_middle_of_a_recording(recording: Path) -> None:
    assert len(anyio.run(listen, recording, 5, backend_options=FAST)) == 5


def test_a_three_hour_recording_takes_no_more_memory(tmp_path: Path) -> None:
    """Opening and hearing the beginning of a long file reads only that."""
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes(b"\0" * 2 * 8_000)
    size = 3 * 3600 * 16_000
    with path.open("r+b") as file:
        file.write(b"RIFF" + (size + 36).to_bytes(4, "little"))
        file.seek(40)
        file.write(size.to_bytes(4, "little"))
        file.truncate(44 + size)
    script = (
        "import resource, anyio\n"
        "from config.runtime.clock import FastLoop, Timeline\n"
        "from voice.audio.input.microphone import microphone\n"
        "from config.settings.model import MicrophoneSettings\n"
        "async def main():\n"
        f"    async with microphone(MicrophoneSettings(source={str(path)!r}), Timeline(), print) as frames:\n"
        "        count, peak = 0, 0\n"
        "        async for frame in frames:\n"
        "            count += 1\n"
        "            if count == 100: peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "            if count == 15000: break\n"
        "        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak)\n"
        "anyio.run(main, backend_options={'loop_factory': FastLoop})\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 8_000  # KiB, over eight minutes of sound that would take 30 MB


# Standard input ------------------------------------------------------------------------------------


@contextmanager
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Standard input is a pipe; yields its other end, to be closed."""
    read, write = os.pipe()
    with open(read, encoding="ascii") as stdin, open(write, "wb", buffering=0) as end:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield end


def test_standard_input_is_paced_and_an_odd_byte_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = noise(1.0)
    with piped(monkeypatch) as end:
        end.write(to_int16(sound) + b"\x7f")
        end.close()
        heard = anyio.run(listen, "-", backend_options=FAST)
    samples = np.concatenate([frame.samples for frame, _ in heard])
    np.testing.assert_allclose(samples[: len(sound)], sound, atol=1e-4)
    assert len(heard) == 32
    for number, (_, now) in enumerate(heard, 1):
        assert -1e-6 <= now - number * FRAME_S < 0.3


def test_bytes_may_come_in_any_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = noise(0.1)
    pcm = to_int16(sound)

    def write(end: Any) -> None:
        for at in range(0, len(pcm), 321):
            end.write(pcm[at : at + 321])
        end.close()

    with piped(monkeypatch) as end:
        writing = threading.Thread(target=write, args=(end,))
        writing.start()
        heard = anyio.run(listen, "-", backend_options=FAST)
        writing.join()
    samples = np.concatenate([frame.samples for frame, _ in heard])
    np.testing.assert_allclose(samples[: len(sound)], sound, atol=1e-4)


def test_sound_that_comes_late_is_marked_when_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that pauses and goes on is not a backlog to be paced: its sound is new."""

    def write(end: Any) -> None:
        end.write(to_int16(noise(2 * FRAME_S)))
        time.sleep(0.6)
        end.write(to_int16(noise(2 * FRAME_S)))
        end.close()

    async def main() -> list[tuple[float, float]]:
        timeline, heard = Timeline(), []
        async with microphone(MicrophoneSettings(source="-"), timeline, lost) as frames:
            began = anyio.current_time()
            async for _ in frames:
                heard.append((anyio.current_time() - began, timeline.now()))
        return heard

    with piped(monkeypatch) as end:
        writing = threading.Thread(target=write, args=(end,))
        writing.start()
        heard = anyio.run(main)
        writing.join()
    assert [now for _, now in heard] == pytest.approx([k * FRAME_S for k in range(1, 5)], abs=0.1)
    assert heard[2][0] - heard[1][0] > 0.4
    assert heard[3][0] - heard[2][0] < 0.2


def test_waiting_for_standard_input_is_cancelled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> float:
        with anyio.move_on_after(0.1) as scope:
            await listen("-")
        assert scope.cancelled_caught
        return anyio.current_time() - scope.deadline

    with piped(monkeypatch):
        began = time.monotonic()
        anyio.run(main)
        assert time.monotonic() - began < 5  # and the loop could close: no thread hangs in the read


def test_a_program_whose_standard_input_stays_open_can_end() -> None:
    script = (
        "import anyio\n"
        "from config.runtime.clock import Timeline\n"
        "from voice.audio.input.microphone import microphone\n"
        "from config.settings.model import MicrophoneSettings\n"
        "async def main():\n"
        "    async with microphone(MicrophoneSettings(source='-'), Timeline(), print) as frames:\n"
        "        async for frame in frames: break\n"
        "    print('ended')\n"
        "anyio.run(main)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write(bytes(2048))
        program.stdin.flush()
        assert program.stdout.read() == b"ended\n"
        assert program.wait(10) == 0


def test_a_keyboard_is_no_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    with open(slave, encoding="ascii") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        with pytest.raises(UsageError, match="Standard input is not a recording"):
            anyio.run(listen, "-")
    os.close(master)
