"""Devices that come and go while others stay (for a whole server: test_sound_card, test_conversation)."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.program import Beginning, Program

PROGRAMS = Path(__file__).with_name("programs.py")


@contextmanager
def program(env: dict[str, str], name: str) -> Iterator[subprocess.Popen[str]]:
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with Program(name, beginning=Beginning(str(PROGRAMS), live=True), env=env, text=True, **pipes) as it:
        hung = threading.Timer(60, it.kill)  # a pipe is read without a bound
        hung.start()
        try:
            yield it
        finally:
            hung.cancel()
            it.kill()


def told(running: subprocess.Popen[str]) -> Any:
    assert running.stdout
    line = running.stdout.readline()
    assert line, running.stderr and running.stderr.read()
    return json.loads(line)


def pactl(card: Any, *command: str) -> None:
    subprocess.run(["pactl", *command], env=card.env, check=True, capture_output=True)


def test_a_microphone_that_is_lost_does_not_cut_the_answer(own_sound_card: Any) -> None:
    """It is looked for in vain all the while, and neither called back too soon nor at the answer's cost."""
    with program(own_sound_card.env, "deafened") as running:
        assert told(running)["ready"]
        time.sleep(0.3)
        lost = time.monotonic()
        pactl(own_sound_card, "suspend-source", "mic", "1")
        gone, speech = told(running), told(running)
        resumed = time.monotonic()
        pactl(own_sound_card, "suspend-source", "mic", "0")
        back = told(running)
        out, errors = running.communicate("\n", timeout=30)
    assert (gone["sense"], gone["came"]) == ("microphone", False)
    assert gone["at"] - lost < 1.0
    assert speech["heard"] == speech["all"]
    assert speech["took"] < 4.6  # the loudspeaker was never closed: no word came twice
    assert (back["sense"], back["came"]) == ("microphone", True)
    assert back["at"] > resumed
    assert out == errors == ""


def test_when_the_named_speaker_does_not_return_the_default_takes_its_part(own_sound_card: Any) -> None:
    """The headset is still called by its name, and cannot be opened."""
    with program(own_sound_card.env, "outlive") as running:
        assert told(running)["ready"]
        time.sleep(0.4)
        own_sound_card.kill()
        own_sound_card.start(without="speaker")
        facts: list[dict[str, Any]] = []
        while not facts or facts[-1]["sense"] != "speech":
            facts.append(told(running))
        running.communicate(timeout=30)
    came = {fact["sense"]: fact["name"] for fact in facts if fact.get("came")}
    assert came["microphone"] == "vmic"
    assert came["speaker"] in ("default", "pulse")  # of the same server
    assert facts[-1]["heard"] == facts[-1]["all"]


def test_a_named_speaker_that_the_server_does_not_have_is_refused_though_another_stream_runs(
    own_sound_card: Any,
) -> None:
    """PortAudio alone loses the failure, and waits for ever (``voice.audio.devices.alsa``)."""
    own_sound_card.kill()
    own_sound_card.start(without="speaker")
    with program(own_sound_card.env, "refused") as running:
        for _ in range(10):
            fact = told(running)
            assert "“vspk” could not be opened" in fact["failed"]
            assert fact["took"] < 1.0
