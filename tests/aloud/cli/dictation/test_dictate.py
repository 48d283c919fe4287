"""Dictation as a person has it: spoken, commanded, delivered, kept. Real STT, a real voice, real files."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config.settings.paths import state_dir
from pipeline.dictation.wav_file import length_s
from tests.aloud.dictated import BREAD, CAR, PLANTS, also_obey, takes
from tests.people import person, wrong
from tests.program import Program
from tests.screens import until
from tests.serving import model_server
from tests.spoken import sound
from voice.audio.input.audio_file import read_recording
from voice.audio.output.earcons import cue
from voice.audio.samples import HEARING_RATE, Audio, to_int16, write_wav

Call = Callable[..., Any]


@pytest.fixture
def stt(models: Path) -> tuple[str, ...]:
    return ("--stt", f"whisper:{models / 'whisper-micro'}", "--language", "en", "--llm", "skills")


@pytest.fixture
def own_commands() -> None:
    """ "Send a message to Peter" is this person's "send it"."""
    also_obey("send", "send a message to peter")
    also_obey("read_back", "read the text back to me")


def test_a_person_who_reads_gets_what_was_read(aloud: Call, tiny_en: Path, tmp_path: Path) -> None:
    """The published Whisper, through the pauses of a reader; nobody watches the words come."""
    path = tmp_path / "read.wav"
    write_wav(path, person("two_cities", 0.0, 4.6))
    stt = ("--stt", f"whisper:{tiny_en}", "--language", "en", "--llm", "skills")
    outcome = aloud("dictate", "--fast", "--quiet", "--microphone", str(path), *stt)
    assert outcome.status == 0, outcome.err
    assert wrong("It was the best of times, it was the worst of times,", outcome.out) <= 0.1
    assert outcome.out[0] == "I"
    assert outcome.out.count("\n") == 1


def test_one_take_is_one_record_on_standard_output(aloud: Call, say: Call, stt: tuple[str, ...]) -> None:
    outcome = aloud("dictate", "--fast", *say(PLANTS, BREAD), *stt, "--quiet")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == f"Remind me in 20 minutes to water the plants. {BREAD}\n"
    (take,) = takes()
    assert (take.state, take.raw) == ("delivered", f"{PLANTS} {BREAD}")
    assert not list((state_dir() / "takes").iterdir()), "no recording of what was delivered is kept"


def test_events_tell_words_as_they_come_and_deliver_the_final_text(
    aloud: Call, say: Call, stt: tuple[str, ...]
) -> None:
    outcome = aloud("dictate", "--fast", "--json", "--style", "raw", *say(BREAD), *stt)
    assert outcome.status == 0, outcome.err
    names = [event["event"] for event in outcome.events if event["event"] != "interim_transcript"]
    assert names == [
        "ready", "take_began", "speech_started", "final_transcript",
        "wrote", "take_ended", "rewrote", "delivered", "take_done",
    ]  # fmt: skip
    partial = outcome.of("interim_transcript")
    assert partial[-1]["committed"] == BREAD
    assert partial[1]["committed"] and partial[1]["committed"] != BREAD  # noqa: PT018
    (delivered,), (done,) = outcome.of("delivered"), outcome.of("take_done")
    assert (delivered["text"], delivered["target"], done["state"]) == (BREAD, "stdout", "delivered")
    assert done["speech_end"] < done["heard"] <= done["done"]


def test_commands_between_pauses_and_stop_by_voice(aloud: Call, say: Call, stt: tuple[str, ...]) -> None:
    said = say(PLANTS, "Undo that.", BREAD, "Stop dictation.", CAR)
    outcome = aloud("dictate", "--fast", "--explain", *said, *stt)
    assert (outcome.status, outcome.out) == (0, f"{BREAD}\n")
    assert takes()[0].raw == f"{PLANTS} Undo that. {BREAD} Stop dictation."
    stages = [line for line in outcome.err.splitlines() if line.startswith("──")]
    names = [line.split()[1].rstrip(":") for line in stages]
    assert names[:3] == ["said", "commanded", "fillers"]
    assert names[-1] == "clean"


@pytest.mark.usefixtures("own_commands")
def test_send_it_delivers_and_goes_on_and_undo_takes_it_back(
    aloud: Call, say: Call, stt: tuple[str, ...], tmp_path: Path
) -> None:
    out = tmp_path / "notes.md"
    said = say(BREAD, "Send a message to Peter.", "Undo that.", CAR, "Send a message to Peter.", 0.2, PLANTS)
    outcome = aloud("dictate", "--fast", "--style", "raw", "--to", f"file:{out}", *said, *stt)
    assert outcome.status == 0, outcome.err
    assert [take.final for take in takes()] == [BREAD, CAR, PLANTS]
    assert "(Taken back from notes.md.)" in outcome.err
    assert out.read_text("utf-8") == f"{CAR}\n{PLANTS}\n"
    assert [take.state for take in takes()] == ["delivered"] * 3


def test_a_new_take_sets_the_old_one_aside_and_it_can_be_had_none_the_less(
    aloud: Call, say: Call, stt: tuple[str, ...]
) -> None:
    said = say(BREAD, "Start over.", CAR, "Make it more friendly.")
    outcome = aloud("dictate", "--fast", "--style", "raw", *said, *stt)
    assert (outcome.status, outcome.out) == (6, f"{CAR}\n"), "a wish is no text"
    assert "(No model is connected: the text is as it was.)" in outcome.err
    assert [take.state for take in takes()] == ["cancelled", "delivered"]
    again = aloud("dictate", "--retry", "1", *stt)
    assert (again.status, again.out) == (0, f"{BREAD}\n")
    nothing = aloud("dictate", "--retry", *stt)
    assert (nothing.status, nothing.out) == (0, "")
    assert "Every take has been delivered." in nothing.err


@pytest.mark.usefixtures("own_commands")
def test_read_that_back_speaks_the_text(aloud: Call, say: Call, stt: tuple[str, ...], tmp_path: Path) -> None:
    spoken = tmp_path / "spoken.wav"
    said = say(BREAD, "Read the text back to me.", 4.0)
    without = aloud("dictate", "--fast", *said, *stt, "--speaker", "none", "--to", "speak")
    assert without.status == 4
    assert "There is no loudspeaker on this machine. Take 1 is kept." in without.err
    outcome = aloud(
        "dictate", "--fast", "--quiet", *said, *stt, "--speaker", str(spoken), "--tts", "espeak:en-us"
    )
    assert (outcome.status, outcome.out) == (0, f"{BREAD}\n")
    assert 1.5 < read_recording(spoken).seconds < 20
    assert abs(read_recording(spoken).samples).max() > 0.1


def test_hands_free_each_take_begins_with_the_wake_word_and_ends_in_silence(
    aloud: Call, say: Call, stt: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALOUD_DICTATE__PAUSE_S", "3")
    said = say(CAR, "Okay Nabu", BREAD, 5.0, CAR, "Okay Nabu", PLANTS, 1.0)
    outcome = aloud("dictate", "--fast", "--wake-word", "--style", "raw", *said, *stt)
    assert (outcome.status, outcome.out) == (0, f"{BREAD}\n{PLANTS}\n"), outcome.err


def test_the_wake_word_is_answered_by_a_sound_unless_there_are_to_be_none(
    aloud: Call, say: Call, stt: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALOUD_DICTATE__PAUSE_S", "3")
    sounded, asked = tmp_path / "sounded.wav", ("dictate", "--fast", "--wake-word", "--style", "raw")
    said = say(1.0, "Okay Nabu", BREAD, 1.0)
    outcome = aloud(*asked, *said, *stt, "--speaker", str(sounded))
    assert (outcome.status, outcome.out) == (0, f"{BREAD}\n"), outcome.err
    listening = cue("listening", 24_000).audio
    assert read_recording(sounded).seconds == pytest.approx(listening.seconds, abs=0.05)
    assert abs(read_recording(sounded).samples).max() == pytest.approx(abs(listening.samples).max(), abs=0.02)
    monkeypatch.setenv("ALOUD_EARCONS__ENABLED", "false")
    sounded.unlink()
    outcome = aloud(*asked, *said, *stt, "--speaker", str(sounded))
    assert (outcome.status, outcome.out, sounded.exists()) == (0, f"{BREAD}\n", False)


def test_the_sound_at_the_wake_word_may_be_heard_by_the_microphone(
    aloud: Call, stt: tuple[str, ...], tmp_path: Path
) -> None:
    """It is no word, and swallows none: the first one may be said with it."""
    said, path = sound(0.3, BREAD, 1.0), tmp_path / "said.wav"
    listening = cue("listening", HEARING_RATE).audio.samples
    begin = round(0.15 * HEARING_RATE)
    samples = said.samples.copy()
    samples[begin : begin + len(listening)] += listening
    write_wav(path, Audio(samples, HEARING_RATE))
    outcome = aloud("dictate", "--fast", "--style", "raw", "--microphone", str(path), *stt)
    assert (outcome.status, outcome.out) == (0, f"{BREAD}\n"), outcome.err


# A process of its own: signals and keys --------------------------------------------------------------------


def start(*arguments: str, stdin: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    return Program("dictate", *arguments, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def await_event(process: subprocess.Popen[bytes], name: str) -> None:
    assert process.stdout
    for line in process.stdout:
        if f'"event": "{name}"'.encode() in line:
            return
    assert process.stderr
    raise AssertionError(process.stderr.read().decode())


def test_a_second_toggle_ends_the_take(aloud: Call, stt: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "text.txt"
    arguments = (
        "--toggle",
        "--microphone",
        "-",
        "--fast",
        "--json",
        "--style",
        "raw",
        "--to",
        f"file:{out}",
        *stt,
    )
    process = start(*arguments)
    assert process.stdin
    await_event(process, "take_began")
    said = sound(0.2, BREAD, 0.3)
    process.stdin.write(to_int16(said.samples))
    process.stdin.flush()
    await_event(process, "interim_transcript")
    (recording,) = (state_dir() / "takes").iterdir()
    until(lambda: length_s(recording) > said.seconds - 0.1)
    second = aloud("dictate", *arguments)
    assert (second.status, second.out) == (0, "")
    rest, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    assert out.read_text("utf-8") == f"{BREAD}\n"
    assert b'"by": "end"' in rest


def test_ctrl_c_while_it_is_asleep_ends_it_without_a_word(stt: tuple[str, ...]) -> None:
    process = start("--toggle", "--wake-word", "--microphone", "-", "--json", "--speaker", "none", *stt)
    await_event(process, "slept")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors.decode()) == (130, "")


def test_ctrl_c_before_piped_sound_has_ended_keeps_the_take_and_says_so(
    aloud: Call, stt: tuple[str, ...]
) -> None:
    process = start("--microphone", "-", "--json", "--style", "raw", *stt)
    assert process.stdin
    await_event(process, "take_began")
    said = sound(0.2, BREAD, 0.3)
    process.stdin.write(to_int16(said.samples))
    process.stdin.flush()
    (recording,) = (state_dir() / "takes").iterdir()
    until(lambda: length_s(recording) > said.seconds - 0.1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    kept = "aloud: It was interrupted. Take 1 is kept. Once more: aloud dictate --retry 1\n"
    assert (process.returncode, errors.decode()) == (130, kept)
    assert aloud("dictate", "--retry", *stt).out == f"{BREAD}\n"


def test_ctrl_c_while_a_mind_writes_keeps_the_take_and_says_so(aloud: Call, stt: tuple[str, ...]) -> None:
    let_go = threading.Event()
    with model_server(lambda asked: str(let_go.wait(20))) as llm:
        process = start("--toggle", "--microphone", "-", "--fast", "--json", *stt[:-1], llm.spec)
        assert process.stdin
        process.stdin.write(to_int16(sound(0.2, BREAD, 1.0).samples))
        process.stdin.close()
        until(lambda: llm.chats)
        process.send_signal(signal.SIGINT)
        process.stdin = None
        _, errors = process.communicate()
        let_go.set()
    assert process.returncode == 130
    kept = "aloud: It was interrupted. Take 1 is kept. Once more: aloud dictate --retry 1\n"
    assert errors.decode() == kept
    assert aloud("dictate", "--retry", *stt).out == f"{BREAD}\n"


def test_push_to_talk_records_between_two_taps(stt: tuple[str, ...], say: Call) -> None:
    ours, theirs = pty.openpty()
    process = start("--push-to-talk", *say(BREAD, 1.5, CAR), "--style", "raw", "--json", *stt, stdin=theirs)
    os.close(theirs)
    await_event(process, "ready")
    os.write(ours, b" ")
    await_event(process, "final_transcript")
    os.write(ours, b" ")
    await_event(process, "delivered")
    os.write(ours, b"q")
    rest, errors = process.communicate()
    os.close(ours)
    assert process.returncode == 0, errors.decode()
    assert [take.final for take in takes()] == [BREAD]
    assert b"take_began" not in rest


def test_a_killed_take_is_found_and_delivered_once(
    aloud: Call, stt: tuple[str, ...], tmp_path: Path, say: Call
) -> None:
    out = tmp_path / "text.txt"
    process = start(
        "--microphone", "-", "--fast", "--json", "--style", "raw", "--to", f"file:{out}", *stt
    )  # fmt: skip
    assert process.stdin
    await_event(process, "take_began")
    process.stdin.write(to_int16(sound(0.2, BREAD, 1.0).samples))
    process.stdin.flush()
    await_event(process, "final_transcript")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (take,) = takes()
    assert take.state == "recorded"
    found = aloud("dictate", "--fast", *say(1.0), *stt)
    assert f"Take {take.id} (0:0" in found.err
    assert f"aloud dictate --retry {take.id}" in found.err
    for _ in range(2):
        assert aloud("dictate", "--retry", *stt, "--quiet").status == 0
    assert out.read_text("utf-8") == f"{BREAD}\n"
