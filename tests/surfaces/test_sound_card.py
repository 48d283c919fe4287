"""The real ``sounddevice`` on a virtual sound card (see conftest.py), run by programs.py."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from tests.program import Beginning, Program
from tests.surfaces.playing import play_into_microphone
from voice.audio.samples import Audio, Samples, from_int16, write_wav

PROGRAMS = Path(__file__).with_name("programs.py")


def melody(seconds: float, rate: int) -> Samples:
    """A rising tone, 200 to 3000 Hz, at full level from its first sample to its last."""
    time = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * (200 * time + 1400 / seconds * time**2))).astype(np.float32)


def speech() -> Samples:
    """What the programs say, as it sounds at 48 kHz."""
    return Audio(melody(1.2, 22_050), 22_050).at_rate(48_000).samples


@contextmanager
def program(env: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    beginning = Beginning(str(PROGRAMS), live=True)
    with Program(*arguments, beginning=beginning, env=env, text=True, **pipes) as running:
        try:
            yield running
        finally:
            running.kill()


def told(stream: IO[str] | None) -> Any:
    assert stream
    line = stream.readline()
    assert line, "the program ended"
    return json.loads(line)


def run(env: dict[str, str], *arguments: str) -> Any:
    """What a program tells last; nothing else may be printed, ALSA's noise least of all."""
    with program(env, *arguments) as running:
        out, errors = running.communicate(timeout=60)
    assert errors == ""
    assert running.returncode == 0
    return json.loads(out.splitlines()[-1])


def likeness(sent: Samples, got: Samples) -> float:
    """Correlation at the best lag, 1: the same but for the level."""
    size = 1 << (len(sent) + len(got)).bit_length()
    product = np.fft.irfft(np.fft.rfft(got, size) * np.conj(np.fft.rfft(sent, size)), size)
    lag = int(np.argmax(product[: len(got)]))
    part = got[lag : lag + len(sent)]
    sent = sent[: len(part)]
    return float(sent @ part / (np.linalg.norm(sent) * np.linalg.norm(part)))


class Recorder:
    """What the virtual speaker plays, 48 kHz, and when each piece of it was heard (``time.monotonic``)."""

    def __init__(self, env: dict[str, str]) -> None:
        command = "parec -d speaker.monitor --rate=48000 --channels=1 --format=s16le --latency-msec=10"
        self._parec = subprocess.Popen(command.split(), env=env, stdout=subprocess.PIPE, bufsize=0)
        self._pieces: list[tuple[float, bytes]] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        while not self._pieces:
            time.sleep(0.01)

    def _run(self) -> None:
        assert self._parec.stdout
        while data := self._parec.stdout.read(48_000):
            self._pieces.append((time.monotonic(), data))

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self._parec.terminate()
        self._thread.join()
        self._parec.communicate()

    def samples(self) -> Samples:
        return from_int16(b"".join(data for _, data in self._pieces))

    def when(self, sample: int) -> float:
        """When this sample had been heard."""
        count = 0
        for at, data in self._pieces:
            count += len(data) // 2
            if count > sample:
                return at - (count - sample) / 48_000
        raise IndexError(sample)

    def sounding(self) -> tuple[int, int]:
        """The first and the last sample that is not silence."""
        loud = np.flatnonzero(np.abs(self.samples()) > 0.01)
        return int(loud[0]), int(loud[-1])


def test_the_microphone_hears_what_is_said(sound_card: Any, tmp_path: Path) -> None:
    write_wav(tmp_path / "said.wav", Audio(melody(1.0, 48_000), 48_000))
    with program(sound_card.env, "hear", "vmic", str(tmp_path / "heard.npy")) as running:
        ready = told(running.stdout)
        assert 0 <= ready["now"] < 0.2
        play_into_microphone(tmp_path / "said.wav", sound_card.env)
        time.sleep(0.3)
        out, errors = running.communicate("")
    assert errors == ""
    heard = np.load(tmp_path / "heard.npy")
    assert len(heard) % 512 == 0
    assert likeness(melody(1.0, 16_000), heard) > 0.99
    # Frames come as fast as they are spoken: the clock of samples and the clock on the wall agree.
    lateness = json.loads(out)["lateness"]
    assert max(lateness[10:]) - min(lateness[10:]) < 0.25


def test_the_speaker_says_what_it_is_given(sound_card: Any) -> None:
    with Recorder(sound_card.env) as recorder:
        facts = run(sound_card.env, "speak", "vspk")
        time.sleep(0.2)
    said = speech()
    assert likeness(said, recorder.samples()) > 0.99
    first, last = recorder.sounding()
    assert (last - first) / 48_000 == pytest.approx(1.2, abs=0.005)
    assert facts["samples"] == round(1.2 * 22_050)
    assert not facts["speaking"]
    assert facts["underruns"] == 0
    assert recorder.when(first) == pytest.approx(facts["due"], abs=0.1)
    assert recorder.when(last) == pytest.approx(facts["ended"], abs=0.1)


def test_a_stop_is_heard_soon_and_what_was_heard_is_known(sound_card: Any) -> None:
    with Recorder(sound_card.env) as recorder:
        facts = run(sound_card.env, "speak", "auto", "0.5")
        time.sleep(0.2)
    first, last = recorder.sounding()
    assert facts["speaking"]  # what the device was given is still leaving
    assert facts["samples"] / 22_050 == pytest.approx((last - first) / 48_000, abs=0.06)
    assert recorder.when(last) - facts["ended"] < 0.3
    said = speech()
    assert likeness(said[: last - first - 960], recorder.samples()) > 0.99


def test_a_stalled_reader_is_told_what_was_lost(sound_card: Any) -> None:
    facts = run(sound_card.env, "overflow")
    assert facts["lost"] == pytest.approx(facts["stalled"] - 0.3, abs=0.15)
    assert facts["late"] == pytest.approx(0.3, abs=0.2)  # the first frame is as old as the queue is long


def test_a_sound_server_that_dies_is_noticed_within_a_second_and_its_return_too(own_sound_card: Any) -> None:
    with program(own_sound_card.env, "outlive") as running:
        assert told(running.stdout)["ready"]
        time.sleep(0.4)
        killed = time.monotonic()
        own_sound_card.kill()
        lost = {line["sense"]: line for line in (told(running.stdout), told(running.stdout))}
        time.sleep(1.0)
        back = time.monotonic()
        own_sound_card.start()
        out, errors = running.communicate(timeout=30)
    # PortAudio itself writes where in its source a device failed, and cannot be told not to.
    assert all(line.startswith("Expression '") for line in errors.splitlines()), errors
    for sense, name in (("microphone", "vmic"), ("speaker", "vspk")):
        assert (lost[sense]["name"], lost[sense]["came"]) == (name, False)
        assert lost[sense]["at"] - killed < 1.0
    after = {line["sense"]: line for line in map(json.loads, out.splitlines())}
    assert all(after[sense]["came"] and after[sense]["at"] > back for sense in ("microphone", "speaker"))
    assert after["speech"]["heard"] == after["speech"]["all"]


def test_a_microphone_that_falls_silent_is_noticed_within_a_second(own_sound_card: Any) -> None:
    """A suspended source: the stream stays open and says nothing, not even silence."""

    def suspend(on: str) -> None:
        subprocess.run(["pactl", "suspend-source", "mic", on], env=own_sound_card.env, check=True)

    with program(own_sound_card.env, "stall") as running:
        assert told(running.stdout)["ready"]
        time.sleep(0.3)
        suspended = time.monotonic()
        suspend("1")
        lost = told(running.stdout)
        suspend("0")
        found = told(running.stdout)
        running.kill()
    assert not lost["came"]
    assert 0.4 < lost["at"] - suspended < 1.0
    assert (found["name"], found["came"]) == ("vmic", True)


def test_devices_are_found_by_name(sound_card: Any) -> None:
    facts = run(sound_card.env, "names")
    assert {"vmic", "vspk"} <= set(facts["microphones"])
    assert facts["default"] == ["default"]
    assert facts["by_part"] == "vmic"
    assert facts["by_index"] == facts["microphones"][0]
    assert "There is no microphone called “Røde”" in facts["unknown"]
    assert "vmic" in facts["unknown"]
    assert "2 speakers are called “v”: 0 vspk; 1 vmic" in facts["ambiguous"]
    assert facts["why_none"] == ""


def test_a_machine_without_sound_says_so_and_nothing_else(no_sound_card: dict[str, str]) -> None:
    facts = run(no_sound_card, "nothing", "with")
    assert facts["here"] == [False, False]
    assert "There is no microphone on this machine." in facts["said"]
    assert "There is no speaker on this machine." in facts["said"]
    assert "No sound card" in facts["why_none"]


def test_a_machine_without_portaudio_is_told_what_to_install(no_sound_card: dict[str, str]) -> None:
    facts = run(no_sound_card, "nothing", "without")
    assert facts["here"] == [False, False]
    assert "libportaudio2" in facts["said"]
    assert "PortAudio" in facts["why_none"]
