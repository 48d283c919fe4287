"""The assistant over a loudspeaker: its own voice comes back into the microphone, 60 ms late."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.doctor import interruption
from config.settings.model import (
    EchoSettings,
    InterruptSettings,
    MicrophoneSettings,
    Settings,
    SpeakerSettings,
)
from pipeline.session.duplex import full_duplex, is_loudspeaker
from tests.program import Beginning, Program
from tests.surfaces.playing import play_into_microphone

TALK = (
    "talk", "--json", "--microphone", "vmic", "--speaker", "vspk",
    "--stt", "pocketsphinx", "--tts", "espeak:en-us", "--llm", "skills",
)  # fmt: skip
ROOM = "module-loopback source=speaker.monitor sink=mic_in latency_msec=60 adjust_time=0"


@pytest.fixture
def room(own_sound_card: Any) -> Any:
    """A sound card whose microphone hears its loudspeaker."""
    command = ["pactl", "load-module", *ROOM.split()]
    subprocess.run(command, env=own_sound_card.env, check=True, capture_output=True)
    return own_sound_card


class Talking:
    """``aloud talk`` and its events, as they come."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._aloud = Program(
            *TALK, beginning=Beginning(live=True), env=env, stdout=subprocess.PIPE, text=True
        )
        self._events: list[dict[str, Any]] = []
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self._aloud.stdout
        for line in self._aloud.stdout:
            with self._came:
                self._events.append(json.loads(line))
                self._came.notify_all()

    def of(self, name: str) -> list[dict[str, Any]]:
        with self._came:
            return [event for event in self._events if event["event"] == name]

    def until(self, name: str, count: int = 1, seconds: float = 20.0) -> dict[str, Any]:
        """The event of that name, the ``count``-th."""
        with self._came:
            there = self._came.wait_for(lambda: len(self.of(name)) >= count, seconds)
            assert there, f"no {name}: {self._events}"
            return self.of(name)[count - 1]

    def hear(self, recording: Path) -> None:
        play_into_microphone(recording, self._env)

    def close(self) -> None:
        self._aloud.kill()
        self._aloud.wait()
        self._thread.join()
        assert self._aloud.stdout
        self._aloud.stdout.close()


@contextmanager
def talking(env: dict[str, str]) -> Iterator[Talking]:
    aloud = Talking(env)
    try:
        yield aloud
    finally:
        aloud.close()


@pytest.fixture
def question(recordings: Path) -> Path:
    return recordings.parent.parent / "aloud" / "sample" / "capital.wav"


def ask(aloud: Talking, question: Path) -> None:
    """A question whose answer takes 13 s."""
    aloud.until("ready")
    aloud.hear(question)
    aloud.until("speaking")


def test_it_does_not_hear_itself_and_a_person_can_stop_it(
    room: Any, question: Path, recordings: Path
) -> None:
    slowly = {"ALOUD_ECHO__ENABLED": "auto", "ALOUD_TTS__SPEED": "0.4"}  # it speaks for half a minute
    with talking(room.env | slowly) as aloud:
        ask(aloud, question)
        time.sleep(5.0)
        assert len(aloud.of("speech_started")) == 1  # the question
        assert len(aloud.of("final_transcript")) == 1
        assert not aloud.of("spoke")  # still speaking
        while not aloud.of("spoke"):  # a short word over a voice as loud: heard two times in three
            aloud.hear(recordings / "stop.wav")
            time.sleep(1.0)
            if aloud.of("interrupted"):
                break
        spoke = aloud.until("spoke")
    assert not spoke["complete"]  # who is not stopped says all of it
    assert spoke["heard"].startswith("I cannot answer that: no language model is connected.")


def test_without_echo_cancelling_it_hears_itself(room: Any, question: Path) -> None:
    """So that the room is one: this is what the test above would see."""
    with talking(room.env | {"ALOUD_ECHO__ENABLED": "off", "ALOUD_INTERRUPT__ENABLED": "on"}) as aloud:
        ask(aloud, question)
        aloud.until("speech_started", 2)


CANCELS = "its own voice is taken out"
DEAF = "listens again when it has finished speaking"


@pytest.mark.parametrize(
    ("echo", "interrupt", "microphone", "sink", "says"),
    [
        ("auto", "auto", "auto", "auto", CANCELS),
        ("on", "on", "auto", "auto", CANCELS),
        ("auto", "auto", "auto", "answer.wav", "at any time."),
        ("auto", "auto", "question.wav", "auto", "at any time."),
        ("off", "auto", "auto", "auto", DEAF),
        ("off", "on", "auto", "auto", "wear headphones"),
        ("auto", "off", "auto", "auto", DEAF),
    ],
)
def test_the_doctor_says_whether_it_can_be_interrupted(
    echo: Any, interrupt: Any, microphone: str, sink: str, says: str
) -> None:
    settings = Settings(
        echo=EchoSettings(enabled=echo),
        interrupt=InterruptSettings(enabled=interrupt),
        microphone=MicrophoneSettings(source=microphone),
        speaker=SpeakerSettings(sink=sink),
    )
    assert says in interruption([], settings)
    assert full_duplex(settings, is_loudspeaker(sink)) == (says != DEAF)
