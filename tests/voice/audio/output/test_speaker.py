from __future__ import annotations

import contextlib
import math
import os
import subprocess
import sys
import time
import wave
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import numpy as np
import pytest
import trio.testing

from config.errors import DeviceError, UsageError
from config.runtime.clock import FastLoop, in_thread
from config.settings.model import SpeakerSettings as Settings
from voice.audio.output.open import FILE_RATE
from voice.audio.output.playback_buffer import FADE_S
from voice.audio.output.speaker import Speaker, speaker
from voice.audio.samples import Audio, Samples, from_int16
from voice.audio.speech import Speech, Word


def tone(seconds: float, rate: int = FILE_RATE, hertz: float = 100.0) -> Speech:
    time = np.arange(round(seconds * rate)) / rate
    sound = (0.5 * np.cos(2 * math.pi * hertz * time)).astype(np.float32)
    half = len(sound) // 2
    return Speech("one two", Audio(sound, rate), (Word("one", 0, half), Word("two", half, len(sound))))


def on_virtual_time(work: Callable[[], Awaitable[Any]]) -> Any:
    clock = trio.testing.MockClock(autojump_threshold=0)
    return anyio.run(work, backend="trio", backend_options={"clock": clock})


def written(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, FILE_RATE)
        return from_int16(file.readframes(file.getnframes()))


def same(sound: Samples, expected: Samples) -> None:
    np.testing.assert_allclose(sound, expected, rtol=0, atol=1 / 16_000)


@pytest.fixture(params=["none", "answer.wav"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "none" if request.param == "none" else str(tmp_path / request.param)


def on_fast_time(work: Callable[[], Awaitable[Any]]) -> Any:
    return anyio.run(work, backend_options={"loop_factory": FastLoop})


@pytest.mark.parametrize(("run", "within"), [(on_virtual_time, 0.002), (on_fast_time, 0.3)])
def test_play_returns_when_the_sound_fits_and_drain_when_it_has_been_heard(
    sink: str, run: Callable[[Callable[[], Awaitable[Any]]], Any], within: float
) -> None:
    first, second = tone(0.8), tone(0.7)

    async def main() -> None:
        async with speaker(Settings(sink=sink, ahead_s=1.0)) as out:
            assert not out.speaking
            assert not out.echoes
            assert out.due() == 0
            began = anyio.current_time()
            await out.play(first)
            assert anyio.current_time() - began < within
            assert out.speaking
            assert out.due() == pytest.approx(0.8, abs=within)
            await out.play(second)  # the ring holds a second: it fits when half a second has been heard
            assert anyio.current_time() - began == pytest.approx(0.5, abs=0.05 + within)
            played = await out.drain()
            assert anyio.current_time() - began == pytest.approx(1.5, abs=within)
            assert not out.speaking
            assert [(part.speech, part.samples) for part in played] == [(first, 19_200), (second, 16_800)]
            assert await out.drain() == []

    run(main)


def test_speech_longer_than_the_ring_is_fed_piece_by_piece(tmp_path: Path) -> None:
    said = tone(5.0)

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"), ahead_s=0.3)) as out:
            began = anyio.current_time()
            await out.play(said)
            assert anyio.current_time() - began == pytest.approx(4.7, abs=0.1)
            await out.drain()
            assert anyio.current_time() - began == pytest.approx(5.0, abs=0.002)
            assert out.underruns == 0

    on_virtual_time(main)
    same(written(tmp_path / "a.wav"), said.audio.samples)


def test_a_file_has_what_was_spoken_without_the_silences_between(tmp_path: Path) -> None:
    said = [tone(0.333), tone(0.1234, hertz=220), tone(0.5, hertz=330)]

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            for speech in said:
                await anyio.sleep(7.77)
                await out.play(speech)
                if speech is said[1]:
                    await out.drain()
            await out.drain()

    for run in (on_virtual_time, on_fast_time):
        run(main)
        same(written(tmp_path / "a.wav"), np.concatenate([s.audio.samples for s in said]))


def test_speech_at_another_rate_is_resampled_and_counted_at_its_own(tmp_path: Path) -> None:
    said = tone(1.0, 16_000)

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await out.play(said)
            await anyio.sleep(0.6)
            (part,) = out.stop()
            assert part.samples == 9_600
            assert said.heard(part.samples) == "one"
            await out.play(said)
            (part,) = await out.drain()
            assert part.samples == 16_000

    on_virtual_time(main)
    assert len(written(tmp_path / "a.wav")) == 14_400 + 24_000


@pytest.mark.parametrize("after_s", [0.0, 0.0071, 0.02, 0.251, 0.9999])
def test_a_stop_cuts_the_file_where_it_was_heard(tmp_path: Path, after_s: float) -> None:
    said = tone(1.0)

    async def main() -> int:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await out.play(said)
            await anyio.sleep(after_s)
            (part,) = out.stop()
            assert not out.speaking
            assert out.due() == 0
            assert out.stop() == []
            await anyio.sleep(5)
            return part.samples

    heard = on_virtual_time(main)
    assert heard == round(after_s * FILE_RATE)
    sound = written(tmp_path / "a.wav")
    assert len(sound) == heard
    faded = min(round(FADE_S * FILE_RATE), heard)
    same(sound[: heard - faded], said.audio.samples[: heard - faded])


def test_speech_after_a_stop_begins_at_once(tmp_path: Path) -> None:
    first, second = tone(1.0), tone(0.2, hertz=300)

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await out.play(first)
            await anyio.sleep(0.105)
            out.stop()
            began = anyio.current_time()
            await out.play(second)
            await out.drain()
            assert anyio.current_time() - began == pytest.approx(0.2, abs=1e-3)

    on_virtual_time(main)
    same(written(tmp_path / "a.wav")[-4800:], second.audio.samples)


def test_a_cancelled_play_leaves_what_it_has_put_and_stop_clears_it(sink: str) -> None:
    async def main() -> None:
        async with speaker(Settings(sink=sink, ahead_s=0.5)) as out:
            said = tone(3.0)
            with anyio.move_on_after(1.0):
                await out.play(said)
            assert out.speaking
            (part,) = out.stop()
            assert part.samples == 24_000
            assert not out.speaking
            await out.play(said)
            assert [part.samples for part in await out.drain()] == [72_000]

    on_virtual_time(main)


def test_a_stop_ends_a_play_that_waits(sink: str) -> None:
    async def main() -> None:
        async with speaker(Settings(sink=sink, ahead_s=0.5)) as out, anyio.create_task_group() as group:
            group.start_soon(out.play, tone(60.0))
            await anyio.sleep(1.0)
            (part,) = out.stop()
            assert part.samples == 24_000
            began = anyio.current_time()
            await out.play(tone(0.1))  # the one that waited has let go
            assert anyio.current_time() - began < 0.3
            await out.drain()

    on_virtual_time(main)


def test_a_stop_ends_a_drain_which_then_accounts_for_nothing(sink: str) -> None:
    async def main() -> None:
        async with speaker(Settings(sink=sink)) as out, anyio.create_task_group() as group:
            await out.play(tone(0.9))

            async def drain() -> None:
                assert await out.drain() == []

            group.start_soon(drain)
            await anyio.sleep(0.3)
            assert [part.samples for part in out.stop()] == [7_200]
            later = tone(0.5)
            await out.play(later)
            assert [(part.speech, part.samples) for part in await out.drain()] == [(later, 12_000)]

    on_virtual_time(main)


def test_two_who_speak_at_once_do_not_mix(tmp_path: Path) -> None:
    one, other = tone(2.0), tone(2.0, hertz=300)

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"), ahead_s=0.5)) as out:
            async with anyio.create_task_group() as group:
                group.start_soon(out.play, one)
                await anyio.sleep(0.01)
                group.start_soon(out.play, other)
            await out.drain()

    on_virtual_time(main)
    expected = np.concatenate([one.audio.samples, other.audio.samples])
    same(written(tmp_path / "a.wav"), expected)


def test_ducking_turns_down_and_restore_up_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await out.play(tone(1.0))
            await anyio.sleep(0.3)
            out.duck(20.0)
            await anyio.sleep(0.4)
            out.resume()
            await out.drain()

    on_virtual_time(main)
    sound = written(tmp_path / "a.wav")

    def level(begin: float, end: float) -> float:
        return float(np.abs(sound[round(begin * FILE_RATE) : round(end * FILE_RATE)]).max())

    assert level(0.0, 0.3) == pytest.approx(0.5, abs=0.001)
    assert level(0.34, 0.7) == pytest.approx(0.05, abs=0.001)
    assert level(0.74, 1.0) == pytest.approx(0.5, abs=0.001)


def test_nothing_happens_while_nothing_is_spoken() -> None:
    """An idle speaker sets no timer: the virtual clock would run on if it did."""

    async def main() -> float:
        async with speaker(Settings(sink="none")) as out:
            await out.play(tone(0.1))
            await out.drain()
            statistics = [trio.lowlevel.current_statistics()]
            await anyio.lowlevel.checkpoint()
            statistics.append(trio.lowlevel.current_statistics())
            return min(each.seconds_to_next_deadline for each in statistics)

    assert on_virtual_time(main) == math.inf


def test_the_file_can_be_played_although_the_program_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    script = (
        "import anyio, os, numpy as np\n"
        "from config.settings.model import SpeakerSettings\n"
        "from voice.audio.output.speaker import speaker\n"
        "from voice.audio.samples import Audio\nfrom voice.audio.speech import Speech\n"
        "async def main():\n"
        f"    async with speaker(SpeakerSettings(sink={str(path)!r})) as out:\n"
        "        await out.play(Speech('', Audio(np.full(24000, .5, np.float32), 24000), ()))\n"
        "        await anyio.sleep(0.3)\n"
        "        os.kill(os.getpid(), 9)\n"
        "anyio.run(main)\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    sound = written(path)
    assert 0.2 * FILE_RATE < len(sound) < 0.6 * FILE_RATE
    same(sound, np.full(len(sound), 0.5))


def test_leaving_keeps_what_was_heard_and_raises_what_was_raised(tmp_path: Path) -> None:
    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await out.play(tone(1.0))
            await anyio.sleep(0.25)
            raise KeyError("as it is, in no group")

    with pytest.raises(KeyError):
        on_virtual_time(main)
    assert len(written(tmp_path / "a.wav")) == 6_000


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    async def main(path: Path) -> None:
        async with speaker(Settings(sink=str(path))):
            raise AssertionError("it opened")

    (tmp_path / "folder.wav").mkdir()
    for path in (tmp_path / "nowhere" / "a.wav", tmp_path / "folder.wav"):
        with pytest.raises(UsageError) as told:
            anyio.run(main, path)
        assert str(path) in told.value.failed


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """The kernel's own full device."""
    (tmp_path / "a.wav").symlink_to("/dev/full")

    async def main(out: Speaker) -> None:
        await out.play(tone(0.5))
        await out.drain()

    async def opened() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"))) as out:
            await main(out)

    with pytest.raises(DeviceError, match="No space left on device"):
        anyio.run(opened)


# Standard output -----------------------------------------------------------------------------------


def test_standard_output_gets_the_sound_when_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    said = tone(0.4)
    read, write = os.pipe()
    with open(read, "rb", buffering=0) as end:
        with open(write, "w", encoding="ascii") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)

            async def main() -> None:
                async with speaker(Settings(sink="-")) as out:
                    began = time.monotonic()
                    await out.play(said)
                    first = await in_thread(os.read, read, 10_000)
                    assert len(first) < 0.3 * FILE_RATE * 2
                    await out.drain()
                    assert time.monotonic() - began >= 0.39
                    rest.append(first)

            rest: list[bytes] = []
            anyio.run(main)
        sound = from_int16(rest[0] + end.read())
    same(sound, said.audio.samples)


def test_what_standard_output_was_given_counts_as_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    with open(read, "rb", buffering=0) as end:
        with open(write, "w", encoding="ascii") as stdout:
            monkeypatch.setattr(sys, "stdout", stdout)

            async def main() -> int:
                async with speaker(Settings(sink="-")) as out:
                    await out.play(tone(1.0))
                    await anyio.sleep(0.3)
                    (part,) = out.stop()
                    await out.drain()
                    return part.samples

            heard = anyio.run(main)
        sound = from_int16(end.read())
    fade = round(FADE_S * FILE_RATE)
    assert heard == len(sound) - fade
    assert np.abs(sound[-fade // 8 :]).max() < 0.07


def test_a_broken_pipe_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    with open(write, "w", encoding="ascii") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        os.close(read)

        async def main() -> None:
            async with speaker(Settings(sink="-")) as out:
                await out.play(tone(0.2))
                await out.drain()

        with pytest.raises(DeviceError, match="Nobody takes the sound"):
            anyio.run(main)


def test_a_reader_that_does_not_read_holds_nothing_else_up(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    with open(read, "rb", buffering=0), open(write, "w", encoding="ascii") as stdout:
        monkeypatch.setattr(sys, "stdout", stdout)
        os.set_blocking(write, False)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(write, bytes(4096))
        os.set_blocking(write, True)

        async def main() -> None:
            async with speaker(Settings(sink="-")) as out:
                await out.play(tone(0.2))
                began = time.monotonic()
                await anyio.sleep(0.1)
                assert time.monotonic() - began < 5

        anyio.run(main)  # and the program can end


def test_a_screen_cannot_take_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        async with speaker(Settings(sink="-")):
            raise AssertionError("it opened")

    master, slave = os.openpty()
    with open(slave, "w", encoding="ascii") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        with pytest.raises(UsageError, match="is a screen"):
            anyio.run(main)
    os.close(master)


@pytest.mark.parametrize("rate", [FILE_RATE, 22_050, 16_000])
def test_pieces_of_a_sentence_have_no_seam_and_are_counted_exactly(tmp_path: Path, rate: int) -> None:
    whole = tone(1.5, rate)
    cuts = [0, rate // 3, rate // 2 + 7, len(whole.audio.samples)]
    pieces = [
        Speech("", Audio(whole.audio.samples[a:b], rate), (), more=b < cuts[-1]) for a, b in pairwise(cuts)
    ]

    async def main() -> None:
        async with speaker(Settings(sink=str(tmp_path / "a.wav"), ahead_s=1.0)) as out:
            for piece in pieces:
                await out.play(piece)
            played = await out.drain()
            assert [part.samples for part in played] == [len(piece.audio.samples) for piece in pieces]
            for piece in pieces:
                await out.play(piece)
                await anyio.sleep(0.2)
            heard = sum(part.samples for part in out.stop())
            assert heard / rate == pytest.approx(0.7, abs=0.002)  # the last fits at 0.5 s
            await out.play(whole)  # nothing is left of the sentence that was stopped
            [part] = await out.drain()
            assert part.samples == len(whole.audio.samples)

    on_virtual_time(main)
    sound = written(tmp_path / "a.wav")
    expected = whole.audio.at_rate(FILE_RATE).samples
    same(sound[: len(expected)], expected)
    same(sound[-len(expected) :], expected)
