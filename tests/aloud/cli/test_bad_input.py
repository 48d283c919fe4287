"""Bad input: one clear sentence, the right exit status, nothing lost, and no traceback. Each is a test."""

from __future__ import annotations

import json
import math
import os
import subprocess
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from tests.program import Program
from tests.serving import Answering, serving
from voice.audio.input.audio_file import read_recording
from voice.audio.samples import concatenate, silence, write_wav

Call = Callable[..., Any]

ALWAYS_THERE = ("--stt", "pocketsphinx", "--tts", "espeak:en-us", "--llm", "skills")


def is_one_sentence(text: str) -> bool:
    return text.startswith("aloud: ") and len(text.strip().splitlines()) == 1 and "Traceback" not in text


def write(path: Path, samples: np.ndarray[Any, Any], rate: int, width: int = 2, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(samples.tobytes())
    return path


def speech(recordings: Path) -> np.ndarray[Any, Any]:
    with wave.open(str(recordings / "question_timer.wav")) as recording:
        return np.frombuffer(recording.readframes(recording.getnframes()), np.int16)


@pytest.mark.parametrize("case", ["missing", "empty", "folder", "text", "picture", "header only"])
def test_a_recording_that_is_none(aloud: Call, recordings: Path, tmp_path: Path, case: str) -> None:
    path = tmp_path / "recording.wav"
    if case == "empty":
        path.touch()
    elif case == "folder":
        path.mkdir()
    elif case == "text":
        path.write_text("This is no recording.\n" * 50)
    elif case == "picture":
        Image.new("RGB", (50, 50), "red").save(path, "PNG")
    elif case == "header only":
        path.write_bytes((recordings / "question_timer.wav").read_bytes()[:20])
    for command in (
        ("talk", "--microphone", str(path), "--speaker", "none", "--fast"),
        ("transcribe", str(path)),
    ):
        outcome = aloud(*command, "--stt", "pocketsphinx")
        assert outcome.status == 3, (command, outcome)
        assert is_one_sentence(outcome.err), outcome.err
        assert "recording.wav" in outcome.err


@pytest.mark.parametrize(
    "case", ["truncated", "8-bit", "96 kHz", "6 channels", "opposite phase", "offset", "float", "ogg"]
)
def test_a_recording_of_another_kind_is_heard(
    aloud: Call, recordings: Path, models: Path, tmp_path: Path, case: str
) -> None:
    sound = speech(recordings)
    path = tmp_path / ("recording.ogg" if case == "ogg" else "recording.wav")
    if case == "truncated":
        whole = (recordings / "question_timer.wav").read_bytes()
        path.write_bytes(whole[: len(whole) - len(whole) // 4])
    elif case == "8-bit":
        write(path, (sound / 256 + 128).round().astype(np.uint8), 16_000, width=1)
    elif case == "96 kHz":
        write(path, np.repeat(sound, 6), 96_000)
    elif case == "6 channels":
        write(path, np.repeat(sound[:, None], 6, axis=1), 16_000, channels=6)
    elif case == "opposite phase":
        write(path, np.stack([sound, -sound], axis=1), 16_000, channels=2)
    elif case == "offset":
        write(path, (sound // 2 + 10_000).astype(np.int16), 16_000)
    else:
        encode(path, sound, "pcm_f32le" if case == "float" else "libopus")
    outcome = aloud("transcribe", str(path), "--stt", f"whisper:{models / 'whisper-micro'}", "--quiet")
    assert outcome.status == 0, outcome.err
    assert "five minutes" in outcome.out.lower()


@pytest.mark.parametrize("name", ["auto", "headset", "http://127.0.0.1:9/a"])
def test_what_is_transcribed_is_a_file_and_no_microphone(
    aloud: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = aloud("transcribe", name, "--stt", "pocketsphinx")
    assert (outcome.status, outcome.out) == (3, "")
    assert is_one_sentence(outcome.err)
    assert "There is no file" in outcome.err


def test_a_wav_on_standard_input_is_heard_as_its_header_says(
    aloud_process: Call, recordings: Path, models: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.wav", np.repeat(speech(recordings), 6).reshape(-1, 2), 48_000, channels=2)
    stt = ("--stt", f"whisper:{models / 'whisper-micro'}", "--quiet")
    outcome = aloud_process("transcribe", "-", *stt, stdin=path.read_bytes())
    assert (outcome.status, outcome.err) == (0, "")
    assert "five minutes" in outcome.out.lower()
    for nothing in (b"fLaC" + bytes(9_000), b""):
        outcome = aloud_process("transcribe", "-", *stt, stdin=nothing)
        assert (outcome.status, outcome.out) == (3, "")
        assert is_one_sentence(outcome.err)
    assert "There is no sound on standard input." in outcome.err
    outcome = aloud_process("transcribe", "-", str(path), *stt, stdin=b"")
    assert outcome.status == 6
    assert "five minutes" in outcome.out.lower()


def test_an_answer_is_not_written_into_a_pipe_that_nobody_reads(aloud: Call, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "answer.wav")
    outcome = aloud("say", "Hello.", "--speaker", str(tmp_path / "answer.wav"), "--tts", "espeak:en-us")
    assert outcome.status == 2
    assert is_one_sentence(outcome.err)
    assert "is no file" in outcome.err


def encode(path: Path, sound: np.ndarray[Any, Any], codec: str) -> None:
    with av.open(str(path), "w") as out:
        rate = 48_000 if codec == "libopus" else 16_000
        stream = out.add_stream(codec, rate=rate, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(sound[None, :], format="s16", layout="mono")
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=rate)
        for resampled in resampler.resample(frame) + resampler.resample(None):
            out.mux(stream.encode(resampled))
        out.mux(stream.encode(None))


def test_a_silent_recording_is_no_turn(aloud: Call, tmp_path: Path) -> None:
    path = write(tmp_path / "silent.wav", np.zeros(16_000 * 5, np.int16), 16_000)
    outcome = aloud("talk", "--microphone", str(path), "--speaker", "none", "--json", "--fast", *ALWAYS_THERE)
    assert outcome.status == 0
    assert [event["event"] for event in outcome.events] == ["ready"]


def test_a_long_recording_is_heard_whole_and_takes_no_more_memory_than_a_short_one(
    recordings: Path, models: Path, tmp_path: Path
) -> None:
    """Its samples alone would be 8 MB more, as whole numbers."""
    question, stt = speech(recordings).tobytes(), f"whisper:{models / 'whisper-micro'}"
    long = write_quiet(tmp_path / "long.wav", 1.5, question)
    (starts, first), (_, second) = transcribed(long, stt), transcribed(long, stt)
    most_of_long = min(first, second)  # what is not collected yet counts by chance, up to 4 MB
    assert [math.floor(start / 90) for start in starts] == [1, 2, 3]
    starts, most_of_short = transcribed(write_quiet(tmp_path / "short.wav", 1 / 12, question), stt)
    assert len(starts) == 3
    assert most_of_long - most_of_short < 4_000_000


def write_quiet(path: Path, minutes: float, then: bytes) -> Path:
    """Three times so many minutes of silence, and what comes then."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        for _ in range(3):
            out.writeframesraw(bytes(round(16_000 * 2 * 60 * minutes)) + then)
    return path


def transcribed(path: Path, stt: str) -> tuple[list[float], int]:
    """Where each sentence begins, in seconds; and the most memory that was held, in bytes."""
    command = ("transcribe", str(path), "--stt", stt, "--format", "json")
    with Program(*command, stdout=subprocess.PIPE) as running:
        assert running.stdout
        said = [json.loads(line) for line in running.stdout]
    assert (running.returncode, running.most_kb > 0) == (0, True)
    return [each["start"] for each in said], running.most_kb * 1024


@pytest.mark.parametrize("case", ["missing", "empty", "corrupt", "folder", "huge"])
def test_a_picture_that_cannot_be_used(aloud: Call, recordings: Path, tmp_path: Path, case: str) -> None:
    path = tmp_path / "picture.png"
    if case == "empty":
        path.touch()
    elif case == "corrupt":
        whole = (recordings / "sign.png").read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif case == "folder":
        path.mkdir()
    elif case == "huge":
        Image.new("1", (20_000, 10_000)).save(path)
    outcome = aloud("describe", str(path), "--speaker", "none", "--llm", "skills")
    assert outcome.status == 3, outcome
    assert is_one_sentence(outcome.err), outcome.err
    assert "picture.png" in outcome.err


def test_a_text_that_is_called_a_picture_is_told_as_what_it_is(aloud: Call, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_text("This is no picture.\n")
    outcome = aloud("describe", str(tmp_path / "picture.png"), "--speaker", "none", "--llm", "skills")
    assert outcome.status == 0, outcome
    assert outcome.out == "picture.png is a text, 4 words. It begins: This is no picture.\n"


@pytest.mark.parametrize("case", ["1 pixel", "CMYK", "16 bit", "animated", "mislabelled"])
def test_a_picture_of_another_kind_is_described(aloud: Call, tmp_path: Path, case: str) -> None:
    path = tmp_path / "picture.png"
    if case == "1 pixel":
        Image.new("RGB", (1, 1), "red").save(path)
    elif case == "CMYK":
        path = tmp_path / "picture.jpg"
        Image.new("CMYK", (300, 200), (0, 255, 255, 0)).save(path)
    elif case == "16 bit":
        Image.fromarray(np.full((200, 300), 40_000, np.uint16)).save(path)
    elif case == "animated":
        path = tmp_path / "picture.gif"
        frames = [Image.new("RGB", (300, 200), color) for color in ("red", "green", "blue")]
        frames[0].save(path, save_all=True, append_images=frames[1:])
    else:
        Image.new("RGB", (300, 200), "red").save(path, "JPEG")
    outcome = aloud("describe", str(path), "--speaker", "none", "--llm", "skills")
    assert outcome.status == 0, outcome.err
    colour = {"16 bit": "gr"}.get(case, "red")
    assert colour in outcome.out.lower(), outcome.out


def test_no_question_no_text_no_such_engine(aloud: Call) -> None:
    for arguments in (("ask", ""), ("say", " "), ("ask", "hello", "--llm", "nonsense:x")):
        outcome = aloud(*arguments)
        assert outcome.status == 2, (arguments, outcome)
        assert is_one_sentence(outcome.err), outcome.err


def test_a_model_that_is_not_here_is_named_with_the_command_that_fetches_it(aloud: Call) -> None:
    for option, spec, name in (
        ("--stt", "whisper:base.en", "base.en"),
        ("--tts", "piper:en_US-amy-medium", "en_US-amy-medium"),
    ):
        outcome = aloud("talk", "--microphone", "-", "--speaker", "none", option, spec)
        assert outcome.status == 4, outcome
        assert f"aloud models get {name}" in outcome.err


def test_an_absent_model_server(aloud: Call, free_port: int) -> None:
    outcome = aloud("ask", "Why is the sky blue?", "--llm", f"http://127.0.0.1:{free_port}/v1#model")
    assert outcome.status == 4, outcome
    assert is_one_sentence(outcome.err), outcome.err


def test_offline_refuses_a_mind_elsewhere(aloud: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    outcome = aloud("ask", "hello", "--llm", "openai:gpt-4o", "--offline")
    assert outcome.status == 5, outcome
    assert is_one_sentence(outcome.err)
    assert "sk-secret" not in outcome.err


def test_a_speaker_file_that_cannot_be_written(aloud: Call, tmp_path: Path) -> None:
    outcome = aloud("say", "Hello.", "--speaker", str(tmp_path / "nowhere" / "out.wav"), "--tts", "espeak")
    assert outcome.status in (2, 4), outcome
    assert is_one_sentence(outcome.err), outcome.err


class Misbehaving(Answering):
    """A model server that begins well and ends as its path says: ``/cut/v1``."""

    protocol_version = "HTTP/1.1"
    closing = threading.Event()

    def get(self) -> None:
        self.answer(200, b'{"object": "list", "data": [{"id": "model"}]}')

    def post(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.close_connection = True
        way = self.path.split("/")[1]
        self.send_response(500 if way == "error" else 200)
        self.send_header("Content-Type", "text/html" if way == "rubbish" else "text/event-stream")
        self.end_headers()
        if way == "slow":
            self.closing.wait(5)
        elif way == "rubbish":
            self.wfile.write(b"<html><body>Welcome to nginx!</body></html>")
        elif way == "error":
            self.wfile.write(b'{"error": {"message": "out of memory"}}')
        else:
            for word in ("The sky is", " blue because the"):
                piece = {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}
                self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())


@pytest.fixture
def misbehaving() -> Iterator[str]:
    Misbehaving.closing.clear()
    with serving(Misbehaving, at_end=Misbehaving.closing.set) as url:
        yield url


@pytest.mark.parametrize("way", ["slow", "cut", "rubbish", "error"])
def test_a_model_server_that_misbehaves(
    aloud: Call, misbehaving: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("ALOUD_LLM__TIMEOUT_S", "0.5")
    outcome = aloud("ask", "Why is the sky blue?", "--llm", f"{misbehaving}/{way}/v1#model")
    assert outcome.status == 4, outcome
    assert is_one_sentence(outcome.err), outcome.err
    # What had come is shown, and nothing that had not.
    assert outcome.out.strip() == ("The sky is blue because the" if way == "cut" else "")


def test_a_model_server_that_dies_is_told_aloud_and_the_talk_goes_on(
    aloud: Call, misbehaving: str, recordings: Path, models: Path, tmp_path: Path
) -> None:
    sound = read_recording(recordings / "question_capital_slt.wav")
    path = tmp_path / "twice.wav"
    write_wav(path, concatenate([sound, silence(8.0, 16_000), sound]))
    outcome = aloud(
        "talk", "--microphone", str(path), "--speaker", "none", "--json", "--fast",
        "--stt", f"whisper:{models / 'whisper-micro'}", "--tts", "espeak:en-us",
        "--llm", f"{misbehaving}/cut/v1#model",
    )  # fmt: skip
    assert outcome.status == 0, outcome.err
    assert [failed["turn"] for failed in outcome.of("failed")] == [0, 1]
    assert [spoke["heard"] for spoke in outcome.of("spoke")] == ["The sky is blue because the"] * 2
    assert not any(spoke["complete"] for spoke in outcome.of("spoke"))
