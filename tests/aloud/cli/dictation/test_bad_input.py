"""What can go wrong while one dictates: a clear sentence, and nothing lost. Each is a test."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.settings.paths import state_dir
from pipeline.dictation.store import Takes
from pipeline.dictation.wav_file import length_s
from pipeline.session.dictation.toggle import listening
from tests.aloud.dictated import BREAD, process, takes
from tests.spoken import sound
from voice.audio.samples import HEARING_RATE, to_int16, write_wav

Call = Callable[..., Any]

GREETING = "Grüße aus Łódź – 你好 🙂"


@pytest.fixture
def stt(models: Path) -> tuple[str, ...]:
    engines = ("--stt", f"whisper:{models / 'whisper-micro'}", "--llm", "skills")
    return (*engines, "--language", "en", "--style", "raw")


@pytest.fixture
def said(tmp_path: Path) -> Call:
    def make(times: int = 1, name: str = "said.wav") -> tuple[str, str]:
        write_wav(tmp_path / name, sound(0.3, *(BREAD, 1.0) * times))
        return ("--microphone", str(tmp_path / name))

    return make


def test_a_disk_that_fills_up_keeps_and_delivers_what_was_recorded(stt: tuple[str, ...], said: Call) -> None:
    most = 200_000
    running = process("dictate", "--fast", *said(3), *stt, most_bytes=most)
    out, errors = running.communicate()
    assert out.decode().startswith(f"{BREAD} "), errors.decode()
    assert (
        "The disk is full: what was said after 0:06 was not recorded. The 0:06 before it are kept."
        in errors.decode()
    )
    assert "Traceback" not in errors.decode()
    assert takes()[0].state == "delivered"


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A real one of 1.6 MB, which holds Aloud's folder; 1 MB of it a recording leaves free."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1600k", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    monkeypatch.setenv("ALOUD_HOME", str(disk))
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_real_disk_that_fills_up_delivers_what_was_recorded(
    aloud: Call, stt: tuple[str, ...], said: Call, small_disk: Path
) -> None:
    outcome = aloud("dictate", "--fast", *said(6), *stt)
    sentences = outcome.out.count(BREAD)
    assert (outcome.status, outcome.out) == (6, " ".join([BREAD] * sentences) + "\n"), outcome.err
    assert 3 <= sentences < 6
    (told,) = outcome.err.splitlines()
    full = r"The disk is full: what was said after 0:(\d\d) was not recorded\. The 0:\1 before it are kept\."
    assert re.fullmatch(f"aloud: {full}", told)
    assert [take.state for take in takes()] == ["delivered"]
    assert not list((small_disk / "state" / "takes").iterdir())


def test_a_disk_that_is_full_already_is_no_success(
    aloud: Call, stt: tuple[str, ...], said: Call, small_disk: Path
) -> None:
    (small_disk / "other").write_bytes(bytes(1_000_000))
    outcome = aloud("dictate", "--fast", *said(), *stt)
    assert (outcome.status, outcome.out) == (6, "")
    first = outcome.err.splitlines()[0]
    assert first == "aloud: The disk is full: nothing can be recorded. Make room on it, then dictate again."
    (take,) = takes()
    assert (take.state, take.reason) == ("failed", "Nothing could be recorded.")
    (small_disk / "other").unlink()
    again = aloud("dictate", "--fast", *said(), *stt)  # nothing of that take is there to be taken up
    assert (again.status, again.out, again.err) == (0, f"{BREAD}\n", "")


def test_a_real_disk_that_something_else_fills_delivers_what_it_has(
    aloud: Call, stt: tuple[str, ...], small_disk: Path
) -> None:
    """To the last byte: not even the account can be written."""
    running = process("dictate", "--microphone", "-", "--fast", "--json", *stt)
    assert running.stdin
    assert running.stdout
    next(line for line in running.stdout if b"take_began" in line)
    running.stdin.write(to_int16(sound(0.3, BREAD, 1.0).samples))
    running.stdin.flush()
    next(line for line in running.stdout if b'"wrote"' in line)
    with contextlib.suppress(OSError), (small_disk / "other").open("wb", buffering=0) as other:
        while True:
            other.write(bytes(4096))
    out, errors = running.communicate(to_int16(sound(BREAD, 2.0).samples))
    told = errors.decode().splitlines()
    (delivered,) = [json.loads(line) for line in out.splitlines() if b'"delivery"' in line]
    assert (running.returncode, delivered["text"]) == (6, BREAD), told
    assert "The disk is full: what was said after 0:0" in told[0]
    assert "database or disk is full. Nothing in it was changed. What you dictate goes where" in told[1]
    assert len(told) == 2
    (small_disk / "other").unlink()
    again = aloud("dictate", "--retry", *stt, "--quiet")
    assert (again.status, again.out) == (0, f"{BREAD}\n"), again.err


def test_a_disk_without_room_for_the_account_is_a_sentence(stt: tuple[str, ...], said: Call) -> None:
    running = process("dictate", "--fast", *said(), *stt, most_bytes=2_000)
    out, errors = running.communicate()
    account, full, *_ = errors.decode().splitlines()
    assert (running.returncode, out) == (6, b"")
    assert "cannot be used" in account
    assert "The disk is full: what was said after 0:00 was not recorded." in full


@pytest.mark.parametrize(("target", "why"), [("/dev/full", "the disk is full"), ("/proc/version", "")])
def test_a_target_that_takes_nothing_fails_the_take_which_is_kept(
    aloud: Call, stt: tuple[str, ...], said: Call, target: str, why: str
) -> None:
    """A full one and a read-only one; then the text goes elsewhere."""
    outcome = aloud("dictate", "--fast", *said(), *stt, "--to", f"file:{target}")
    assert (outcome.status, outcome.out) == (4, "")
    assert why in outcome.err
    assert "Take 1 is kept. Once more: aloud dictate --retry 1" in outcome.err
    (take,) = takes()
    assert (take.state, take.text) == ("failed", BREAD)
    again = aloud("dictate", "--retry", "1", "--to", "stdout", *stt)
    assert (again.status, again.out) == (0, f"{BREAD}\n")
    assert takes()[0].state == "delivered"


def test_a_target_that_is_deleted_meanwhile(stt: tuple[str, ...], aloud: Call, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    spec = f"file:{folder / 'today.md'}"
    running = process("dictate", "--microphone", "-", "--fast", "--json", *stt, "--to", spec)
    assert running.stdin
    assert running.stdout
    next(line for line in running.stdout if b"take_began" in line)
    shutil.rmtree(folder)
    _, errors = running.communicate(to_int16(sound(BREAD).samples))
    assert running.returncode == 4
    assert "today.md" in errors.decode()
    assert "Take 1 is kept." in errors.decode()
    folder.mkdir()
    for _ in range(2):
        assert aloud("dictate", "--retry", "--quiet", *stt).status == 0
    assert (folder / "today.md").read_text("utf-8") == f"{BREAD}\n"


def test_two_dictations_at_once_are_both_delivered(stt: tuple[str, ...], said: Call, tmp_path: Path) -> None:
    out = tmp_path / "both.txt"
    running = [
        process("dictate", "--fast", *said(n + 1, f"{n}.wav"), *stt, "--to", f"file:{out}") for n in range(2)
    ]
    for each in running:
        _, errors = each.communicate()
        assert each.returncode == 0, errors.decode()
    assert sorted(out.read_text("utf-8").splitlines()) == [BREAD, f"{BREAD} {BREAD}"]
    assert [take.state for take in takes()] == ["delivered"] * 2


def test_a_second_one_at_the_microphone_is_told_how_the_first_ends(aloud: Call, stt: tuple[str, ...]) -> None:
    with listening() as mark:
        assert mark
        outcome = aloud("dictate", "--microphone", "0", *stt)
    assert outcome.status == 2
    assert "A dictation is listening already. End its take first: aloud dictate --toggle" in outcome.err


def test_no_word_is_lost_to_a_locale() -> None:
    with Takes() as account:
        take = account.begin("raw", ["stdout"], "en", "whisper:tiny")
        account.change(take.id, "failed", raw=GREETING, commanded=GREETING, final=GREETING, reason="“Full.”")
    ascii_only: dict[str, Any] = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    shown, _ = process("history", "show", "1", **ascii_only).communicate()
    assert GREETING in shown.decode("utf-8")
    retried = process("dictate", "--retry", "--stt", "pocketsphinx", "--llm", "skills", **ascii_only)
    out, errors = retried.communicate()
    assert (retried.returncode, out.decode("utf-8")) == (0, f"{GREETING}\n"), errors


def test_minutes_of_silence_are_no_text_and_are_kept(
    aloud: Call, stt: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, HEARING_RATE, 0, "NONE", ""))
        file.writeframes(np.zeros(160 * HEARING_RATE, "<i2").tobytes())
    outcome = aloud("dictate", "--fast", "--microphone", str(path), *stt)
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "aloud: Nothing was said.\n")
    (take,) = takes()
    assert take.state == "cancelled"
    assert length_s(state_dir() / "takes" / take.sound) == 160


def test_wrong_usage_is_told_before_anybody_speaks(aloud: Call, stt: tuple[str, ...], said: Call) -> None:
    for wrong, words in (
        (("--style", "shouting"), "There is no style called “shouting”"),
        (("--to", "nowhere"), "“nowhere” is nothing a text can be delivered to"),
        (("--vocabulary", "/absent.txt"), "There is no vocabulary file /absent.txt"),
        (("--push-to-talk",), "Push-to-talk needs a keyboard"),
        (("--retry", "7"), "There is no take 7"),
    ):
        outcome = aloud("dictate", "--fast", *said(), *stt, *wrong)
        assert outcome.status == 2, (wrong, outcome)
        assert words in outcome.err
    assert takes() == []
