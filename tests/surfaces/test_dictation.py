"""Dictated into a sound card's microphone, which comes and goes while a take is under way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.aloud.dictated import BREAD, CAR, takes
from tests.program import Beginning, Program
from tests.spoken import sound
from tests.surfaces.playing import play_into_microphone
from voice.audio.samples import write_wav


class Dictating:
    """``aloud dictate`` at the virtual microphone, into a file."""

    def __init__(self, card: Any, out: Path, models: Path) -> None:
        self._env = card.env | {"ALOUD_HOME": os.environ["ALOUD_HOME"]}
        self._folder = out.parent
        stt = ("--stt", f"whisper:{models / 'whisper-micro'}", "--language", "en", "--llm", "skills")
        command = ("dictate", "--json", "--microphone", "vmic", "--style", "raw")
        self.process = Program(
            *command, *stt, "--to", f"file:{out}", beginning=Beginning(live=True), env=self._env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def until(self, name: str) -> dict[str, Any]:
        """The next event of that name."""
        assert self.process.stdout
        for line in self.process.stdout:
            event: dict[str, Any] = json.loads(line)
            if event["event"] == name:
                return event
        assert self.process.stderr
        raise AssertionError(f"it ended before {name}: {self.process.stderr.read()}")

    def say(self, text: str) -> None:
        path = self._folder / "said.wav"
        write_wav(path, sound(text, 0.1))
        play_into_microphone(path, self._env)

    def end(self) -> tuple[int, list[str]]:
        """By Ctrl-C; the exit status, and the sentences of standard error."""
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=30)
        # PortAudio itself writes where in its source a device failed, and cannot be told not to.
        return self.process.returncode, [e for e in errors.splitlines() if not e.startswith("Expression '")]


@contextmanager
def dictating(card: Any, out: Path, models: Path) -> Iterator[Dictating]:
    dictation = Dictating(card, out, models)
    try:
        yield dictation
    finally:
        dictation.process.kill()
        dictation.process.wait()


def test_a_microphone_that_comes_back_goes_on_with_the_take_and_one_that_does_not_costs_nothing(
    own_sound_card: Any, models: Path, tmp_path: Path
) -> None:
    out = tmp_path / "text.txt"
    with dictating(own_sound_card, out, models) as dictation:
        dictation.until("take_began")
        dictation.say(BREAD)
        assert dictation.until("final_transcript")["text"] == BREAD
        own_sound_card.kill()
        lost = dictation.until("device_lost")
        own_sound_card.start()
        found = dictation.until("device_opened")
        dictation.say(CAR)
        own_sound_card.kill()  # before the pause that would end the utterance
        dictation.until("device_lost")
        status, errors = dictation.end()
    assert (lost["device"], found["device"], status) == ("vmic", "vmic", 0)
    assert out.read_text("utf-8") == f"{BREAD} {CAR}\n"
    assert [take.state for take in takes()] == ["delivered"]
    gone = (
        "aloud: The microphone “vmic” has gone. What was said is kept. As soon as there is one, we go on."
        " To end: Ctrl-C"
    )
    assert errors == [gone, "(Now with the microphone “vmic”.)", gone, f"(Delivered to file:{out}.)"]
