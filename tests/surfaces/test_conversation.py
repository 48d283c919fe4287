"""The whole assistant on a sound card: it is asked through the microphone and heard from the loudspeaker."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from tests.program import Beginning, Program
from tests.surfaces.playing import play_into_microphone
from voice.audio.samples import Audio, Samples, from_int16
from voice.stt.base import hear
from voice.stt.whisper.engine import Whisper
from voice.tts.espeak import Espeak

TALK = ("talk", "--json", "--microphone", "vmic", "--speaker", "vspk", "--llm", "skills")
LIVE = Beginning(live=True)


@contextmanager
def talking(env: dict[str, str], *options: str) -> Iterator[subprocess.Popen[str]]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with Program(*TALK, *options, beginning=LIVE, env=env, text=True, **pipes) as aloud:
        try:
            yield aloud
        finally:
            aloud.kill()


@contextmanager
def recording(env: dict[str, str], path: Path) -> Iterator[None]:
    """What the loudspeaker plays, raw at 16 kHz."""
    # parec's own buffer would keep the last two seconds back: ask for a short one.
    monitor = ["parec", "-d", "speaker.monitor", "--rate=16000", "--channels=1", "--latency-msec=20"]
    with path.open("wb") as out, subprocess.Popen(monitor, env=env, stdout=out) as parec:
        try:
            yield
        finally:
            parec.terminate()


def until(stream: IO[str] | None, name: str) -> dict[str, Any]:
    """The next event of that name. Those on the way to it are printed: a test that fails shows them."""
    assert stream is not None
    for line in stream:
        print(line, end="")
        event: dict[str, Any] = json.loads(line)
        if event["event"] == name:
            return event
    raise AssertionError(f"Aloud ended before {name}")


def test_a_question_through_the_microphone_is_answered_from_the_loudspeaker(
    sound_card: Any, recordings: Path, tmp_path: Path, tiny_en: Path, joe: Path, hearing: Whisper
) -> None:
    """On published models; what the loudspeaker played is written down again by Whisper."""
    heard = tmp_path / "heard.raw"  # not a pipe: nobody would empty it
    engines = ("--stt", f"whisper:{tiny_en}", "--tts", f"piper:{joe}")
    with talking(sound_card.env, *engines) as aloud, recording(sound_card.env, heard):
        until(aloud.stdout, "ready")
        question = recordings.parent.parent / "aloud" / "sample" / "sum.wav"
        play_into_microphone(question, sound_card.env)
        said = until(aloud.stdout, "final_transcript")
        spoke = until(aloud.stdout, "spoke")
        done = until(aloud.stdout, "turn_done")
        time.sleep(0.2)
    sound = from_int16(heard.read_bytes())
    assert said["text"] == "What is 12 times 11?"
    assert spoke["complete"]
    assert spoke["heard"] == "12 times 11 is 132."
    assert done["latency"]["audible"] > done["latency"]["speech_end"] + 0.3
    # The answer takes about 2 s and is the only sound in the room.
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    assert 1.0 < (loud[-1] - loud[0]) / 16_000 < 4.0
    assert "132" in hear(hearing, Audio(sound, 16_000)).text


def test_a_sound_server_that_dies_in_mid_answer_and_returns(
    own_sound_card: Any, recordings: Path, tmp_path: Path, tiny_en: Path
) -> None:
    """Nothing is lost: the answer goes on at the word, and the next question is heard.

    The first question is typed, the next heard by the published Whisper: PocketSphinx takes a word wrong
    where a busy machine breaks the sound, and that is no part of this.
    """
    engines = ("--stt", f"whisper:{tiny_en}", "--tts", "espeak:en-us")
    card = own_sound_card
    sample = recordings.parent.parent / "aloud" / "sample"

    def sounding(samples: Samples) -> float:
        """Seconds from the first sound to the last."""
        loud = np.flatnonzero(np.abs(samples) > 0.02)
        return float(loud[-1] - loud[0]) / 16_000

    # Recorded before there is anything to hear: a sink nobody listens to is two seconds ahead.
    with recording(card.env, tmp_path / "before.raw"), talking(card.env, *engines, "--typed") as aloud:
        until(aloud.stdout, "ready")
        assert aloud.stdin
        aloud.stdin.write("What is 2000 plus 300 plus 40 plus 5?\n")
        aloud.stdin.close()
        until(aloud.stdout, "speaking")
        time.sleep(2.5)
        card.kill()
        lost = until(aloud.stdout, "device_lost")
        time.sleep(0.5)
        card.start()
        with recording(card.env, tmp_path / "after.raw"):
            until(aloud.stdout, "device_opened")
            spoke = until(aloud.stdout, "spoke")
            time.sleep(0.2)
        play_into_microphone(sample / "sum.wav", card.env)
        said = until(aloud.stdout, "final_transcript")
    assert lost["device"] in ("vmic", "vspk")
    assert spoke["complete"]
    assert said["text"] == "What is 12 times 11?"
    whole = sounding(Espeak("en-us").say(spoke["heard"]).audio.at_rate(16_000).samples)
    parts = (from_int16((tmp_path / name).read_bytes()) for name in ("before.raw", "after.raw"))
    both = sum(sounding(part) for part in parts)
    # The word that was cut is said again; what lay between the server's end and its notice is too. Said in
    # clauses, as it was, its pauses are a little shorter.
    assert whole - 0.5 < both < whole + 2.0
