"""``aloud setup`` as a person walks it in a terminal; and what it measures of a loudspeaker."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.models.catalogue import known
from config.models.choice import TURN_MODEL
from config.settings.paths import config_file
from tests.hub import Hub, model_hub
from tests.program import Beginning, Program
from tests.surfaces.test_read_aloud import Terminal

JOE = "en_US-joe-medium"


@pytest.fixture
def hub(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Of the tests' smallest models: one voice, the end of a turn."""
    with model_hub() as server:
        voice = models / "piper-micro" / "piper-micro.onnx"
        place = known(JOE).place
        server.files = {
            known(JOE).repo: {
                f"{place}/{JOE}.onnx": voice.read_bytes(),
                f"{place}/{JOE}.onnx.json": voice.with_name("piper-micro.onnx.json").read_bytes(),
            },
            known(TURN_MODEL).repo: {
                f"{TURN_MODEL}.onnx": (models / "turn-micro" / "turn-micro.onnx").read_bytes()
            },
        }
        yield server


def test_it_is_walked_with_questions_broken_off_and_taken_up_again(
    hub: Hub, no_sound_card: dict[str, str], tmp_path: Path
) -> None:
    env = no_sound_card | {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(tmp_path),
        "ALOUD_HOME": os.environ["ALOUD_HOME"],
        "LC_ALL": "en_US.UTF-8",
    }
    broken = Terminal(("setup", "--only", "llm"), env)
    broken.until(r"What shall answer\? .*\) $")
    broken.type(b"skills\n")
    broken.until(r"Write that\? .*\) $")
    broken.type(b"\x03")
    status, lines = broken.end()
    assert status == 130
    assert re.fullmatch(r"Stopped: the settings are as they were\. .* next time: \S*aloud setup", lines[-1])
    assert not config_file().exists()
    assert not hub.gets.total()

    walked = Terminal(("setup",), env)
    walked.until(r"what you answered then is marked now")
    for prompt, answer in (
        (r"Which language do you speak\?", ""),
        (r"What shall answer\?", ""),
        (r"What shall hear you\?", "pocketsphinx"),
        (r"Which of them shall be heard\?", "NUMBER"),
        (r"Fetch them\?", ""),
        (r"Write that\?", ""),
    ):
        walked.until(rf"{prompt} .*\) $")
        if answer == "NUMBER":
            (answer,) = re.findall(rf"(\d)\. {JOE}: 63 MB to fetch", walked.shown)
        walked.type(f"{answer}\n".encode())
    status, lines = walked.end()
    said = "\n".join(lines)
    assert status == 0
    assert "\x1b" not in said, "nothing is drawn where nobody sees"
    assert 'llm.engine = "skills" (now "auto")' in said
    for step in ("It spoke a sentence", "There is no microphone here",
                 "There is no loudspeaker here", "A recorded question is asked", "Heard: “"):  # fmt: skip
        assert said.count(step) >= 1, step
    written = tomllib.loads(config_file().read_text())
    assert written == {"llm": {"engine": "skills"}, "stt": {"engine": "pocketsphinx"}}


def test_the_echo_is_measured_as_loud_and_as_late_as_it_was_made(own_sound_card: Any) -> None:
    """132 ms and 18 dB less, of a virtual card, beside busy programs; by flags alone, for a program."""
    env = own_sound_card.env | {"ALOUD_HOME": os.environ["ALOUD_HOME"]}
    room = "module-loopback source=speaker.monitor sink=mic_in latency_msec=132 adjust_time=0"
    subprocess.run(["pactl", "load-module", *room.split()], env=env, check=True, capture_output=True)
    inputs = subprocess.run(
        ["pactl", "list", "short", "sink-inputs"], env=env, check=True, capture_output=True, text=True
    )
    number = inputs.stdout.split()[0]
    subprocess.run(["pactl", "set-sink-input-volume", number, "-18dB"], env=env, check=True)
    done = Program(
        "setup", "--only", "microphone", "--only", "speaker", "--microphone", "vmic", "--speaker", "vspk",
        "--json", "--quiet",
        beginning=Beginning(live=True), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    out, err = done.communicate()
    assert done.returncode == 0, err
    steps = {step["step"]: step for step in map(json.loads, out.splitlines())}
    assert steps["speaker"]["gain_db"] == pytest.approx(-18.0, abs=2.0)
    assert steps["speaker"]["delay_s"] == pytest.approx(0.132, abs=0.06)
    assert steps["speaker"]["interrupts"] is True
    assert steps["microphone"]["device"] == "vmic"
    assert steps["microphone"]["rate"] > 0
    assert tomllib.loads(config_file().read_text()) == {
        "microphone": {"source": "vmic"},
        "speaker": {"sink": "vspk"},
    }
