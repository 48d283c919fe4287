"""Lines from a pipe on a machine with a sound card, and on one without."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.program import Program, run
from tests.surfaces.playing import play_into_microphone
from tests.surfaces.test_conversation import LIVE, TALK, until


def test_with_a_live_microphone_every_line_is_answered_and_it_goes_on_listening(
    sound_card: Any, recordings: Path, tiny_en: Path
) -> None:
    """Heard by the published Whisper: PocketSphinx takes words wrong where a busy machine breaks sound."""
    engines = ("--stt", f"whisper:{tiny_en}", "--tts", "espeak:en-us")
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with Program(*TALK, *engines, "--typed", beginning=LIVE, env=sound_card.env, **pipes) as aloud:
        try:
            assert aloud.stdin
            aloud.stdin.write("what is 2 plus 3\nwhat is 3 plus 3\n")
            aloud.stdin.close()
            for turn, answer in enumerate(("2 plus 3 is 5.", "3 plus 3 is 6.")):
                spoke = until(aloud.stdout, "spoke")
                assert (spoke["turn"], spoke["heard"], spoke["complete"]) == (turn, answer, True)
            question = recordings.parent.parent / "aloud" / "sample" / "time.wav"
            play_into_microphone(question, sound_card.env)
            said = until(aloud.stdout, "final_transcript")
            assert said["turn"] == 2
            assert "time" in said["text"]  # a busy machine breaks sound, and of it the little words
            spoke = until(aloud.stdout, "spoke")
            assert (spoke["heard"][:6], spoke["complete"]) == ("It is ", True)
        finally:
            aloud.kill()


def test_a_machine_without_sound_answers_what_is_typed(no_sound_card: dict[str, str]) -> None:
    talk = ("talk", "--llm", "skills", "--quiet")
    options: dict[str, Any] = {"beginning": LIVE, "env": no_sound_card, "text": True}
    told = run(*talk, stdin=subprocess.DEVNULL, **options)
    assert told.returncode == 4
    assert "There is no microphone on this machine. Type instead: aloud talk --typed." in told.stderr
    done = run(*talk, "--typed", input="what is 2 plus 3", **options)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Aloud: 2 plus 3 is 5.\n", "")
