"""What was not recorded, delivered or rewritten is exit status 6, with all the rest done; and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.exit import done_in_part
from tests.aloud.cli.dictation.test_dictate import await_event
from tests.aloud.dictated import BREAD, PLANTS, takes
from tests.program import Program
from tests.serving import Model, model_server

Call = Callable[..., Any]
NO_LLM = ("--llm", "skills")


@pytest.fixture
def stt(models: Path) -> tuple[str, ...]:
    return ("--stt", f"whisper:{models / 'whisper-micro'}", "--language", "en")


@pytest.mark.parametrize(
    ("each", "status"),
    [
        ((), 0),
        ((0,), 0),
        ((0, 0), 0),
        ((3,), 3),
        ((4, 3), 3),
        ((0, 3), 6),
        ((6,), 6),
        ((6, 4), 6),
        ((0, 6), 6),
    ],
)
def test_one_status_for_several_things(each: tuple[int, ...], status: int) -> None:
    assert done_in_part(each) == status


# Dictation ---------------------------------------------------------------------------------------


def test_a_style_that_was_asked_for_and_no_model(aloud: Call, say: Call, stt: tuple[str, ...]) -> None:
    asked = ("dictate", "--fast", "--quiet", *say(BREAD), *stt, *NO_LLM)
    assert (aloud(*asked).status, aloud(*asked, "--style", "raw").status) == (0, 0)
    outcome = aloud(*asked, "--style", "email")
    assert (outcome.status, outcome.out) == (6, f"{BREAD}\n")


def test_a_named_model_out_of_reach(aloud: Call, say: Call, stt: tuple[str, ...], free_port: int) -> None:
    gone = f"http://127.0.0.1:{free_port}/v1#gone"
    outcome = aloud("dictate", "--fast", "--quiet", *say(BREAD), *stt, "--llm", gone)
    assert (outcome.status, outcome.out) == (6, f"{BREAD}\n")
    assert "The text is tidied by rules." in outcome.err


def test_what_was_not_translated_is_not_delivered_and_kept(
    aloud: Call, say: Call, stt: tuple[str, ...]
) -> None:
    asked = ("dictate", "--fast", *say(BREAD), *stt, "--style", "translate:de")
    outcome = aloud(*asked, *NO_LLM)
    assert (outcome.status, outcome.out) == (4, "")
    kept = "Take 1 is kept. Once more: aloud dictate --retry 1"
    assert outcome.err == f"aloud: It was not translated. No model is connected. {kept}\n"
    german = "Können Sie den Weg zum Bahnhof zeigen?"
    with model_server(lambda said: german) as llm:
        again = aloud("dictate", "--retry", "1", "--quiet", *stt, "--llm", llm.spec)
    assert (again.status, again.out, again.err) == (0, f"{german}\n", "")


def test_a_target_that_fails_keeps_it_from_no_other(
    aloud: Call, say: Call, stt: tuple[str, ...], tmp_path: Path
) -> None:
    good, missing = tmp_path / "good.txt", tmp_path / "folder" / "text.txt"
    targets = ("--to", f"file:{missing}", "--to", f"file:{good}", "--to", "stdout")
    missing.parent.mkdir()
    command = ["dictate", "--fast", "--microphone", "-", "--json", *stt]
    with Program(
        *command, *NO_LLM, *targets, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        await_event(process, "take_began")
        missing.parent.rmdir()
        from tests.spoken import sound
        from voice.audio.samples import to_int16

        out, err = process.communicate(to_int16(sound(BREAD).samples))
    assert process.returncode == 6
    assert b'"target": "stdout"' in out
    assert "text.txt" in err.decode()
    assert "Take 1 is kept. Once more: aloud dictate --retry 1" in err.decode()
    assert good.read_text("utf-8") == f"{BREAD}\n"
    assert takes()[0].state == "failed"
    missing.parent.mkdir()
    again = aloud("dictate", "--retry", "--quiet", *stt, *NO_LLM)
    assert (again.status, again.out) == (0, "")
    assert (good.read_text("utf-8"), missing.read_text("utf-8")) == (f"{BREAD}\n", f"{BREAD}\n")


# Several files -----------------------------------------------------------------------------------


def test_a_recording_that_cannot_be_used_keeps_none_from_being_heard(
    aloud: Call, say: Call, stt: tuple[str, ...], tmp_path: Path
) -> None:
    _, path = say(PLANTS)
    asked = ("transcribe", "--quiet", *stt)
    outcome = aloud(*asked, str(tmp_path / "absent.wav"), path)
    assert (outcome.status, outcome.out) == (6, f"{PLANTS}\n")
    assert outcome.err.startswith(f"aloud: There is no file {tmp_path / 'absent.wav'}.")
    assert len(outcome.err.splitlines()) == 1
    assert aloud(*asked, str(tmp_path / "absent.wav"), str(tmp_path / "other.wav")).status == 3
    assert aloud(*asked, path, path).status == 0


def test_a_picture_that_cannot_be_used_leaves_its_line_empty(
    aloud: Call, recordings: Path, tmp_path: Path
) -> None:
    sign, absent = str(recordings / "sign.png"), str(tmp_path / "absent.png")
    outcome = aloud("describe", "--alt", absent, sign, "--speaker", "none", *NO_LLM)
    assert outcome.status == 6
    empty, described = outcome.out.splitlines()
    assert (empty, "EMERGENCY" in described.upper()) == ("", True)
    assert "absent.png" in outcome.err
    outcome = aloud("describe", "--alt", "--json", absent, sign, "--speaker", "none", *NO_LLM)
    assert [event["source"] for event in outcome.events] == ["sign.png"]
    assert aloud("describe", "--alt", absent, "--speaker", "none", *NO_LLM).status == 3


# Interrupted -------------------------------------------------------------------------------------

LONG = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"


def begun(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    return Program(*arguments, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ends_quietly(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    _, errors = process.communicate()
    assert (process.returncode, errors.decode()) == (130, "")


BY_TERM = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
BY_HANGUP = pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
"""The same thing happens for SIGTERM and for SIGHUP: each is sent into half of what may be going on."""


@BY_TERM
def test_in_the_middle_of_an_answer(number: signal.Signals, tmp_path: Path) -> None:
    talk = ("talk", "--typed", "--microphone", "none", "--speaker", str(tmp_path / "a.wav"), "--json")
    process = begun(*talk, "--tts", "espeak:en-us", *NO_LLM, stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(b"what can you do\n")
    process.stdin.flush()
    await_event(process, "speaking")
    ends_quietly(process, number)


@BY_HANGUP
def test_in_the_middle_of_speaking(number: signal.Signals, tmp_path: Path) -> None:
    spoken = tmp_path / "a.wav"
    process = begun("say", "--speaker", str(spoken), "--tts", "espeak:en-us", LONG)
    while not spoken.exists() or spoken.stat().st_size < 20_000:
        time.sleep(0.02)
    ends_quietly(process, number)


@BY_TERM
def test_while_a_mind_writes(number: signal.Signals) -> None:
    let_go = threading.Event()
    with model_server(lambda asked: str(let_go.wait(30))) as llm:
        process = begun("ask", "--llm", llm.spec, "what is the capital of France")
        while not llm.chats:
            time.sleep(0.02)
        ends_quietly(process, number)
        let_go.set()


@BY_HANGUP
def test_while_a_mind_rewrites(number: signal.Signals) -> None:
    let_go = threading.Event()
    with model_server(lambda asked: str(let_go.wait(30))) as llm:
        process = begun("rewrite", "--llm", llm.spec, stdin=subprocess.PIPE)
        assert process.stdin
        process.stdin.write(b"please rewrite all of this as well as you can")
        process.stdin.close()
        process.stdin = None
        while not llm.chats:
            time.sleep(0.02)
        ends_quietly(process, number)
        let_go.set()


@BY_HANGUP
def test_while_it_listens(number: signal.Signals, stt: tuple[str, ...]) -> None:
    process = begun(
        "talk", "--microphone", "-", "--speaker", "none", "--json", *stt, *NO_LLM, stdin=subprocess.PIPE
    )
    await_event(process, "ready")
    ends_quietly(process, number)


def test_a_program_in_the_background_that_may_ignore_ctrl_c_is_ended_all_the_same(tmp_path: Path) -> None:
    """As shells start them: SIGINT is ignored."""
    let_go = threading.Event()
    with model_server(lambda asked: str(let_go.wait(30))) as llm:
        process = asked_of(llm, ignoring=signal.SIGINT)
        ends_quietly(process, signal.SIGTERM)
        let_go.set()


def test_nohup_is_heeded(tmp_path: Path) -> None:
    let_go = threading.Event()
    with model_server(lambda asked: "Paris." if let_go.wait(30) else "") as llm:
        process = asked_of(llm, ignoring=signal.SIGHUP)
        os.kill(process.pid, signal.SIGHUP)
        let_go.set()
        out, _ = process.communicate()
    assert (process.returncode, out) == (0, b"Paris.\n")


def asked_of(llm: Model, *, ignoring: signal.Signals) -> subprocess.Popen[bytes]:
    """A process that waits for its answer."""
    before = signal.signal(ignoring, signal.SIG_IGN)
    try:
        process = begun("ask", "--speaker", "none", "--llm", llm.spec, "what is the capital of France")
    finally:
        signal.signal(ignoring, before)
    while not llm.chats:
        time.sleep(0.02)
    return process


def test_who_is_interrupted_with_words_unwritten_and_nobody_to_read_them_says_so() -> None:
    """The terminal has gone: Python's own last try to write made 120 of it."""
    script = "import sys; from aloud.cli.exit import leave; sys.stdout.write('words'); leave(130)"
    read, write = os.pipe()
    os.close(read)
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=write, stderr=subprocess.PIPE, env=buffered) as left:
        os.close(write)
        assert left.stderr is not None
        assert (left.stderr.read(), left.wait()) == (b"", 130)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 130), (signal.SIGHUP, 6), (signal.SIGINT, 6)]
)
def test_asked_to_end_once_more_while_python_ends_its_status_stays(
    number: signal.Signals, status: int
) -> None:
    late = f"""
import os
from aloud.cli.exit import heed_signals, leave
class Late:
    def __del__(self, kill=os.kill, me=os.getpid()):
        kill(me, {int(number)})
late = Late()
heed_signals()
leave({status})
"""
    done = subprocess.run([sys.executable, "-c", late], check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (status, b"")
