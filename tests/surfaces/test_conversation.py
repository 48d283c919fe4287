"""The whole assistant on a sound card: it is asked through the microphone and heard from the loudspeaker."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from voice.audio import from_int16

TALK = (
    sys.executable, "-m", "aloud", "talk", "--json", "--microphone", "vmic", "--speaker", "vspk",
    "--ears", "pocketsphinx", "--mouth", "espeak:en-us", "--mind", "skills",
)  # fmt: skip


@contextmanager
def talking(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(TALK, env=env, **pipes) as aloud:
        try:
            yield aloud
        finally:
            aloud.kill()


def until(stream: IO[str] | None, name: str) -> dict[str, Any]:
    """The next event of that name."""
    assert stream is not None
    for line in stream:
        event: dict[str, Any] = json.loads(line)
        if event["event"] == name:
            return event
    raise AssertionError(f"Aloud ended before {name}")


def test_a_question_through_the_microphone_is_answered_from_the_loudspeaker(
    sound_card: Any, recordings: Path, tmp_path: Path
) -> None:
    # parec's own buffer would keep the last two seconds back: ask for a short one.
    monitor = ["parec", "-d", "speaker.monitor", "--rate=16000", "--channels=1", "--latency-msec=20"]
    heard = tmp_path / "heard.raw"  # not a pipe: nobody would empty it
    with (
        talking(sound_card.env) as aloud,
        heard.open("wb") as out,
        subprocess.Popen(monitor, env=sound_card.env, stdout=out) as parec,
    ):
        until(aloud.stdout, "ready")
        question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
        subprocess.run(["paplay", "-d", "mic_in", str(question)], env=sound_card.env, check=True)
        said = until(aloud.stdout, "said")
        spoke = until(aloud.stdout, "spoke")
        done = until(aloud.stdout, "turn_done")
        time.sleep(0.2)
        parec.terminate()
    sound = from_int16(heard.read_bytes())
    assert said["text"].lower() == "what is twelve times eleven"
    assert spoke["complete"]
    assert spoke["heard"] == "Twelve times eleven is 132."
    assert done["latency"]["audible"] > done["latency"]["speech_end"] + 0.38
    # The answer takes about 2 s and is the only sound in the room.
    loud = np.abs(sound) > 0.02
    assert 1.0 < np.flatnonzero(loud)[-1] / 16_000 - np.flatnonzero(loud)[0] / 16_000 < 4.0


def test_a_sound_server_that_dies_ends_the_conversation_with_a_sentence(own_sound_card: Any) -> None:
    with talking(own_sound_card.env) as aloud:
        until(aloud.stdout, "ready")
        own_sound_card.kill()
        out, errors = aloud.communicate(timeout=20)
    ours = [line for line in errors.splitlines() if line.startswith("aloud: ")]
    assert aloud.returncode == 4, (out, errors)
    assert len(ours) == 1
    assert "has gone" in ours[0]
    assert "Traceback" not in errors
